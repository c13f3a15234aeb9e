// Looks after the leases: longer while the person is at it, given back before they end while nobody is.
import * as ahead from "./ahead.js";
import * as api from "./api.js";
import * as clock from "./clock.js";
import * as course from "./course.js";
import { inHand } from "./hand.js";
import { keepInHand } from "./kept.js";
import { due } from "./lease-rules.js";
import * as line from "./line.js";

/** @typedef {import("./api.js").Item} Item */

const LOOK_AGAIN_MS = 10_000;
let givenBack = ""; // the handle of the item that was on the screen

/** Goes on after it was given back, or looks for the next item. */
export function goOn() {
  const handle = givenBack;
  givenBack = "";
  if (course.isBusy()) return;
  if (handle) course.resume(handle);
  else course.next();
}

/** Milliseconds. @param {Item} item */
function left({ lease_until: until }) {
  return Date.parse(until) - api.serverNow();
}

function look() {
  if (line.inTheWay()) return;
  const bundle = inHand();
  if (!bundle && course.isIdle() && !document.hidden) return course.next({ quiet: true });
  const isActive = clock.isActive();
  for (const item of ahead.items()) {
    const action = due(left(item), isActive);
    if (action === "extend") course.keep(item, api.extend);
    if (action === "give_back") giveBackUnseen(item);
  }
  if (bundle && !course.isBusy()) lookAfter(bundle.item, isActive);
}

/** @param {Item} item @param {boolean} isActive */
function lookAfter(item, isActive) {
  const action = due(left(item), isActive);
  if (action === "extend") course.keep(item, api.extend);
  if (action === "give_back") giveBack(item);
  if (isActive) ahead.fill();
}

/** @param {Item} item */
function giveBackUnseen(item) {
  ahead.forget(item);
  line.enqueue(() => api.release(item.token)).catch(() => {}); // it has ended by itself
}

/** @param {Item} item */
function giveBack(item) {
  keepInHand();
  givenBack = item.item;
  for (const unseen of ahead.items()) giveBackUnseen(unseen);
  line.enqueue(() => api.release(item.token)).catch(() => {});
  course.rest("given_back", { at: new Date() });
}

setInterval(look, LOOK_AGAIN_MS);

window.addEventListener("pagehide", () => {
  for (const item of ahead.items()) api.releaseLeaving(item.token);
  ahead.forget();
});

// Back from the browser's memory of left pages: what was held is not held any more.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
