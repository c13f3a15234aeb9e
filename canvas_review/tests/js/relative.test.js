import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { relative } from "#js/relative.js";

const english = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const german = new Intl.RelativeTimeFormat("de", { numeric: "auto" });
const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

const CASES = [
  [0, "now"],
  [-59, "now"],
  [-MINUTE, "1 minute ago"],
  [MINUTE, "in 1 minute"],
  [-HOUR + 1, "59 minutes ago"],
  [-HOUR, "1 hour ago"],
  [-DAY + 1, "23 hours ago"],
  [-DAY, "yesterday"],
  [2 * DAY, "in 2 days"],
  [-45 * DAY, "last month"],
  [-800 * DAY, "2 years ago"],
];

describe("relative", () => {
  for (const [seconds, expected] of CASES) {
    it(`says "${expected}" of ${seconds} seconds`, () => assert.equal(relative(seconds, english), expected));
  }

  it("speaks the language of the page", () => assert.equal(relative(-3 * MINUTE, german), "vor 3 Minuten"));
});
