// What is drawn, step by step: a base and the strokes on it. Every step can be undone, and survives a reload.
const MOST_STEPS = 300;

export class History {
  #steps;
  #at = 0;
  #key;
  #onChange = () => {};

  constructor(key, first) {
    this.#key = key;
    const kept = restore(key);
    this.restored = Boolean(kept);
    this.#steps = [kept ?? first];
  }

  // {base: {kind, handle, url}, strokes, rectangle}; never changed in place.
  get now() {
    return this.#steps[this.#at];
  }

  get isDrawn() {
    return this.#at > 0 || this.restored;
  }

  onChange(listener) {
    this.#onChange = listener;
  }

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

function restore(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    return kept && Array.isArray(kept.strokes) && kept.base ? kept : null;
  } catch {
    return null;
  }
}
