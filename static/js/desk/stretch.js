// A stretch of work, ended by a pause that is long enough to be a rest. Knows nothing of the page.

const REST_MS = 5 * 60_000;

export class Stretch {
  #worked = 0;
  #total = 0;
  #since = 0;

  /**
   * Takes note of the clock; answers the active milliseconds since the last rest.
   * @param {number} total active milliseconds so far @param {number} now milliseconds
   */
  note(total, now) {
    const gained = total - this.#total;
    if (gained > 0) {
      if (now - this.#since > REST_MS + gained) this.#worked = 0;
      this.#worked += gained;
      this.#total = total;
      this.#since = now;
    }
    return this.#worked;
  }

  /** It counts from now on. */
  begin() {
    this.#worked = 0;
  }
}
