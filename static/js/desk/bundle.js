// What the reviewer has said so far of one item. Knows nothing of the page or the network.

/** @typedef {import("./api.js").Axis} Axis */
/** @typedef {import("./api.js").Place} Place */
/** @typedef {"approve" | "reject" | null} Said */
/** @typedef {"mask_wrong" | "unsuitable_source" | "escalate"} Report what can be said of an item as a whole */
/**
 * @typedef {object} Mark
 * @property {Said} verdict
 * @property {Set<string>} codes
 * @property {string} comment
 * @property {Place[]} places
 * @property {Record<Axis, boolean | null>} right null: follows from the codes
 */

/** @returns {Mark} */
const emptyMark = () => ({
  verdict: null, codes: new Set(), comment: "", places: [], right: { product: null, scene: null },
});

/** @type {Axis[]} */
const AXES = ["product", "scene"];
export const MOST_PLACES = 50; // as reviews/services/verdicts.py has it

export class Bundle {
  /** @param {import("./api.js").Item} item */
  constructor(item) {
    this.item = item;
    this.key = crypto.randomUUID(); // the same for every try to send it, so that it is decided once
    this.index = 0;
    /** @type {number | null} */
    this.best = null;
    /** @type {Mark[]} */
    this.marks = item.candidates.map(emptyMark);
    /** @type {number[]} */
    this.history = [];
    /** Marks of a decision that was taken back, not said again yet. @type {Set<number>} */
    this.unconfirmed = new Set();
    /** @type {Set<string>} */
    this.aids = new Set();
  }

  get current() {
    return this.marks[this.index];
  }

  /** Whether every image has a mark: it can be sent. */
  get canBeSent() {
    return this.marks.every((mark) => mark.verdict);
  }

  /** Whether every mark was made now: it is sent with the last one. */
  get complete() {
    return this.canBeSent && !this.unconfirmed.size;
  }

  /** @param {number} step */
  go(step) {
    const count = this.marks.length;
    this.index = (this.index + step + count) % count;
  }

  /** @param {number} index */
  pick(index) {
    this.index = index;
  }

  /** @param {string} key */
  toggleCode(key) {
    const { codes } = this.current;
    if (!codes.delete(key)) codes.add(key);
    this.#dropContradiction();
    if (this.current.verdict) this.#set(codes.size ? "reject" : null);
  }

  /** Shows a place on the current image; false when there are as many as may be. @param {Place} place */
  addPlace(place) {
    const { places } = this.current;
    if (places.length >= MOST_PLACES) return false;
    places.push(place);
    return true;
  }

  /** @param {number} index */
  removePlace(index) {
    this.current.places.splice(index, 1);
  }

  /** Says whether one axis is right: what follows from the codes, the other way round, and back. @param {Axis} axis */
  toggleAxis(axis) {
    const { right } = this.current;
    if (this.#faulty(axis)) return; // a defect on it is named
    right[axis] = right[axis] === false ? null : false;
    if (this.current.verdict === "approve") this.#set(null);
  }

  /** Whether the axis of the current image is right as things stand. @param {Axis} axis */
  isRight(axis, mark = this.current) {
    return mark.right[axis] ?? !this.#faulty(axis, mark);
  }

  approve() {
    this.#clear();
    this.#set("approve");
    this.#advance();
  }

  // False when no defect is named yet: a reject without a reason teaches nobody.
  reject() {
    if (!this.current.codes.size) return false;
    this.#set("reject");
    this.#advance();
    return true;
  }

  markBest() {
    this.best = this.best === this.index ? null : this.index;
    if (this.best === null) return;
    this.#clear();
    this.#set("approve");
  }

  // Takes back the last mark; false when there is none.
  undo() {
    const last = this.history.pop();
    if (last === undefined) return false;
    this.marks[last].verdict = null;
    this.marks[last].codes.clear();
    this.marks[last].right = { product: null, scene: null };
    if (this.best === last) this.best = null;
    this.index = last;
    return true;
  }

  /** @param {number} activeMs */
  decision(activeMs) {
    return {
      ...this.#envelope(activeMs),
      verdicts: this.item.candidates.map(({ handle }, index) => this.#verdict(handle, this.marks[index])),
      best: this.best === null ? null : this.item.candidates[this.best].handle,
    };
  }

  /** @param {number} activeMs */
  abstention(activeMs) {
    return { ...this.#envelope(activeMs), cannot_judge: true };
  }

  /**
   * Something about the item as a whole: `said` are the fields of its kind.
   * @param {Report} kind @param {object} said @param {number} activeMs
   */
  report(kind, said, activeMs) {
    return { ...this.#envelope(activeMs), [kind]: said };
  }

  /** @param {number} activeMs */
  #envelope(activeMs) {
    return {
      idempotency_key: this.key,
      shown_order: this.item.candidates.map(({ handle }) => handle),
      aids: [...this.aids],
      guideline: this.item.guideline ?? null,
      active_ms: activeMs,
    };
  }

  /** @param {string} handle @param {Mark} mark @returns {import("./api.js").Verdict} */
  #verdict(handle, mark) {
    return {
      candidate: handle,
      approved: mark.verdict === "approve",
      codes: [...mark.codes],
      comment: mark.comment,
      marks: mark.places,
      product_right: mark.right.product,
      scene_right: mark.right.scene,
    };
  }

  /** @param {Axis} axis */
  #faulty(axis, mark = this.current) {
    return this.item.codes.some((code) => code.axis === axis && mark.codes.has(code.key));
  }

  #dropContradiction() {
    for (const axis of AXES) if (this.#faulty(axis)) this.current.right[axis] = null;
  }

  #clear() {
    this.current.codes.clear();
    this.current.right = { product: null, scene: null };
  }

  /** @param {Said} verdict */
  #set(verdict) {
    const before = this.current.verdict;
    if ((before === null || this.unconfirmed.has(this.index)) && verdict) this.history.push(this.index);
    this.unconfirmed.delete(this.index);
    if (before && verdict === null) this.history = this.history.filter((index) => index !== this.index);
    if (verdict !== "approve" && this.best === this.index) this.best = null; // only an approved one can be the best
    this.current.verdict = verdict;
  }

  #advance() {
    const count = this.marks.length;
    for (let step = 1; step < count; step += 1) {
      const next = (this.index + step) % count;
      if (!this.marks[next].verdict || this.unconfirmed.has(next)) {
        this.index = next;
        return;
      }
    }
  }
}
