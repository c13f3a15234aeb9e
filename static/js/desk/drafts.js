// What was marked and not yet sent, as plain data that outlives the page, and back again. Candidates go by their
// handles: an item may come back in another order.

/** @typedef {import("./api.js").Axis} Axis */
/** @typedef {import("./bundle.js").Bundle} Bundle */
/** @typedef {Omit<import("./bundle.js").Mark, "codes"> & { candidate: string, codes: string[] }} KeptMark */
/** @typedef {{ item: string, at: number, marks: KeptMark[], best: string | null, current: string, history: string[], toDo: string[] }} Draft */

/** @param {Bundle} bundle @returns {Draft} */
export function draftOf(bundle) {
  const handles = bundle.item.candidates.map(({ handle }) => handle);
  return {
    item: bundle.item.item,
    at: Date.now(),
    marks: bundle.marks.map((mark, index) => ({ ...mark, codes: [...mark.codes], candidate: handles[index] })),
    best: bundle.best === null ? null : handles[bundle.best],
    current: handles[bundle.index],
    history: bundle.history.map((index) => handles[index]),
    toDo: [...bundle.unconfirmed].map((index) => handles[index]),
  };
}

/** Whether there is anything in it worth keeping. @param {Bundle} bundle */
export function isMarked(bundle) {
  return bundle.marks.some(({ verdict, codes, comment, places, right }) => (
    verdict || codes.size || comment || places.length || right.product === false || right.scene === false
  ));
}

/** Puts the marks of a draft on a new bundle of the same item. @param {Bundle} bundle @param {Draft} draft */
export function restore(bundle, draft) {
  const handles = bundle.item.candidates.map(({ handle }) => handle);
  const places = (/** @type {string[]} */ list) => list.map((handle) => handles.indexOf(handle)).filter((index) => index >= 0);
  for (const { candidate, ...mark } of draft.marks) {
    const index = handles.indexOf(candidate);
    if (index >= 0) Object.assign(bundle.marks[index], structuredClone(mark), { codes: new Set(mark.codes) });
  }
  bundle.best = draft.best === null ? null : handles.indexOf(draft.best);
  bundle.index = Math.max(handles.indexOf(draft.current), 0);
  bundle.history = places(draft.history);
  bundle.unconfirmed = new Set(places(draft.toDo));
  return bundle;
}

/**
 * Shows again what was decided before it was taken back. Nothing of it is sent until it is marked again, image by image,
 * or sent as it is.
 * @param {Bundle} bundle @param {import("./api.js").Before} before
 */
export function remember(bundle, { verdicts, best }) {
  const handles = bundle.item.candidates.map(({ handle }) => handle);
  for (const said of verdicts) {
    const index = handles.indexOf(said.candidate);
    if (index < 0) continue;
    Object.assign(bundle.marks[index], {
      verdict: said.approved ? "approve" : "reject",
      codes: new Set(said.codes),
      comment: said.comment ?? "",
      places: structuredClone(said.marks ?? []),
      right: rightOf(bundle, said),
    });
    bundle.unconfirmed.add(index);
  }
  bundle.best = best && handles.includes(best) ? handles.indexOf(best) : null;
  return bundle;
}

/**
 * What follows from the named defects is not said again by hand.
 * @param {Bundle} bundle @param {import("./api.js").Verdict} said
 */
function rightOf({ item }, said) {
  const named = new Set(item.codes.filter(({ key }) => said.codes.includes(key)).map(({ axis }) => axis));
  const own = (/** @type {Axis} */ axis, /** @type {boolean | null} */ right) => (right === false && !named.has(axis) ? false : null);
  return { product: own("product", said.product_right), scene: own("scene", said.scene_right) };
}
