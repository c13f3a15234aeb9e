// What the page asks of the server, one thing at a time; every refusal is told in the server's own words.
import { byId } from "../page.js";
import { Problem, SignedOut } from "./api.js";
import * as notes from "./notes.js";
import { Proposals } from "./proposals.js";
import { sentence, tell, warn } from "./words.js";

/** @import { Product } from "./api.js" */
/** @import { Drawing } from "./history.js" */
/** @import { Rectangle, Stroke } from "./pen.js" */

export class Server {
  #isSaving = false;

  /**
   * @param {Product} product @param {number} revision that is drawn on
   * @param {number} seen the newest revision that the person knows of @param {number | null} repair
   */
  constructor(product, revision, seen, repair) {
    this.product = product;
    this.revision = revision;
    this.seen = seen;
    this.repair = repair;
    this.proposals = new Proposals(product, revision);
  }

  /**
   * A proposal that is ready, or null: it failed, which was told, or nobody waits for it any more.
   * @param {string} segmenter @param {Rectangle | null} rectangle @param {Stroke[]} hints
   * @param {(isWaiting: boolean) => void} onWaiting
   */
  propose(segmenter, rectangle, hints, onWaiting) {
    tell("waiting");
    onWaiting(true);
    return this.#told(async () => {
      const proposal = await this.proposals.ask(segmenter, rectangle, hints);
      if (proposal?.state === "failed") throw new Problem({ detail: proposal.failure });
      if (proposal) notes.show(proposal.notes);
      return proposal;
    }).finally(() => onWaiting(this.proposals.isWaiting));
  }

  stop() {
    return this.proposals.stop();
  }

  /** @param {File} file */
  upload(file) {
    tell("uploading");
    return this.#told(async () => {
      const proposal = await this.proposals.upload(file);
      notes.show(proposal.notes);
      return proposal;
    });
  }

  /** @param {Drawing} drawn */
  check(drawn) {
    return this.#told(async () => {
      /** @type {notes.Note[]} */
      const found = await this.product.post("drawn-masks/check/", this.#body(drawn));
      notes.show(found);
      if (found.length) byId("mask-status", HTMLElement).textContent = found.map(({ message }) => message).join(" ");
      else tell("fine");
    });
  }

  /**
   * Whether it was saved. What is drawn stays as it is either way.
   * @param {Drawing} drawn @returns {Promise<boolean>}
   */
  async save(drawn) {
    if (this.#isSaving) return false;
    this.#isSaving = true;
    tell("saving");
    try {
      return Boolean(await this.#told(() => this.product.post("drawn-masks/", { ...this.#body(drawn), repair: this.repair })));
    } finally {
      this.#isSaving = false;
    }
  }

  /** @param {Drawing} drawn */
  #body({ base: { kind, handle }, strokes }) {
    return { revision: this.revision, seen: this.seen, base: handle ? { kind, handle } : { kind }, strokes };
  }

  /** @template Answer @param {() => Promise<Answer>} ask @returns {Promise<Answer | null>} */
  async #told(ask) {
    try {
      return await ask();
    } catch (error) {
      byId("mask-status", HTMLElement).textContent = "";
      // Having been told of a newer revision, saving again means it.
      if (error instanceof Problem && error.code === "newer_revision") this.seen = (await this.product.get()).revisions[0].number;
      warn(this.#words(error));
      return null;
    }
  }

  /** @param {unknown} error */
  #words(error) {
    if (error instanceof Problem) return error.message;
    return sentence(error instanceof SignedOut ? "signed-out" : "unreachable");
  }
}
