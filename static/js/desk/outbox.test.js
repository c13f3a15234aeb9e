import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "./outbox.js";
import { passing } from "./store.js";

const said = (key, verb = "decide") => ({ key, verb, token: `t${key}`, said: {}, item: { item: key }, marks: {} });

test("what one page leaves the next one sends, in order", async () => {
  const store = passing();
  const first = new Outbox(store);
  for (const key of ["c", "a", "b"]) first.add(said(key));
  first.remove("a");
  const left = await new Outbox(store).load();
  assert.deepEqual(left.map(({ key }) => key), ["c", "b"]);
});

test("what is added before the rest was read is not sent twice", async () => {
  const store = passing();
  new Outbox(store).add(said("old"));
  const outbox = new Outbox(store);
  outbox.add(said("new"));
  assert.deepEqual((await outbox.load()).map(({ key }) => key), ["old"]);
  assert.equal(outbox.waiting, 2);
});

test("the last decision can be taken out until it may have been heard", async () => {
  const outbox = new Outbox(passing());
  outbox.add(said("a"));
  const last = outbox.add(said("b"));
  outbox.add(said("c", "skip"));
  assert.equal(outbox.retractable?.key, "b");
  last.isTried = true;
  assert.equal(outbox.retractable, null);
});

test("what an earlier page has left may have been heard", async () => {
  const store = passing();
  new Outbox(store).add(said("a"));
  const outbox = new Outbox(store);
  await outbox.load();
  assert.equal(outbox.retractable, null);
});

test("an unsent item goes by the lease under which it is sent", async () => {
  const outbox = new Outbox(passing());
  outbox.add(said("a")).token = "new";
  assert.deepEqual(outbox.items, [{ item: "a", token: "new" }]);
});

test("a store that fails costs nothing while the page is open", async () => {
  const broken = { ...passing(), put: () => Promise.reject(new Error("full")), all: () => Promise.reject(new Error()) };
  const outbox = new Outbox(broken);
  await outbox.load();
  outbox.add(said("a"));
  assert.ok(outbox.has("a"));
});
