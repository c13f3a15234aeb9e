import assert from "node:assert/strict";
import { test } from "node:test";
import { Gestures } from "#js/desk/stage/gestures.js";

const finger = (id, x, y, time = 0) => ({ id, x, y, time, isTouch: true });
const mouse = (x, y) => ({ id: 1, x, y, time: 0, isTouch: false });
const kinds = (found) => found.map(({ kind }) => kind);

test("a hand that is not quite still taps", () => {
  const hands = new Gestures();
  assert.deepEqual(kinds(hands.down(mouse(10, 10))), ["start"]);
  assert.deepEqual(hands.move(mouse(12, 11)), []);
  assert.deepEqual(hands.up(mouse(12, 11)), [{ kind: "tap", x: 12, y: 11 }]);
  assert.equal(hands.isMore, false);
});

test("a drag tells the way since it was told last, from where it began", () => {
  const hands = new Gestures();
  hands.down(mouse(0, 0));
  hands.move(mouse(3, 0));
  const [first] = hands.move(mouse(10, 4));
  assert.deepEqual(first, { kind: "drag", x: 10, y: 4, dx: 10, dy: 4, startX: 0, startY: 0 });
  const [second] = hands.move(mouse(11, 4));
  assert.equal(second.dx, 1);
  assert.equal(hands.isMore, true);
  assert.deepEqual(kinds(hands.up(mouse(11, 4))), ["end"]);
});

test("two fingers pinch around their middle, and none of them taps or swipes afterwards", () => {
  const hands = new Gestures();
  hands.down(finger(1, 100, 100));
  hands.down(finger(2, 200, 100));
  const [pinch] = hands.move(finger(2, 300, 100));
  assert.deepEqual(pinch, { kind: "pinch", x: 200, y: 100, dx: 50, dy: 0, factor: 2 });
  assert.deepEqual(hands.up(finger(2, 300, 100)), []);
  assert.deepEqual(hands.move(finger(1, 0, 100)), []);
  assert.deepEqual(hands.up(finger(1, 0, 100)), []);
});

test("a second finger takes back what the first had begun", () => {
  const hands = new Gestures();
  hands.down(finger(1, 100, 100));
  hands.move(finger(1, 130, 100));
  assert.deepEqual(kinds(hands.down(finger(2, 200, 100))), ["cancel"]);
});

test("a quick flat stroke of a finger swipes; a slow, steep or short one does not, and no mouse does", () => {
  const stroke = (pointers) => {
    const hands = new Gestures();
    hands.down(pointers[0]);
    hands.move(pointers[1]);
    return hands.up(pointers[1]).find(({ kind }) => kind === "swipe")?.step;
  };
  assert.equal(stroke([finger(1, 200, 100, 0), finger(1, 100, 110, 200)]), 1);
  assert.equal(stroke([finger(1, 100, 100, 0), finger(1, 200, 110, 200)]), -1);
  assert.equal(stroke([finger(1, 200, 100, 0), finger(1, 100, 110, 2000)]), undefined);
  assert.equal(stroke([finger(1, 200, 100, 0), finger(1, 100, 220, 200)]), undefined);
  assert.equal(stroke([finger(1, 200, 100, 0), finger(1, 170, 100, 200)]), undefined);
  assert.equal(stroke([mouse(200, 100), mouse(100, 100)]), undefined);
});

test("a long press is let go of, also by a second finger or by the system", () => {
  for (const letGo of [(hands) => hands.up(finger(1, 0, 0)), (hands) => hands.down(finger(2, 9, 9)), (hands) => hands.cancel(1)]) {
    const hands = new Gestures();
    hands.down(finger(1, 0, 0));
    assert.deepEqual(kinds(hands.waited()), ["press"]);
    assert.deepEqual(hands.move(finger(1, 50, 0)), []);
    assert.deepEqual(kinds(letGo(hands)), ["release"]);
  }
});

test("who drags already does not press long", () => {
  const hands = new Gestures();
  hands.down(finger(1, 0, 0));
  hands.move(finger(1, 50, 0));
  assert.deepEqual(hands.waited(), []);
});
