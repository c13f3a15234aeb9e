import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isTooNarrow } from "#js/nav.js";

describe("isTooNarrow", () => {
  it("leaves the entries in the bar while all of them fit", () => {
    assert.equal(isTooNarrow(500, 420, 80), false);
    assert.equal(isTooNarrow(499, 420, 80), true);
  });
  it("takes no part of a pixel for room", () => {
    assert.equal(isTooNarrow(500.4, 420.2, 80), true);
  });
});
