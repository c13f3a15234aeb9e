// What is drawn, step by step: a base and the strokes on it. Every step can be undone, and survives a reload.
/** @import { Rectangle, Stroke } from "./pen.js" */

/**
 * What strokes are laid on: nothing, the present mask, or a proposal by its handle.
 * @typedef {{ kind: string, handle?: string, url?: string }} Base
 */
/**
 * Never changed in place.
 * @typedef {{ base: Base, strokes: Stroke[], rectangle: Rectangle | null }} Drawing
 */

const MOST_STEPS = 300;

export class History {
  /** @type {Drawing[]} */
  #steps;
  #at = 0;
  #key;
  /** @type {(now: Drawing) => void} */
  #onChange = () => {};

  /** @param {string} key under which it survives a reload @param {Drawing} first */
  constructor(key, first) {
    this.#key = key;
    const kept = restore(key);
    this.restored = Boolean(kept);
    this.#steps = [kept ?? first];
  }

  get now() {
    return this.#steps[this.#at];
  }

  get isDrawn() {
    return this.#at > 0 || this.restored;
  }

  /** @param {(now: Drawing) => void} listener */
  onChange(listener) {
    this.#onChange = listener;
  }

  /** @param {Partial<Drawing>} changes */
  step(changes) {
    this.#steps = [...this.#steps.slice(0, this.#at + 1), { ...this.now, ...changes }].slice(-MOST_STEPS);
    this.#go(this.#steps.length - 1);
  }

  undo() {
    return this.#at > 0 && this.#go(this.#at - 1);
  }

  redo() {
    return this.#at < this.#steps.length - 1 && this.#go(this.#at + 1);
  }

  forget() {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Storage is refused: nothing was kept.
    }
  }

  /** @param {number} at */
  #go(at) {
    this.#at = at;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.now));
    } catch {
      // Storage is refused or full: a reload loses what is not saved, as a page without storage does.
    }
    this.#onChange(this.now);
    return true;
  }
}

/** @param {string} key @returns {Drawing | null} */
function restore(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return kept && Array.isArray(kept.strokes) && kept.base ? kept : null;
  } catch {
    return null;
  }
}
