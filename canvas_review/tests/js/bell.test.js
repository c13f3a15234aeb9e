import assert from "node:assert/strict";
import { test } from "node:test";

import { AT_THE_PAGE_MS, EVERY_MS, isDue } from "../../../static/js/bell.js";

const NOW = 1_000_000_000;
const due = { hidden: false, now: NOW, used: NOW, asked: NOW - EVERY_MS };

test("it is asked for once a minute while somebody is at the page", () => {
  assert.equal(isDue(due), true);
  assert.equal(isDue({ ...due, asked: NOW - EVERY_MS + 1 }), false);
});

test("a page nobody sees, or has used lately, asks for nothing", () => {
  assert.equal(isDue({ ...due, hidden: true }), false);
  assert.equal(isDue({ ...due, used: NOW - AT_THE_PAGE_MS }), false);
});
