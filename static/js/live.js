// A part of the page that is asked for again and again (hx-trigger="every …", with an id). It is drawn anew only when
// something has changed; what the reader has opened stays open; its [data-say] is read out when it becomes another.
// The focus is put back by htmx, on whatever has an id.
import { onTold } from "./page.js";
import { gettext } from "./words.js";

const spoken = document.getElementById("live-words");
const latest = new Map(); // id of the part -> the answer that is on the page
/** @type {string[]} */
let open = [];
let signedOut = false;

/**
 * What htmx tells of an answer, as far as it is used here.
 * @typedef {object} Swap
 * @property {XMLHttpRequest} xhr
 * @property {Element} target
 * @property {{ verb: string, path: string }} requestConfig
 * @property {boolean} shouldSwap
 */

/** @param {string | undefined} text */
const say = (text) => document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));

onTold("htmx:beforeSwap", (/** @type {Swap} */ detail) => {
  const { xhr, target, requestConfig } = detail;
  if (requestConfig.verb !== "get") return;
  if (new URL(xhr.responseURL).pathname !== requestConfig.path) {
    detail.shouldSwap = false; // led to the login page; it goes on by itself once they are signed in again
    if (!signedOut) say(gettext("You have been signed out. Sign in again in another tab, then repeat this."));
    signedOut = true;
    return;
  }
  signedOut = false;
  if (xhr.responseText === latest.get(target.id)) detail.shouldSwap = false;
  latest.set(target.id, xhr.responseText);
  open = [...target.querySelectorAll("details[open][id]")].map(({ id }) => id);
});

onTold("htmx:afterSwap", (/** @type {Swap} */ { target }) => {
  const part = document.getElementById(target.id) ?? document;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const text = (part.querySelector("[data-say]") ?? document.querySelector("[data-say]"))?.textContent.trim();
  if (spoken && text && spoken.textContent !== text) spoken.textContent = text;
});
