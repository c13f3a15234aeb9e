// What a press, a movement and a release mean with the tool in hand. The mouse, a finger and the keyboard all use it.
const NEAR = 0.0008; // shares: a hand that rests adds no points
const round = (value) => Math.round(value * 1e5) / 1e5;
const kept = (value) => Math.min(1, Math.max(0, value));

export class Pen {
  tool = "brush";
  radius = 0.02; // of the longest side
  #stroke = null;
  #corner = null;

  // `paint(stroke, first)` draws while the hand moves; `finish(stroke)` and `frame(rectangle, isDone)` keep.
  constructor({ paint, finish, frame, drop }) {
    Object.assign(this, { paint, finish, frame, drop });
  }

  get isDown() {
    return Boolean(this.#stroke || this.#corner);
  }

  begin(place) {
    if (this.tool === "rectangle") {
      this.#corner = place.map(kept);
      return;
    }
    this.#stroke = { tool: this.tool, radius: round(this.radius), points: [place.map(round)] };
    this.paint(this.#stroke, 0);
  }

  move(place) {
    if (this.#corner) this.frame(between(this.#corner, place.map(kept)), false);
    if (!this.#stroke) return;
    const { points } = this.#stroke;
    const [x, y] = points.at(-1);
    if (Math.hypot(place[0] - x, place[1] - y) < NEAR) return;
    const inReach = (value) => round(Math.min(1.5, Math.max(-0.5, value)));
    points.push(place.map(inReach));
    this.paint(this.#stroke, points.length - 1);
  }

  end(place) {
    const corner = this.#corner;
    const stroke = this.#stroke;
    this.#corner = this.#stroke = null;
    if (corner) this.frame(between(corner, place.map(kept)), true);
    if (stroke) this.finish(stroke);
  }

  cancel() {
    if (!this.isDown) return false;
    this.#corner = this.#stroke = null;
    this.drop();
    return true;
  }
}

function between([ax, ay], [bx, by]) {
  return {
    left: round(Math.min(ax, bx)), top: round(Math.min(ay, by)),
    right: round(Math.max(ax, bx)), bottom: round(Math.max(ay, by)),
  };
}
