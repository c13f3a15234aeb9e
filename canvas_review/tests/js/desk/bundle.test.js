import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Bundle } from "#js/desk/bundle.js";

const HANDLES = ["a", "b", "c"];
const CODES = [{ key: "halo", axis: "product" }];
const bundleOf = () => new Bundle({ codes: CODES, candidates: HANDLES.map((handle) => ({ handle })) });
const verdicts = (bundle) => bundle.decision(0).verdicts.map(({ approved }) => approved);

describe("marks", () => {
  it("go on to the next candidate that has none, around the end", () => {
    const bundle = bundleOf();
    bundle.pick(1);
    bundle.approve();
    assert.equal(bundle.index, 2);
    bundle.approve();
    assert.equal(bundle.index, 0);
    assert.equal(bundle.complete, false);
    bundle.approve();
    assert.equal(bundle.complete, true);
  });

  it("refuse a reject that names no defect", () => {
    const bundle = bundleOf();
    assert.equal(bundle.reject(), false);
    bundle.toggleCode("halo");
    assert.equal(bundle.reject(), true);
    assert.deepEqual(bundle.decision(0).verdicts[0], {
      candidate: "a", approved: false, codes: ["halo"], comment: "", marks: [], product_right: null, scene_right: null,
    });
  });

  it("drop the defects of what is approved after all", () => {
    const bundle = bundleOf();
    bundle.toggleCode("halo");
    bundle.approve();
    assert.deepEqual(bundle.decision(0).verdicts[0].codes, []);
  });
});

describe("the best", () => {
  it("is approved, and only one", () => {
    const bundle = bundleOf();
    bundle.markBest();
    bundle.pick(2);
    bundle.markBest();
    assert.equal(bundle.decision(0).best, "c");
    assert.deepEqual(verdicts(bundle), [true, false, true]);
  });

  it("is nobody once it is rejected", () => {
    const bundle = bundleOf();
    bundle.markBest();
    bundle.toggleCode("halo");
    assert.equal(bundle.decision(0).best, null);
  });
});

describe("undo", () => {
  it("takes marks back one by one, the last one first", () => {
    const bundle = bundleOf();
    bundle.approve();
    bundle.approve();
    assert.equal(bundle.undo(), true);
    assert.equal(bundle.index, 1);
    assert.deepEqual(verdicts(bundle), [true, false, false]);
    assert.equal(bundle.undo(), true);
    assert.equal(bundle.undo(), false);
  });
});

describe("what is sent", () => {
  it("keeps its key for every try, and has another for every item", () => {
    const bundle = bundleOf();
    assert.equal(bundle.decision(1).idempotency_key, bundle.abstention(2).idempotency_key);
    assert.notEqual(bundle.key, bundleOf().key);
  });

  it("tells the order in which they were shown, and the time", () => {
    const { shown_order, active_ms } = bundleOf().decision(1234);
    assert.deepEqual([shown_order, active_ms], [HANDLES, 1234]);
  });
});
