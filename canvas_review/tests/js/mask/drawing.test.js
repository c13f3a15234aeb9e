import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { Raster } from "#js/mask/drawing.js";

import { FakeCanvas, useCanvas } from "./canvas.js";

function rasterOf(width, height) {
  const raster = new Raster(width, height);
  raster.canvas.alpha = new Uint8Array(width * height);
  return raster;
}
const asked = (raster, ...names) => raster.canvas.asked.filter(([name]) => names.includes(name));

before(useCanvas);

describe("a stroke", () => {
  const stroke = { tool: "brush", radius: 0.01, points: [[0.1, 0.5], [0.2, 0.5], [0.3, 1]] };

  it("goes through its places in pixels", () => {
    const raster = rasterOf(200, 100);
    raster.draw(stroke);
    assert.deepEqual(asked(raster, "moveTo", "lineTo"), [
      ["moveTo", 20, 50], ["lineTo", 20, 50], ["lineTo", 40, 50], ["lineTo", 60, 100],
    ]);
  });

  it("draws only what is new, from the place before", () => {
    const raster = rasterOf(200, 100);
    raster.draw(stroke, 2);
    assert.deepEqual(asked(raster, "moveTo", "lineTo"), [["moveTo", 40, 50], ["lineTo", 60, 100]]);
  });

  it("is as wide as its share of the longest side, and never thinner than a pixel", () => {
    const raster = rasterOf(100, 400);
    raster.draw(stroke);
    assert.equal(raster.context.lineWidth, 8);
    raster.draw({ ...stroke, radius: 0.0001 });
    assert.equal(raster.context.lineWidth, 1);
  });

  for (const [tool, operation] of [["brush", "source-over"], ["eraser", "destination-out"]]) {
    it(`of a ${tool} is laid on with ${operation}`, () => {
      const raster = rasterOf(10, 10);
      raster.draw({ ...stroke, tool });
      assert.equal(raster.context.globalCompositeOperation, operation);
    });
  }
});

describe("a replay", () => {
  it("clears, lays the base down, and draws every stroke", () => {
    const raster = rasterOf(10, 10);
    const base = new FakeCanvas(10, 10);
    const dab = { tool: "eraser", radius: 0.1, points: [[0.5, 0.5]] };
    raster.replay(base, [dab, dab]);
    assert.deepEqual(asked(raster, "clearRect", "drawImage", "stroke"), [
      ["clearRect", 0, 0, 10, 10], ["drawImage", base, 0, 0], ["stroke"], ["stroke"],
    ]);
  });
});

describe("what is covered", () => {
  it("is the share of pixels that are more than half opaque", () => {
    const raster = rasterOf(4, 2);
    raster.canvas.alpha.set([255, 128, 127, 0, 0, 0, 0, 200]);
    assert.equal(raster.share(), 3 / 8);
  });

  it("is asked of the pixel at a place, and of the nearest for one outside", () => {
    const raster = rasterOf(4, 2);
    raster.canvas.alpha.set([255, 0, 0, 0, 0, 0, 0, 255]);
    for (const [place, expected] of [
      [[0, 0], true], [[0.24, 0.4], true], [[0.26, 0.4], false], [[0.1, 0.5], false], [[1, 1], true], [[-3, -3], true],
    ]) assert.equal(raster.covers(place), expected, place.join());
  });
});
