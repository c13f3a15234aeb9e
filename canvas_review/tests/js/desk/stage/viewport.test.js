import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FIT, fitting, held, moved, revealing, scaleOf, shareAt, toggled, wantsMore, zoomed,
} from "#js/desk/stage/viewport.js";

const sight = { lens: { width: 400, height: 300 }, picture: { width: 1600, height: 1200 }, density: 1 };
const small = { ...sight, picture: { width: 100, height: 75 } };
const shapes = [sight, small, { ...sight, density: 2 }, { ...sight, picture: { width: 900, height: 3000 } }];
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test("fitted is the whole picture, in device pixels", () => {
  assert.equal(fitting(sight), 0.25);
  assert.equal(fitting({ ...sight, density: 2 }), 0.5);
  assert.equal(scaleOf(FIT, sight), 1);
});

test("100 % is one pixel of the picture for one of the screen, and back is the whole picture", () => {
  const close = toggled(FIT, sight);
  assert.equal(close.magnification, 1);
  assert.equal(scaleOf(close, sight), 4);
  assert.equal(scaleOf(toggled(FIT, { ...sight, density: 2 }), { ...sight, density: 2 }), 2);
  assert.deepEqual(toggled(close, sight), { ...FIT });
});

test("what is under the pointer stays there while nothing is at its edge", () => {
  const start = { magnification: 1, x: 0.5, y: 0.5 };
  for (const at of [{ x: 0, y: 0 }, { x: 150, y: -100 }, { x: -33, y: 71 }]) {
    for (const factor of [1.25, 0.9, 2]) {
      const before = shareAt(start, sight, at);
      const after = shareAt(zoomed(start, sight, factor, at), sight, at);
      near(after.x, before.x);
      near(after.y, before.y);
    }
  }
});

test("no surround is shown where there could be picture, however it is moved", () => {
  for (const shape of shapes) {
    let view = toggled(FIT, shape);
    for (let step = 0; step < 200; step += 1) {
      view = moved(view, shape, Math.sin(step) * 500, Math.cos(step * 3) * 500);
      view = zoomed(view, shape, step % 3 ? 1.3 : 0.7, { x: Math.sin(step) * 200, y: 90 });
      const { width, height } = shape.picture;
      const shown = ((view.magnification ?? fitting(shape)) / shape.density);
      for (const [centre, size, room] of [[view.x, width * shown, shape.lens.width], [view.y, height * shown, shape.lens.height]]) {
        const half = Math.min(room / (2 * size), 0.5);
        assert.ok(centre >= half - 1e-9 && centre <= 1 - half + 1e-9);
      }
    }
  }
});

test("zooming out ends with the whole picture, or with 100 % of a small one", () => {
  const out = (shape) => Array.from({ length: 60 }).reduce((view) => zoomed(view, shape, 0.8), toggled(FIT, shape));
  assert.deepEqual(out(sight), { ...FIT });
  assert.equal(out(small).magnification, 1);
});

test("zooming in has an end", () => {
  const into = (shape) => Array.from({ length: 60 }).reduce((view) => zoomed(view, shape, 1.25), { ...FIT });
  assert.equal(into(sight).magnification, 8);
  assert.equal(into(small).magnification, 16);
});

test("what was kept of another picture is held within this one", () => {
  assert.deepEqual(held({ magnification: 0.1, x: 0.9, y: 0.1 }, sight), { magnification: 0.25, x: 0.5, y: 0.5 });
  assert.deepEqual(held({ magnification: 1, x: 5, y: -5 }, sight), { magnification: 1, x: 0.875, y: 0.125 });
});

test("the view follows a place that would leave it", () => {
  const view = revealing({ magnification: 1, x: 0.5, y: 0.5 }, sight, { x: 0.8, y: 0.5 });
  assert.ok(Math.abs(view.x - 0.8) < 0.125 && view.y === 0.5);
});

test("a preview is enough until the screen shows more pixels than it has", () => {
  assert.equal(wantsMore(FIT, sight, 800), false);
  assert.equal(wantsMore(toggled(FIT, sight), sight, 800), true);
  assert.equal(wantsMore(toggled(FIT, sight), sight, 1600), false);
  assert.equal(wantsMore({ magnification: 4, x: 0.5, y: 0.5 }, small, 100), false);
});
