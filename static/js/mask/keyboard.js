// The same by keys: a cursor on the photo, and a key for every tool. Off while somebody types and while a dialog is open.
const KEYS = {
  r: "rectangle", b: "brush", e: "eraser", c: "cut", z: "undo", y: "redo", m: "hide",
  "[": "smaller", "]": "larger", "+": "closer", "=": "closer", "-": "farther", 0: "fit", "?": "keys",
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 8; // pixels of the screen, so that zooming in makes the hand finer
const FAST = 5;

export class Keyboard {
  isSpaceDown = false;
  #cursor = null;
  #dragged = false;

  constructor(stage, board, pen, { run, show, tell }) {
    Object.assign(this, { stage, board, pen, run, show, tell });
    document.addEventListener("keydown", (event) => this.#down(event));
    document.addEventListener("keyup", (event) => this.#up(event));
    addEventListener("blur", () => { this.isSpaceDown = false; });
  }

  // The photo was moved with Space held: letting go is no dab.
  dragged() {
    this.#dragged = true;
  }

  #down(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target === this.stage && this.#onStage(event)) return event.preventDefault();
    if (event.target.closest("input:not([type=range]), textarea, select")) return;
    const action = event.key === "Z" ? "redo" : KEYS[event.key.toLowerCase()];
    if (!action || (event.repeat && !["smaller", "larger", "undo", "redo", "closer", "farther"].includes(action))) return;
    event.preventDefault();
    this.run(action);
  }

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
    this.show(this.#cursor);
    return this.#cursor;
  }

  #press() {
    const isEnd = this.pen.isDown;
    if (isEnd) this.pen.end(this.#here());
    else {
      this.pen.begin(this.#here());
      this.tell(this.pen.tool === "rectangle" ? "corner" : "line");
    }
  }

  #move([x, y], fast) {
    const [left, top] = this.#here();
    const { width, height } = this.board.board.getBoundingClientRect();
    const step = STEP * (fast ? FAST : 1);
    const kept = (value) => Math.min(1, Math.max(0, value));
    this.#cursor = [kept(left + (x * step) / width), kept(top + (y * step) / height)];
    this.board.reveal(this.#cursor);
    this.show(this.#cursor);
    if (this.pen.isDown) this.pen.move(this.#cursor);
    else this.tell("cursor", this.#cursor);
  }
}
