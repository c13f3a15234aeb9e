import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsFor } from "#js/desk/stage/arrangement.js";

const desktop = { width: 960, height: 640 };
const phone = { width: 360, height: 500 };

test("pictures are as large as they can be", () => {
  const size = (count, columns, room, shape) => Math.min(room.width / columns, (room.height / Math.ceil(count / columns)) * shape);
  for (const room of [desktop, phone, { width: 2200, height: 1250 }]) {
    for (const shape of [2 / 3, 1, 3 / 2, 3]) {
      for (let count = 1; count <= 9; count += 1) {
        const chosen = size(count, columnsFor(count, room, shape), room, shape);
        for (let columns = 1; columns <= count; columns += 1) {
          assert.ok(chosen >= size(count, columns, room, shape) * 0.998);
        }
      }
    }
  }
});

test("a pair stands as its shape asks for", () => {
  assert.equal(columnsFor(2, desktop, 1), 2);
  assert.equal(columnsFor(2, desktop, 4), 1);
  assert.equal(columnsFor(2, phone, 1), 1);
  assert.equal(columnsFor(2, phone, 0.5), 2);
});

test("of two that serve equally, the one without empty places", () => {
  assert.equal(columnsFor(4, { width: 600, height: 200 }, 1), 4);
  assert.equal(columnsFor(1, desktop, 1), 1);
});
