// Asks for a mask and waits for it: a segmenter works elsewhere, and people go on drawing meanwhile.
import { Offline } from "./api.js";

const LOOK_MS = 500;
const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

export class Proposals {
  #waiting = null; // handle of the one that is waited for

  constructor(product, revision) {
    Object.assign(this, { product, revision });
  }

  get isWaiting() {
    return this.#waiting !== null;
  }

  // The finished proposal, or null when nobody waits for it any more.
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

  upload(file) {
    const form = new FormData();
    form.append("revision", this.revision);
    form.append("mask", file);
    return this.product.post("mask-proposals/upload/", form);
  }

  async #look(handle, before) {
    try {
      return await this.product.get(`mask-proposals/${handle}/`);
    } catch (error) {
      if (error instanceof Offline) return before; // ask again
      throw error;
    }
  }
}
