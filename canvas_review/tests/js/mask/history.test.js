import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { History } from "#js/mask/history.js";

import { useStorage } from "../memory.js";

const KEY = "canvas-mask:1:2";
const FIRST = { base: { kind: "nothing" }, strokes: [], rectangle: null };
const stroke = (x) => ({ tool: "brush", radius: 0.1, points: [[x, x]] });
const draw = (history, x) => history.step({ strokes: [...history.now.strokes, stroke(x)] });
const drawn = (history) => history.now.strokes.map(({ points: [[x]] }) => x);

let kept;
beforeEach(() => { kept = useStorage(); });

describe("steps", () => {
  it("begins with nothing drawn and nothing to take back", () => {
    const history = new History(KEY, FIRST);
    assert.equal(history.now, FIRST);
    assert.equal(history.isDrawn, false);
    assert.equal(history.undo(), false);
    assert.equal(history.redo(), false);
  });

  it("takes back and does again in order", () => {
    const history = new History(KEY, FIRST);
    for (const x of [1, 2, 3]) draw(history, x);
    history.undo();
    history.undo();
    assert.deepEqual(drawn(history), [1]);
    history.redo();
    assert.deepEqual(drawn(history), [1, 2]);
  });

  it("forgets what was taken back once something else is drawn", () => {
    const history = new History(KEY, FIRST);
    draw(history, 1);
    history.undo();
    draw(history, 2);
    assert.equal(history.redo(), false);
    assert.deepEqual(drawn(history), [2]);
  });

  it("never changes a drawing in place", () => {
    const history = new History(KEY, FIRST);
    const before = history.now;
    draw(history, 1);
    assert.deepEqual(before, { base: { kind: "nothing" }, strokes: [], rectangle: null });
  });

  it("keeps the newest 300 and takes back no further", () => {
    const history = new History(KEY, FIRST);
    for (let x = 1; x <= 310; x += 1) history.step({ strokes: [stroke(x)] });
    let back = 0;
    while (history.undo()) back += 1;
    assert.equal(back, 299);
    assert.deepEqual(drawn(history), [11]);
  });

  it("tells of every change, also of one that was taken back", () => {
    const history = new History(KEY, FIRST);
    const told = [];
    history.onChange((now) => told.push(now.strokes.length));
    draw(history, 1);
    history.undo();
    history.undo();
    history.redo();
    assert.deepEqual(told, [1, 0, 1]);
  });
});

describe("a reload", () => {
  it("goes on from what was drawn", () => {
    draw(new History(KEY, FIRST), 7);
    const history = new History(KEY, FIRST);
    assert.deepEqual(drawn(history), [7]);
    assert.equal(history.restored, true);
    assert.equal(history.isDrawn, true);
  });

  it("begins anew after the drawing was saved", () => {
    const before = new History(KEY, FIRST);
    draw(before, 7);
    before.forget();
    assert.equal(new History(KEY, FIRST).restored, false);
  });

  it("knows the drawing of another mask from its own", () => {
    draw(new History("canvas-mask:1:3", FIRST), 7);
    assert.equal(new History(KEY, FIRST).restored, false);
  });

  for (const [what, text] of [["no JSON", "{"], ["no drawing", "7"], ["half a drawing", '{"base": {}}']]) {
    it(`begins anew when storage holds ${what}`, () => {
      kept.set(KEY, text);
      assert.equal(new History(KEY, FIRST).now, FIRST);
    });
  }
});

describe("a browser that keeps nothing", () => {
  for (const how of [{ full: true }, { refused: true }]) {
    it(`still draws and takes back (${Object.keys(how)})`, () => {
      useStorage(how);
      const history = new History(KEY, FIRST);
      draw(history, 1);
      assert.equal(history.undo(), true);
      assert.deepEqual(drawn(history), []);
      history.forget();
    });
  }
});
