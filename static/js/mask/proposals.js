// Asks for a mask and waits for it: a segmenter works elsewhere, and people go on drawing meanwhile.
import { Offline } from "./api.js";

/** @import { Product } from "./api.js" */
/** @import { Note } from "./notes.js" */
/** @import { Rectangle, Stroke } from "./pen.js" */

/**
 * A mask that a segmenter was asked for, or that was uploaded, as the API tells of it.
 * @typedef {object} Proposal
 * @property {string} handle
 * @property {"queued" | "running" | "ready" | "failed" | "cancelled"} state
 * @property {string} failure
 * @property {Note[]} notes
 * @property {{ fit_url: string }} mask
 */

const LOOK_MS = 500;
const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

export class Proposals {
  /** @type {string | null} */
  #waiting = null; // handle of the one that is waited for

  /** @param {Product} product @param {number} revision */
  constructor(product, revision) {
    this.product = product;
    this.revision = revision;
  }

  get isWaiting() {
    return this.#waiting !== null;
  }

  /**
   * The finished proposal, or null when nobody waits for it any more.
   * @param {string} segmenter @param {Rectangle | null} rectangle @param {Stroke[]} hints
   * @returns {Promise<Proposal | null>}
   */
  async ask(segmenter, rectangle, hints = []) {
    await this.stop();
    const body = { revision: this.revision, segmenter, rectangle, hints };
    const asked = await this.product.post("mask-proposals/", body);
    this.#waiting = asked.handle;
    try {
      let proposal = asked;
      while (proposal.state === "queued" || proposal.state === "running") {
        await pause();
        if (this.#waiting !== asked.handle) return null;
        proposal = await this.#look(asked.handle, proposal);
      }
      return proposal.state === "cancelled" || this.#waiting !== asked.handle ? null : proposal;
    } finally {
      if (this.#waiting === asked.handle) this.#waiting = null;
    }
  }

  // One that nobody waits for any more need not be made.
  async stop() {
    const handle = this.#waiting;
    this.#waiting = null;
    if (handle) await this.product.post(`mask-proposals/${handle}/cancel/`).catch(() => {});
  }

  /** @param {File} file @returns {Promise<Proposal>} */
  upload(file) {
    const form = new FormData();
    form.append("revision", String(this.revision));
    form.append("mask", file);
    return this.product.post("mask-proposals/upload/", form);
  }

  /** @param {string} handle @param {Proposal} before @returns {Promise<Proposal>} */
  async #look(handle, before) {
    try {
      return await this.product.get(`mask-proposals/${handle}/`);
    } catch (error) {
      if (error instanceof Offline) return before; // ask again
      throw error;
    }
  }
}
