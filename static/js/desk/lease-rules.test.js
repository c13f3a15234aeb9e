import assert from "node:assert/strict";
import test from "node:test";
import { due } from "./lease-rules.js";

test("a lease is made longer while somebody is there, and given back before it ends while nobody is", () => {
  assert.equal(due(100_000, true), "wait");
  assert.equal(due(80_000, true), "extend");
  assert.equal(due(80_000, false), "wait");
  assert.equal(due(65_000, false), "give_back");
});
