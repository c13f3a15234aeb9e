// What the reviewer has said so far of one item. Knows nothing of the page or the network.
export class Bundle {
  constructor(item) {
    this.item = item;
    this.key = crypto.randomUUID(); // the same for every try to send it, so that it is decided once
    this.index = 0;
    this.best = null;
    this.marks = item.candidates.map(() => ({ verdict: null, codes: new Set(), comment: "" }));
    this.history = [];
  }

  get current() {
    return this.marks[this.index];
  }

  get complete() {
    return this.marks.every((mark) => mark.verdict);
  }

  go(step) {
    const count = this.marks.length;
    this.index = (this.index + step + count) % count;
  }

  pick(index) {
    this.index = index;
  }

  toggleCode(key) {
    const { codes } = this.current;
    if (!codes.delete(key)) codes.add(key);
    if (this.current.verdict) this.#set(codes.size ? "reject" : null);
  }

  approve() {
    this.current.codes.clear();
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
    this.current.codes.clear();
    this.#set("approve");
  }

  // Takes back the last mark; false when there is none.
  undo() {
    const last = this.history.pop();
    if (last === undefined) return false;
    this.marks[last].verdict = null;
    this.marks[last].codes.clear();
    if (this.best === last) this.best = null;
    this.index = last;
    return true;
  }

  decision(activeMs) {
    return {
      idempotency_key: this.key,
      verdicts: this.item.candidates.map(({ handle }, index) => ({
        candidate: handle,
        approved: this.marks[index].verdict === "approve",
        codes: [...this.marks[index].codes],
        comment: this.marks[index].comment,
      })),
      best: this.best === null ? null : this.item.candidates[this.best].handle,
      shown_order: this.item.candidates.map(({ handle }) => handle),
      active_ms: activeMs,
    };
  }

  abstention(activeMs) {
    return { idempotency_key: this.key, cannot_judge: true, active_ms: activeMs };
  }

  report(said, activeMs) {
    return { idempotency_key: this.key, mask_wrong: said, active_ms: activeMs };
  }

  #set(verdict) {
    const before = this.current.verdict;
    if (before === null && verdict) this.history.push(this.index);
    if (before && verdict === null) this.history = this.history.filter((index) => index !== this.index);
    if (verdict !== "approve" && this.best === this.index) this.best = null; // only an approved one can be the best
    this.current.verdict = verdict;
  }

  #advance() {
    const count = this.marks.length;
    for (let step = 1; step < count; step += 1) {
      const next = (this.index + step) % count;
      if (!this.marks[next].verdict) {
        this.index = next;
        return;
      }
    }
  }
}
