import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Pen } from "#js/mask/pen.js";

function held(tool) {
  const told = [];
  const hear = (name) => (...what) => told.push([name, ...structuredClone(what)]);
  const pen = new Pen({ paint: hear("paint"), finish: hear("finish"), frame: hear("frame"), drop: hear("drop") });
  pen.tool = tool;
  return { pen, told, last: () => told.at(-1) };
}

describe("a brush", () => {
  it("draws from where it was and ends in one stroke", () => {
    const { pen, told, last } = held("brush");
    pen.begin([0.1, 0.2]);
    pen.move([0.2, 0.2]);
    pen.move([0.3, 0.25]);
    pen.end([0.3, 0.25]);
    assert.deepEqual(told.filter(([name]) => name === "paint").map(([, , first]) => first), [0, 1, 2]);
    assert.deepEqual(last(), ["finish", { tool: "brush", radius: 0.02, points: [[0.1, 0.2], [0.2, 0.2], [0.3, 0.25]] }]);
    assert.equal(pen.isDown, false);
  });

  it("adds no points while the hand rests", () => {
    const { pen, told } = held("brush");
    pen.begin([0.5, 0.5]);
    pen.move([0.5004, 0.5004]);
    assert.equal(told.length, 1);
  });

  it("stays within reach of the photo", () => {
    const { pen, last } = held("eraser");
    pen.begin([0.5, 0.5]);
    pen.move([9, -9]);
    pen.end([9, -9]);
    assert.deepEqual(last()[1].points.at(-1), [1.5, -0.5]);
  });
});

describe("a rectangle", () => {
  it("is the same from whichever corner it is drawn", () => {
    for (const [from, to] of [[[0.1, 0.2], [0.6, 0.8]], [[0.6, 0.2], [0.1, 0.8]], [[0.6, 0.8], [0.1, 0.2]]]) {
      const { pen, last } = held("rectangle");
      pen.begin(from);
      pen.end(to);
      assert.deepEqual(last(), ["frame", { left: 0.1, top: 0.2, right: 0.6, bottom: 0.8 }, true]);
    }
  });

  it("ends at the edges of the photo", () => {
    const { pen, last } = held("rectangle");
    pen.begin([-1, 0.5]);
    pen.move([2, 2]);
    assert.deepEqual(last(), ["frame", { left: 0, top: 0.5, right: 1, bottom: 1 }, false]);
  });
});

describe("breaking off", () => {
  for (const tool of ["brush", "rectangle"]) {
    it(`a ${tool} drops what was begun, once`, () => {
      const { pen, told, last } = held(tool);
      pen.begin([0.1, 0.1]);
      assert.equal(pen.cancel(), true);
      assert.deepEqual(last(), ["drop"]);
      assert.equal(pen.cancel(), false);
      pen.end([0.5, 0.5]);
      assert.equal(told.at(-1)[0], "drop");
    });
  }
});
