import assert from "node:assert/strict";
import { test } from "node:test";
import { holderOf, isUsable, meantBy, nameOf, shortcut, written } from "./keymap.js";

const known = (...names) => (name) => names.includes(name);

test("a sign is itself, a named key says whether Shift is held", () => {
  assert.equal(nameOf({ key: "A", shiftKey: true }), "a");
  assert.equal(nameOf({ key: "?", shiftKey: true }), "?");
  assert.equal(nameOf({ key: "ArrowLeft", shiftKey: true }), "shift+arrowleft");
  assert.equal(nameOf({ key: " " }), " ");
});

test("the digits of a French keyboard count without Shift, but a sign that has a meaning keeps it", () => {
  assert.equal(meantBy({ key: "&", code: "Digit1" }, known("-")), "1");
  assert.equal(meantBy({ key: "1", code: "Digit1", shiftKey: true }, known("1")), "1");
  assert.equal(meantBy({ key: "-", code: "Digit6" }, known("-")), "-");
  assert.equal(meantBy({ key: "!", code: "Digit1", shiftKey: true }, known()), "!");
});

test("a letter of another alphabet counts as the Latin one of its place, a Latin one as itself", () => {
  assert.equal(meantBy({ key: "ф", code: "KeyA" }, known("a")), "a");
  assert.equal(meantBy({ key: "q", code: "KeyA" }, known("a")), "q");
});

test("what an action may have", () => {
  for (const key of ["a", "?", "ä", " ", "enter", "shift+arrowup", "f12", "0"]) assert.ok(isUsable(key), key);
  for (const key of ["1", "escape", "tab", "shift+tab", "", "dead", "shift+a", "control", "\u0000"]) assert.ok(!isUsable(key), key);
});

test("who has a key already", () => {
  const keys = { approve: "a", reject: "r", more: "" };
  assert.equal(holderOf(keys, "a", "reject"), "approve");
  assert.equal(holderOf(keys, "a", "approve"), "");
  assert.equal(holderOf(keys, "j", "approve"), "");
});

test("keys in writing, for eyes and for machines", () => {
  assert.deepEqual([" ", "a", "shift+arrowleft", "pageup", "+"].map(written), ["Space", "A", "⇧ ←", "PAGEUP", "+"]);
  assert.deepEqual([" ", "a", "shift+arrowleft", "pageup", "+"].map(shortcut), ["Space", "A", "Shift+ArrowLeft", "PageUp", "Plus"]);
});
