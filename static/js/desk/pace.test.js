import assert from "node:assert/strict";
import { test } from "node:test";
import { Stretch } from "./stretch.js";
import { Lately } from "./lately.js";

test("the pace is that of the last images only", () => {
  const pace = new Lately(4);
  assert.equal(pace.mean, null);
  pace.add(8000, 2);
  assert.equal(pace.mean, 4000);
  pace.add(4000, 4);
  assert.deepEqual([pace.mean, pace.size], [1000, 4]);
});

test("a stretch grows with work and ends with a rest", () => {
  const stretch = new Stretch();
  const minute = 60_000;
  stretch.note(1 * minute, 1 * minute);
  assert.equal(stretch.note(3 * minute, 3 * minute), 3 * minute);
  assert.equal(stretch.note(3 * minute, 6 * minute), 3 * minute); // a pause of three minutes is none
  assert.equal(stretch.note(4 * minute, 7 * minute), 4 * minute);
  assert.equal(stretch.note(4.5 * minute, 20 * minute), 0.5 * minute);
  stretch.begin();
  assert.equal(stretch.note(5 * minute, 20.5 * minute), 0.5 * minute);
});
