// What the desk says of itself: saved or waiting, what is left of the day, why there is no item, and what was heard.
import { Problem } from "./api.js";
import { fill, gettext } from "../words.js";

const byId = (id) => document.getElementById(id);

/** Says it to a screen reader. @param {string} text */
export function announce(text) {
  byId("desk-live").textContent = text;
}

/** The images, instead of the reason why there are none. */
export function showDesk() {
  byId("desk").hidden = false;
  byId("desk-empty").hidden = true;
}

/** @param {string} reason one of the data-reason of the page @param {object} [quota] */
export function showEmpty(reason, quota) {
  byId("desk").hidden = true;
  byId("desk-empty").hidden = false;
  const text = gettext("%(used)s of %(limit)s images today. What waits is more than what is left of today; it comes tomorrow.");
  if (quota) byId("desk-done").textContent = fill(text, judged(quota));
  for (const node of byId("desk-empty").querySelectorAll("[data-reason]")) node.hidden = node.dataset.reason !== reason;
}

/** @param {{ used: number, open: number, limit: number }} quota */
export function showQuota(quota) {
  const { used, limit } = judged(quota);
  Object.assign(byId("desk-quota"), { max: Math.max(limit, 1), value: used });
  byId("desk-quota-text").textContent = fill(gettext("%(used)s of %(limit)s"), { used, limit });
}

// What is leased is charged already; people count what they have judged.
function judged({ used, open, limit }) {
  return { used: Math.max(used - open, 0), limit };
}

/** @param {{ waiting: number, obstacle: string }} line */
export function showStatus({ waiting, obstacle }) {
  const node = byId("desk-saved");
  const unsent = fill(gettext("Not sent yet: %(n)s"), { n: waiting });
  const text = obstacle ? unsent : waiting ? gettext("Saving") : gettext("Saved");
  if (node.textContent !== text) node.textContent = text;
  byId("desk-signed-out").hidden = obstacle !== "signed_out";
}

/** @param {Error} error */
export function refused(error) {
  const unreachable = gettext("The server did not answer. Nothing is lost; try again in a moment.");
  toast(error instanceof Problem ? error.message : unreachable, "error");
}

/** @param {string} text @param {string} [level] */
export function toast(text, level = "info") {
  document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level } }));
}
