// The photo in its stage: fitted, closer, moved. Places on it are shares (x, y) of its width and height.
/** @import { Place } from "./pen.js" */

const MOST_ZOOM = 16;

export class Board {
  #x = 0;
  #y = 0;

  zoom = 1;

  /** @param {HTMLElement} stage @param {HTMLElement} board @param {number} width @param {number} height of the photo */
  constructor(stage, board, width, height) {
    this.stage = stage;
    this.board = board;
    this.width = width;
    this.height = height;
    new ResizeObserver(() => this.#place()).observe(stage);
    this.#place();
  }

  // Pixels of the screen for the photo's longest side.
  get longest() {
    return this.#fitted() * this.zoom * Math.max(this.width, this.height);
  }

  /** @param {number} clientX @param {number} clientY @returns {Place} */
  at(clientX, clientY) {
    const box = this.board.getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  }

  /**
   * Zooms around a place on the screen; by default the middle of the stage.
   * @param {number} factor @param {number} [clientX] @param {number} [clientY]
   */
  scale(factor, clientX, clientY) {
    const box = this.stage.getBoundingClientRect();
    const [x, y] = [(clientX ?? box.left + box.width / 2) - box.left, (clientY ?? box.top + box.height / 2) - box.top];
    const before = this.zoom;
    this.zoom = Math.min(MOST_ZOOM, Math.max(1, this.zoom * factor));
    const grown = this.zoom / before;
    const [left, top] = this.#corner(before);
    const [restingLeft, restingTop] = this.#resting();
    this.#x = x - (x - left) * grown - restingLeft;
    this.#y = y - (y - top) * grown - restingTop;
    this.#place();
  }

  /** @param {number} x @param {number} y pixels of the screen */
  move(x, y) {
    this.#x += x;
    this.#y += y;
    this.#place();
  }

  fit() {
    this.zoom = 1;
    this.#place();
  }

  /** Moves the photo so that a place on it is in the stage. @param {Place} place */
  reveal([x, y]) {
    const box = this.stage.getBoundingClientRect();
    const board = this.board.getBoundingClientRect();
    const [left, top] = [board.left - box.left + x * board.width, board.top - box.top + y * board.height];
    /** @type {(at: number, size: number) => number} */
    const outside = (at, size) => Math.min(0, size * 0.9 - at) || Math.max(0, size * 0.1 - at);
    if (this.zoom > 1) this.move(outside(left, box.width), outside(top, box.height));
  }

  #fitted() {
    const { clientWidth, clientHeight } = this.stage;
    return Math.min(clientWidth / this.width, clientHeight / this.height) * 0.98;
  }

  /** @param {number} zoom @returns {[left: number, top: number]} */
  #resting(zoom = this.zoom) {
    const scale = this.#fitted() * zoom;
    return [(this.stage.clientWidth - this.width * scale) / 2, (this.stage.clientHeight - this.height * scale) / 2];
  }

  /** @param {number} zoom @returns {[left: number, top: number]} */
  #corner(zoom) {
    const [left, top] = this.#resting(zoom);
    return [left + this.#x, top + this.#y];
  }

  #place() {
    const scale = this.#fitted() * this.zoom;
    const [width, height] = [this.width * scale, this.height * scale];
    // Half of the stage always shows the photo.
    /** @type {(size: number, room: number) => number} */
    const slack = (size, room) => Math.max(0, (size - room) / 2 + (this.zoom > 1 ? room / 4 : 0));
    /** @type {(value: number, most: number) => number} */
    const held = (value, most) => Math.min(most, Math.max(-most, value));
    this.#x = held(this.#x, slack(width, this.stage.clientWidth));
    this.#y = held(this.#y, slack(height, this.stage.clientHeight));
    const [left, top] = this.#corner(this.zoom);
    Object.assign(this.board.style, {
      left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`,
    });
  }
}
