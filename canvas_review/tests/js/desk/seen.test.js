import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isNews, remember, seen } from "#js/desk/seen.js";

const storage = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
};
const broken = {
  getItem() { throw new Error("forbidden"); },
  setItem() { throw new Error("full"); },
};

describe("guidelines that were read", () => {
  it("are news until they were read, each variant by itself", () => {
    const kept = storage();
    assert.equal(isNews(kept, "background", 2), true);
    remember(kept, "background", 2);
    assert.equal(isNews(kept, "background", 2), false);
    assert.equal(isNews(kept, "background", 3), true);
    assert.equal(isNews(kept, "motion", 1), true);
  });

  it("are not forgotten by looking at an older tab", () => {
    const kept = storage();
    remember(kept, "background", 5);
    remember(kept, "background", 4);
    assert.equal(seen(kept, "background"), 5);
  });

  it("are no news where there are none", () => {
    assert.equal(isNews(storage(), "background", null), false);
  });

  it("break nothing in a browser that keeps nothing, or something else", () => {
    remember(broken, "background", 1);
    assert.equal(isNews(broken, "background", 1), true);
    const kept = storage();
    kept.setItem("guidelines-seen:background", "many");
    assert.equal(seen(kept, "background"), 0);
  });
});
