// The same by keys: a cursor on the photo, and a key for every tool. Off while somebody types and while a dialog is open.
import { around } from "../page.js";

/** @import { Board } from "./board.js" */
/** @import { Pen, Place } from "./pen.js" */
/** @import { Sentence } from "./words.js" */

/** @type {Record<string, string>} */
const KEYS = {
  r: "rectangle", b: "brush", e: "eraser", c: "cut", z: "undo", y: "redo", m: "hide",
  "[": "smaller", "]": "larger", "+": "closer", "=": "closer", "-": "farther", 0: "fit", "?": "keys",
};
/** @type {Record<string, [x: number, y: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 8; // pixels of the screen, so that zooming in makes the hand finer
const FAST = 5;

/**
 * @typedef {object} Page
 * @property {(action: string) => void} run
 * @property {(cursor: Place) => void} show
 * @property {(sentence: Sentence, place?: Place) => void} tell
 */

export class Keyboard {
  isSpaceDown = false;
  /** @type {Place | null} */
  #cursor = null;
  #dragged = false;

  /** @param {HTMLElement} stage @param {Board} board @param {Pen} pen @param {Page} page */
  constructor(stage, board, pen, page) {
    this.stage = stage;
    this.board = board;
    this.pen = pen;
    this.page = page;
    document.addEventListener("keydown", (event) => this.#down(event));
    document.addEventListener("keyup", (event) => this.#up(event));
    addEventListener("blur", () => { this.isSpaceDown = false; });
  }

  // The photo was moved with Space held: letting go is no dab.
  dragged() {
    this.#dragged = true;
  }

  /** @param {KeyboardEvent} event */
  #down(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target === this.stage && this.#onStage(event)) return event.preventDefault();
    if (around(event, "input:not([type=range]), textarea, select")) return;
    const action = event.key === "Z" ? "redo" : KEYS[event.key.toLowerCase()];
    if (!action || (event.repeat && !["smaller", "larger", "undo", "redo", "closer", "farther"].includes(action))) return;
    event.preventDefault();
    this.page.run(action);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the stage */
  #onStage(event) {
    if (event.key in ARROWS) {
      this.#move(ARROWS[event.key], event.shiftKey);
      return true;
    }
    if (event.key === "Escape") return this.pen.cancel();
    if (event.key === "Enter") {
      if (!event.repeat) this.#press();
      return true;
    }
    if (event.key !== " ") return false;
    if (!event.repeat) this.#dragged = false;
    this.isSpaceDown = true;
    return true;
  }

  /** @param {KeyboardEvent} event */
  #up(event) {
    if (event.key !== " " || !this.isSpaceDown) return;
    this.isSpaceDown = false;
    if (this.#dragged || this.pen.isDown || event.target !== this.stage) return;
    if (this.pen.tool === "rectangle") return this.#press();
    this.pen.begin(this.#here());
    this.pen.end(this.#here());
  }

  #here() {
    this.#cursor ??= [0.5, 0.5];
    this.page.show(this.#cursor);
    return this.#cursor;
  }

  #press() {
    const isEnd = this.pen.isDown;
    if (isEnd) this.pen.end(this.#here());
    else {
      this.pen.begin(this.#here());
      this.page.tell(this.pen.tool === "rectangle" ? "corner" : "line");
    }
  }

  /** @param {[x: number, y: number]} direction @param {boolean} fast */
  #move([x, y], fast) {
    const [left, top] = this.#here();
    const { width, height } = this.board.board.getBoundingClientRect();
    const step = STEP * (fast ? FAST : 1);
    /** @param {number} value */
    const kept = (value) => Math.min(1, Math.max(0, value));
    this.#cursor = [kept(left + (x * step) / width), kept(top + (y * step) / height)];
    this.board.reveal(this.#cursor);
    this.page.show(this.#cursor);
    if (this.pen.isDown) this.pen.move(this.#cursor);
    else this.page.tell("cursor", this.#cursor);
  }
}
