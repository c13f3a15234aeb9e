// The mean over the last images. Knows nothing of the page.

export class Lately {
  /** @type {number[]} */
  #values = [];

  /** @param {number} length how many images count */
  constructor(length) {
    this.length = length;
  }

  /** @param {number} ms spent on all of them together @param {number} images */
  add(ms, images) {
    this.#values.push(...Array.from({ length: images }, () => ms / images));
    this.#values = this.#values.slice(-this.length);
  }

  /** How many images it has seen, at most its length. */
  get size() {
    return this.#values.length;
  }

  /** Milliseconds an image, or null before the first. @returns {number | null} */
  get mean() {
    const { size } = this;
    return size ? this.#values.reduce((sum, value) => sum + value, 0) / size : null;
  }
}
