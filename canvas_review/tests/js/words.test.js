import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { fill, gettext, ngettext } from "#js/words.js";

afterEach(() => delete globalThis.canvasWords);

describe("without a catalogue", () => {
  it("says the words as they are written", () => {
    assert.equal(gettext("Save"), "Save");
  });

  for (const [count, expected] of [[0, "items"], [1, "item"], [2, "items"]]) {
    it(`says ${expected} of ${count}`, () => assert.equal(ngettext("item", "items", count), expected));
  }
});

describe("with a catalogue", () => {
  it("says the catalogue's words", () => {
    globalThis.canvasWords = { plural: () => 0, texts: { Save: "Speichern" } };
    assert.equal(gettext("Save"), "Speichern");
    assert.equal(gettext("Unknown"), "Unknown");
  });

  it("leaves the choice of the plural to the language", () => {
    globalThis.canvasWords = { plural: (count) => Number(count > 1), texts: { item: ["item!", "items!"] } };
    assert.equal(ngettext("item", "items", 0), "item!");
    assert.equal(ngettext("item", "items", 5), "items!");
    assert.equal(ngettext("thing", "things", 0), "things");
  });

  it("knows a word that has plural forms by itself too", () => {
    globalThis.canvasWords = { plural: () => 1, texts: { item: ["item!", "items!"] } };
    assert.equal(gettext("item"), "item!");
  });
});

describe("fill", () => {
  it("puts every value in its places, numbers too", () => {
    assert.equal(fill("%(n)s of %(all)s, %(n)s", { n: 3, all: "four" }), "3 of four, 3");
  });

  it("writes a number as the language of the page writes it", () => {
    globalThis.document = { documentElement: { lang: "de" } };
    assert.equal(fill("%(share)s of %(all)s", { share: 12.5, all: 12000 }), "12,5 of 12000");
    delete globalThis.document;
  });

  it("leaves percent signs, and what a value holds, alone", () => {
    assert.equal(fill("100 % of %(name)s", { name: "%(n)s $& $1", n: 5 }), "100 % of %(n)s $& $1");
  });
});
