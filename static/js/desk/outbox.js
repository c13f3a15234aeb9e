// What was said and is not yet known to have been heard: in order, and on the store until the server has answered.

/** @typedef {"decide" | "skip" | "snooze"} Verb */
/**
 * @typedef {object} Unsent
 * @property {string} key its idempotency key
 * @property {Verb} verb
 * @property {string} token the lease under which it is sent
 * @property {object} said what is sent
 * @property {import("./api.js").Item} item so that it can come back to the screen
 * @property {import("./drafts.js").Draft} marks what was marked, as it can be shown again
 * @property {number} order
 * @property {boolean} isTried whether the server may have heard it already
 */

export class Outbox {
  /** @type {Unsent[]} */
  #unsent = [];
  #store;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** Whether it is all kept when the page is closed. */
  get lasts() {
    return this.#store.lasts;
  }

  get waiting() {
    return this.#unsent.length;
  }

  /** The items that something unsent is about, each under the token that it is sent with. */
  get items() {
    return this.#unsent.map(({ item, token }) => ({ ...item, token }));
  }

  /** Takes over what an earlier page or another tab has left, oldest first; answers with it. */
  async load() {
    const known = new Set(this.#unsent.map(({ key }) => key));
    const left = (await this.#store.all("unsent").catch(() => [])).filter(({ key }) => !known.has(key));
    for (const entry of left) entry.isTried = true; // nobody knows how far it came
    this.#unsent = [...left, ...this.#unsent].sort((one, other) => one.order - other.order);
    return left.sort((one, other) => one.order - other.order);
  }

  /** @param {Omit<Unsent, "order" | "isTried">} said @returns {Unsent} */
  add(said) {
    const order = Math.max(Date.now(), (this.#unsent.at(-1)?.order ?? 0) + 1);
    const entry = { ...said, order, isTried: false };
    this.#unsent.push(entry);
    this.keep(entry);
    return entry;
  }

  /** Writes it down as it is now. @param {Unsent} entry */
  keep(entry) {
    return this.#store.put("unsent", entry).catch(() => {});
  }

  /** @param {string} key */
  has(key) {
    return this.#unsent.some((entry) => entry.key === key);
  }

  /** @param {string} key */
  remove(key) {
    this.#unsent = this.#unsent.filter((entry) => entry.key !== key);
    return this.#store.remove("unsent", key).catch(() => {});
  }

  /** The decision made last, if the server cannot have heard it: it can simply be taken out. */
  get retractable() {
    const last = this.#unsent.findLast(({ verb }) => verb === "decide");
    return last && !last.isTried ? last : null;
  }
}
