// What the desk says of itself: saved or waiting, what is left of the day, why there is no item, and what was heard.
import { Problem } from "./api.js";
import { byId, findAll } from "../page.js";
import { fill, gettext } from "../words.js";

const SAYS_SAVING_AFTER_MS = 300; // what is saved at once need not be mentioned
const part = (/** @type {string} */ id) => byId(id, HTMLElement);
let saving = 0;

/** Says it to a screen reader. @param {string} text */
export function announce(text) {
  part("desk-live").textContent = text;
}

/** The images, instead of the reason why there are none. */
export function showDesk() {
  part("desk").hidden = false;
  part("desk-empty").hidden = true;
}

/** @typedef {{ quota?: import("./api.js").Quota, until?: string, at?: Date }} Said */

/** @param {string} reason one of the data-reason of the page @param {Said} [said] what goes with it */
export function showEmpty(reason, { quota, until, at } = {}) {
  const empty = part("desk-empty");
  part("desk").hidden = true;
  empty.hidden = false;
  if (quota) part("desk-done").textContent = quota.told;
  if (until) part("desk-until").textContent = fill(gettext("It comes back at %(time)s."), { time: clockTime(new Date(until)) });
  if (at) part("desk-given-back").textContent = fill(gettext("Given back while you were away, %(time)s"), { time: clockTime(at) });
  for (const node of findAll(empty, "[data-reason]", HTMLElement)) {
    node.hidden = !node.dataset.reason?.split(" ").includes(reason);
  }
  findAll(empty, ".button--primary:not([hidden])", HTMLElement)[0]?.focus(); // Enter goes on
}

/** @param {Date} time */
function clockTime(time) {
  return time.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

/** @param {import("./api.js").Quota} quota */
export function showQuota(quota) {
  const { judged: used, limit } = quota.today;
  Object.assign(byId("desk-quota", HTMLProgressElement), { max: Math.max(limit, 1), value: used });
  part("desk-quota-text").textContent = fill(gettext("%(used)s of %(limit)s"), { used, limit });
  part("desk-quota-more").textContent = quota.more;
}

/** @param {{ waiting: number, obstacle: string, lasts: boolean }} state */
export function showStatus({ waiting, obstacle, lasts }) {
  clearTimeout(saving);
  part("desk-saved").dataset.waiting = String(waiting);
  if (obstacle) say(fill(gettext("Not sent yet: %(n)s"), { n: waiting }));
  else if (!waiting) say(lasts ? gettext("Saved") : gettext("Saved. What is unsent is kept by this page only."));
  else saving = window.setTimeout(() => say(gettext("Saving")), SAYS_SAVING_AFTER_MS);
  part("desk-signed-out").hidden = obstacle !== "signed_out";
}

/** @param {string} text */
function say(text) {
  const node = part("desk-saved");
  if (node.textContent !== text) node.textContent = text;
}

/** @param {unknown} error */
export function refused(error) {
  const unreachable = gettext("The server did not answer. Nothing is lost; try again in a moment.");
  toast(error instanceof Problem ? error.message : unreachable, "error");
}

/** @param {string} text @param {string} [level] */
export function toast(text, level = "info") {
  document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level } }));
}
