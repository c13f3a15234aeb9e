// What hands mean by what they do: fed with pointers, it tells drags, pinches, swipes and long presses. Knows nothing of
// the page; positions are CSS pixels, times milliseconds.

/** @typedef {{ id: number, x: number, y: number, time: number, isTouch: boolean }} Pointer */
/**
 * @typedef {{ kind: "start" | "end" | "tap", x: number, y: number }
 *   | { kind: "drag", x: number, y: number, dx: number, dy: number, startX: number, startY: number }
 *   | { kind: "pinch", x: number, y: number, dx: number, dy: number, factor: number }
 *   | { kind: "swipe", step: 1 | -1 }
 *   | { kind: "press" | "release" | "cancel" }} Gesture
 * `step` of a swipe: 1 when the finger went to the left.
 */

const SLOP = 5; // a hand is never quite still
const FINGER_SLOP = 9;
const SWIPE = 44;
const SWIPE_MS = 600;
export const PRESS_MS = 350;

export class Gestures {
  /** @type {Map<number, Pointer>} */
  #down = new Map();
  /** @type {Pointer | null} */
  #start = null;
  /** @type {"" | "drag" | "pinch" | "press"} */
  #doing = "";

  /** Whether what happened since the first pointer came down was more than a tap. */
  get isMore() {
    return this.#doing !== "";
  }

  /** @param {Pointer} pointer @returns {Gesture[]} */
  down(pointer) {
    this.#down.set(pointer.id, pointer);
    if (this.#down.size === 1) {
      this.#start = pointer;
      this.#doing = "";
      return [{ kind: "start", x: pointer.x, y: pointer.y }];
    }
    const before = this.#doing;
    this.#doing = "pinch";
    if (before === "press") return [{ kind: "release" }];
    return before === "drag" ? [{ kind: "cancel" }] : [];
  }

  /** @param {Pointer} pointer @returns {Gesture[]} */
  move(pointer) {
    const before = this.#down.get(pointer.id);
    if (!before || !this.#start) return [];
    if (this.#down.size > 1) return this.#pinch(before, pointer);
    const { x: startX, y: startY } = this.#start;
    const slop = pointer.isTouch ? FINGER_SLOP : SLOP;
    if (!this.#doing && Math.hypot(pointer.x - startX, pointer.y - startY) < slop) return [];
    this.#down.set(pointer.id, pointer);
    if (this.#doing === "press" || this.#doing === "pinch") return [];
    this.#doing = "drag";
    const { x, y } = pointer;
    return [{ kind: "drag", x, y, dx: x - before.x, dy: y - before.y, startX, startY }];
  }

  /** @param {Pointer} pointer @returns {Gesture[]} */
  up(pointer) {
    if (!this.#down.delete(pointer.id) || this.#down.size || !this.#start) return [];
    const { x, y } = pointer;
    if (this.#doing === "press") return [{ kind: "release" }];
    if (!this.#doing) return [{ kind: "tap", x, y }];
    if (this.#doing === "pinch") return [];
    const step = swipeOf(this.#start, pointer);
    return step ? [{ kind: "end", x, y }, { kind: "swipe", step }] : [{ kind: "end", x, y }];
  }

  /** The system took the pointer. @param {number} id @returns {Gesture[]} */
  cancel(id) {
    if (!this.#down.delete(id)) return [];
    const kind = this.#doing === "press" ? "release" : "cancel";
    return [{ kind }];
  }

  /** The time of a long press is over. @returns {Gesture[]} */
  waited() {
    if (this.#down.size !== 1 || this.#doing) return [];
    this.#doing = "press";
    return [{ kind: "press" }];
  }

  /** @param {Pointer} before @param {Pointer} pointer @returns {Gesture[]} */
  #pinch(before, pointer) {
    const [other] = [...this.#down.values()].filter(({ id }) => id !== pointer.id);
    this.#down.set(pointer.id, pointer);
    /** @param {Pointer} one */
    const reach = (one) => Math.max(Math.hypot(one.x - other.x, one.y - other.y), 1);
    /** @param {Pointer} one */
    const middle = (one) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
    const [from, to] = [middle(before), middle(pointer)];
    /** @type {Gesture} */
    const pinch = { kind: "pinch", ...to, dx: to.x - from.x, dy: to.y - from.y, factor: reach(pointer) / reach(before) };
    return [pinch];
  }
}

/** @param {Pointer} from @param {Pointer} to @returns {1 | -1 | 0} */
function swipeOf(from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const isSwipe = to.isTouch && to.time - from.time < SWIPE_MS && Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy);
  if (!isSwipe) return 0;
  return dx < 0 ? 1 : -1;
}
