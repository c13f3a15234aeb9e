import assert from "node:assert/strict";
import { test } from "node:test";
import { boxBetween, isBox, isInside, middleOf, nearest, nudged, pointAt } from "#js/desk/stage/shares.js";

const reach = { x: 0.02, y: 0.04 };

test("a box is the same from whichever corner it was drawn", () => {
  const box = { x: 0.2, y: 0.3, width: 0.4, height: 0.5 };
  for (const [one, other] of [[[0.2, 0.3], [0.6, 0.8]], [[0.6, 0.3], [0.2, 0.8]], [[0.6, 0.8], [0.2, 0.3]]]) {
    assert.deepEqual(boxBetween({ x: one[0], y: one[1] }, { x: other[0], y: other[1] }), box);
  }
});

test("a box is cut off at the edge, and never sticks out by a rounding error", () => {
  assert.deepEqual(boxBetween({ x: 0.5, y: 0.5 }, { x: 1.7, y: -3 }), { x: 0.5, y: 0, width: 0.5, height: 0.5 });
  for (let step = 0; step < 10_000; step += 7) {
    const box = boxBetween({ x: step / 10_000, y: step / 13_001 }, { x: 1.2, y: 1.2 });
    assert.ok(box.x + (box.width ?? 0) <= 1 && box.y + (box.height ?? 0) <= 1, JSON.stringify(box));
  }
});

test("a box too small to mean one is a point", () => {
  assert.equal(isBox(boxBetween({ x: 0.5, y: 0.5 }, { x: 0.501, y: 0.7 })), false);
  assert.deepEqual(pointAt({ x: 0.123456, y: -1 }), { x: 0.1235, y: 0 });
});

test("the place that is meant is the nearest within reach", () => {
  const places = [{ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.5 }, { x: 0.1, y: 0.1, width: 0.2, height: 0.2 }];
  assert.equal(nearest(places, { x: 0.512, y: 0.5 }, reach), 1);
  assert.equal(nearest(places, { x: 0.495, y: 0.52 }, reach), 0);
  assert.equal(nearest(places, { x: 0.7, y: 0.7 }, reach), -1);
  assert.equal(nearest(places, { x: 0.105, y: 0.2 }, reach), 2, "on the outline of a box");
  assert.equal(nearest(places, { x: 0.2, y: 0.2 }, reach), -1, "inside a box there is room for a point");
  assert.equal(nearest([], { x: 0, y: 0 }, reach), -1);
});

test("the crosshair stays on the picture", () => {
  assert.deepEqual(nudged({ x: 0.99, y: 0.01 }, 0.05, -0.05), { x: 1, y: 0 });
  assert.equal(isInside({ x: 1, y: 0 }), true);
  assert.equal(isInside({ x: 1.01, y: 0 }), false);
  assert.deepEqual(middleOf({ x: 0.25, y: 0.5, width: 0.5, height: 0.25 }), { x: 0.5, y: 0.625 });
});
