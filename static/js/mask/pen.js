// What a press, a movement and a release mean with the tool in hand. The mouse, a finger and the keyboard all use it.

/**
 * A place on the photo: shares of its width and height.
 * @typedef {[x: number, y: number]} Place
 */
/**
 * `radius` is a share of the longest side.
 * @typedef {{ tool: string, radius: number, points: Place[] }} Stroke
 */
/**
 * Shares, as in a place.
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Rectangle
 */
/**
 * What a pen works on: `paint(stroke, first)` draws while the hand moves, `finish` and `frame` keep, `drop` forgets.
 * @typedef {object} Paper
 * @property {(stroke: Stroke, first: number) => void} paint
 * @property {(stroke: Stroke) => void} finish
 * @property {(rectangle: Rectangle, isDone: boolean) => void} frame
 * @property {() => void} drop
 */

const NEAR = 0.0008; // shares: a hand that rests adds no points
/** @param {number} value */
const round = (value) => Math.round(value * 1e5) / 1e5;
/** @param {number} value */
const inReach = (value) => round(Math.min(1.5, Math.max(-0.5, value)));
/** @param {Place} place @returns {Place} */
const kept = ([x, y]) => [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];

export class Pen {
  tool = "brush";
  radius = 0.02; // of the longest side
  /** @type {Stroke | null} */
  #stroke = null;
  /** @type {Place | null} */
  #corner = null;
  #paper;

  /** @param {Paper} paper */
  constructor(paper) {
    this.#paper = paper;
  }

  get isDown() {
    return Boolean(this.#stroke || this.#corner);
  }

  /** @param {Place} place */
  begin(place) {
    if (this.tool === "rectangle") {
      this.#corner = kept(place);
      return;
    }
    this.#stroke = { tool: this.tool, radius: round(this.radius), points: [[round(place[0]), round(place[1])]] };
    this.#paper.paint(this.#stroke, 0);
  }

  /** @param {Place} place */
  move(place) {
    if (this.#corner) this.#paper.frame(between(this.#corner, kept(place)), false);
    if (!this.#stroke) return;
    const { points } = this.#stroke;
    const [x, y] = points[points.length - 1];
    if (Math.hypot(place[0] - x, place[1] - y) < NEAR) return;
    points.push([inReach(place[0]), inReach(place[1])]);
    this.#paper.paint(this.#stroke, points.length - 1);
  }

  /** @param {Place} place */
  end(place) {
    const corner = this.#corner;
    const stroke = this.#stroke;
    this.#corner = this.#stroke = null;
    if (corner) this.#paper.frame(between(corner, kept(place)), true);
    if (stroke) this.#paper.finish(stroke);
  }

  cancel() {
    if (!this.isDown) return false;
    this.#corner = this.#stroke = null;
    this.#paper.drop();
    return true;
  }
}

/** @param {Place} a @param {Place} b @returns {Rectangle} */
function between([ax, ay], [bx, by]) {
  return {
    left: round(Math.min(ax, bx)), top: round(Math.min(ay, by)),
    right: round(Math.max(ax, bx)), bottom: round(Math.max(ay, by)),
  };
}
