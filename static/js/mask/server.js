// What the page asks of the server, one thing at a time; every refusal is told in the server's own words.
import { Problem, SignedOut } from "./api.js";
import * as notes from "./notes.js";
import { Proposals } from "./proposals.js";
import { sentence, tell, warn } from "./words.js";

export class Server {
  #isSaving = false;

  constructor(product, revision, seen, repair) {
    Object.assign(this, { product, revision, seen, repair, proposals: new Proposals(product, revision) });
  }

  // A proposal that is ready, or null: it failed, which was told, or nobody waits for it any more.
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

  upload(file) {
    tell("uploading");
    return this.#told(async () => {
      const proposal = await this.proposals.upload(file);
      notes.show(proposal.notes);
      return proposal;
    });
  }

  check(drawn) {
    return this.#told(async () => {
      const found = await this.product.post("drawn-masks/check/", this.#body(drawn));
      notes.show(found);
      if (found.length) document.getElementById("mask-status").textContent = found.map(({ message }) => message).join(" ");
      else tell("fine");
    });
  }

  // Whether it was saved. What is drawn stays as it is either way.
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

  #body({ base: { kind, handle }, strokes }) {
    return { revision: this.revision, seen: this.seen, base: handle ? { kind, handle } : { kind }, strokes };
  }

  async #told(ask) {
    try {
      return await ask();
    } catch (error) {
      document.getElementById("mask-status").textContent = "";
      // Having been told of a newer revision, saving again means it.
      if (error.code === "newer_revision") this.seen = (await this.product.get()).revisions[0].number;
      warn(this.#words(error));
      return null;
    }
  }

  #words(error) {
    if (error instanceof Problem) return error.message;
    return sentence(error instanceof SignedOut ? "signed-out" : "unreachable");
  }
}
