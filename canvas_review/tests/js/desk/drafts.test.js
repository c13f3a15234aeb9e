import assert from "node:assert/strict";
import test from "node:test";
import { Bundle } from "#js/desk/bundle.js";
import { draftOf, isMarked, remember, restore } from "#js/desk/drafts.js";

const item = (...handles) => ({
  item: "it", codes: [{ key: "hue", axis: "product" }], candidates: handles.map((handle) => ({ handle })),
});

function marked() {
  const bundle = new Bundle(item("a", "b", "c"));
  bundle.markBest();
  bundle.go(1);
  bundle.toggleCode("hue");
  bundle.reject();
  bundle.current.comment = "half done";
  return bundle;
}

test("a draft comes back as it was, also when the images stand in another order", () => {
  const draft = structuredClone(draftOf(marked()));
  const back = restore(new Bundle(item("c", "b", "a")), draft);
  assert.deepEqual(back.marks.map(({ verdict }) => verdict), [null, "reject", "approve"]);
  assert.deepEqual([...back.marks[1].codes], ["hue"]);
  assert.equal(back.current.comment, "half done");
  assert.equal(back.best, 2);
  assert.ok(back.undo());
  assert.equal(back.marks[1].verdict, null);
});

test("a new item is not worth a draft", () => {
  assert.equal(isMarked(new Bundle(item("a"))), false);
  assert.equal(isMarked(marked()), true);
});

test("an axis that is said to be wrong is worth a draft", () => {
  const bundle = new Bundle(item("a"));
  bundle.toggleAxis("scene");
  assert.equal(isMarked(bundle), true);
});

test("what was taken back is shown, and sent once every image is marked again", () => {
  const verdicts = [
    { candidate: "a", approved: true, codes: [], comment: "", marks: [], product_right: true, scene_right: true },
    { candidate: "b", approved: false, codes: ["hue"], comment: "x", marks: [], product_right: false, scene_right: true },
  ];
  const bundle = remember(new Bundle(item("a", "b")), { verdicts, best: "a" });
  assert.deepEqual(bundle.marks.map(({ verdict }) => verdict), ["approve", "reject"]);
  assert.equal(bundle.best, 0);
  assert.ok(bundle.canBeSent);
  assert.equal(bundle.undo(), false); // the next undo takes back the decision before
  bundle.approve();
  assert.equal(bundle.complete, false);
  assert.equal(bundle.index, 1);
  bundle.reject();
  assert.ok(bundle.complete);
});
