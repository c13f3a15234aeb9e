import assert from "node:assert/strict";
import test from "node:test";
import { deliver } from "./replay.js";

const problem = (status, code = "") => Object.assign(new Error(code), { status, code });

/** A server that answers one after the other; what it is told is noted. */
function server(...answers) {
  const told = [];
  const next = (...said) => {
    told.push(said);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { told, post: async (path, said) => next(path, said), claim: async (wish) => next("claim", wish) };
}

const entry = (verb = "decide") => ({ key: "k", verb, token: "old", said: { n: 1 }, item: { item: "it" } });
const keep = async () => {};

test("what is answered is stored", async () => {
  const { told, ...rest } = server({ quota: 1 });
  assert.deepEqual(await deliver(entry(), rest, keep), { fate: "stored", answer: { quota: 1 } });
  assert.deepEqual(told, [["leases/old/decide/", { n: 1 }]]);
});

test("a silent network is left to whoever tries again", async () => {
  await assert.rejects(deliver(entry(), server(new Error("silent")), keep), /silent/);
});

test("a late decision goes under a new lease of the same item, which is written down first", async () => {
  const late = entry();
  const kept = [];
  const answers = server(problem(409, "lease_lost"), { item: { item: "it", token: "new" } }, {});
  const outcome = await deliver(late, answers, async ({ token }) => void kept.push([token, answers.told.length]));
  assert.equal(outcome.fate, "stored");
  assert.deepEqual(kept, [["new", 2]]);
  assert.deepEqual(answers.told.map(([path]) => path), ["leases/old/decide/", "claim", "leases/new/decide/"]);
});

test("one that is lost under its new lease too was not needed", async () => {
  const answers = server(problem(409, "lease_lost"), { item: { item: "it", token: "new" } }, problem(409, "lease_lost"));
  assert.equal((await deliver(entry(), answers, keep)).fate, "taken");
});

for (const [reason, fate] of [["taken", "taken"], ["quota_reached", "kept"], ["paused", "kept"]]) {
  test(`an item that cannot be had again (${reason}) is ${fate}`, async () => {
    const answers = server(problem(409, "lease_lost"), { item: null, reason });
    assert.equal((await deliver(entry(), answers, keep)).fate, fate);
  });
}

test("another item than the one that was asked for is not decided on", async () => {
  const answers = server(problem(409, "lease_lost"), { item: { item: "other", token: "new" } });
  assert.equal((await deliver(entry(), answers, keep)).fate, "taken");
  assert.equal(answers.told.length, 2);
});

for (const [verb, status, code, fate] of [
  ["decide", 409, "key_reused", "stored"],
  ["decide", 409, "item_withdrawn", "refused"],
  ["decide", 400, "codes", "refused"],
  ["decide", 403, "permission_denied", "kept"],
  ["skip", 409, "lease_lost", "stored"],
  ["snooze", 409, "item_withdrawn", "stored"],
  ["skip", 403, "permission_denied", "kept"],
]) {
  test(`${verb} refused with ${status} ${code} is ${fate}`, async () => {
    assert.equal((await deliver(entry(verb), server(problem(status, code)), keep)).fate, fate);
  });
}
