import assert from "node:assert/strict";
import { test } from "node:test";
import { minutesUntilMorning } from "./later.js";

test("tomorrow morning is eight o'clock, never further than a day", () => {
  assert.equal(minutesUntilMorning(new Date(2026, 5, 3, 17, 30)), 14 * 60 + 30);
  assert.equal(minutesUntilMorning(new Date(2026, 5, 3, 0, 30)), 7 * 60 + 30);
  assert.equal(minutesUntilMorning(new Date(2026, 5, 3, 6, 0)), 24 * 60);
  assert.equal(minutesUntilMorning(new Date(2026, 5, 3, 9, 0, 1)), 23 * 60);
});
