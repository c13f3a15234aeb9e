// What is in hand: the bundle of the item on the screen, or nothing. Whoever shows a part of it listens here.

/** @typedef {import("./bundle.js").Bundle} Bundle */

/** @typedef {(bundle: Bundle) => void} Listener */

/** @type {Bundle | null} */
let bundle = null;
/** @type {Record<"take" | "change" | "leave", Listener[]>} */
const listeners = { take: [], change: [], leave: [] };

/** The bundle in hand. */
export function inHand() {
  return bundle;
}

/** The same for who is asked only while there is one, like most actions. Throws when there is none. */
export function bundleInHand() {
  if (!bundle) throw new TypeError("nothing is in hand");
  return bundle;
}

/** Puts another item on the screen. @param {Bundle} next */
export function take(next) {
  leave();
  bundle = next;
  tell("take");
  tell("change");
}

/** Nothing is in hand any more. */
export function leave() {
  if (!bundle) return;
  tell("leave");
  bundle = null;
}

/** Says that something of the bundle, or of how it is shown, has changed. */
export function changed() {
  if (bundle) tell("change");
}

/** A new item has come; its frames are to be built. @param {Listener} callback */
export const onTake = (callback) => listeners.take.push(callback);

/** Something in it has changed; it is to be drawn anew. @param {Listener} callback */
export const onChange = (callback) => listeners.change.push(callback);

/** It leaves the screen. @param {Listener} callback */
export const onLeave = (callback) => listeners.leave.push(callback);

/** @param {"take" | "change" | "leave"} name */
function tell(name) {
  for (const callback of listeners[name]) if (bundle) callback(bundle);
}
