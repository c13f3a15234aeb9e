// What can be done at the desk, by name. A part of the desk defines its actions; keys, buttons and gestures only name
// them. Labels and keys of the names are in reviews/desk_actions.py.

/** @typedef {{ index?: number, down?: boolean }} Detail `down` is false when the key of a held action is let go. */
/** @typedef {(detail: Detail) => void} Act */

/** @type {Map<string, { act: Act, anytime: boolean }>} */
const known = new Map();
let isOpen = () => true;

/**
 * Adds actions. Those that may run with no item in hand, or between two items, are `anytime`.
 * @param {Record<string, Act>} acts @param {{ anytime?: boolean }} [when]
 */
export function define(acts, { anytime = false } = {}) {
  for (const [name, act] of Object.entries(acts)) known.set(name, { act, anytime });
}

/** Says when the other actions may run. @param {() => boolean} predicate */
export function openWhen(predicate) {
  isOpen = predicate;
}

/** Does it, if it may be done now. @param {string} name @param {Detail} [detail] */
export function run(name, detail = {}) {
  const found = known.get(name);
  if (found && (found.anytime || isOpen())) found.act(detail);
}
