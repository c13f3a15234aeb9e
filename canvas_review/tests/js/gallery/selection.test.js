// Where keys lead in the gallery's grid, and what Shift takes.
import assert from "node:assert/strict";
import { it } from "node:test";

import { between, columnsOf, placeAfter } from "#js/gallery/selection.js";

it("moves by one along a row and by a row along a column", () => {
  assert.equal(placeAfter(4, "ArrowRight", 3, 9), 5);
  assert.equal(placeAfter(4, "ArrowLeft", 3, 9), 3);
  assert.equal(placeAfter(4, "ArrowDown", 3, 9), 7);
  assert.equal(placeAfter(4, "ArrowUp", 3, 9), 1);
  assert.equal(placeAfter(4, "Home", 3, 9), 0);
  assert.equal(placeAfter(4, "End", 3, 9), 8);
});

it("stays where there is no further, and for other keys", () => {
  assert.equal(placeAfter(0, "ArrowLeft", 3, 9), 0);
  assert.equal(placeAfter(8, "ArrowRight", 3, 9), 8);
  assert.equal(placeAfter(7, "ArrowDown", 3, 9), 7);
  assert.equal(placeAfter(2, "ArrowUp", 3, 9), 2);
  assert.equal(placeAfter(4, "a", 3, 9), 4);
});

it("goes the way that the text runs", () => {
  assert.equal(placeAfter(4, "ArrowRight", 3, 9, true), 3);
  assert.equal(placeAfter(4, "ArrowLeft", 3, 9, true), 5);
});

it("counts the columns by where the second row begins", () => {
  assert.equal(columnsOf([10, 10, 10, 90, 90]), 3);
  assert.equal(columnsOf([10, 10]), 2);
  assert.equal(columnsOf([10]), 1);
  assert.equal(columnsOf([]), 1);
});

it("takes all between, in either direction", () => {
  assert.deepEqual(between(2, 4), [2, 3, 4]);
  assert.deepEqual(between(4, 2), [2, 3, 4]);
  assert.deepEqual(between(3, 3), [3]);
});
