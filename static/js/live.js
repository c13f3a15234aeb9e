// A part of the page that is asked for again and again (hx-trigger="every …", with an id). It is drawn anew only when
// something has changed; what the reader has opened stays open; its [data-say] is read out when it becomes another.
// The focus is put back by htmx, on whatever has an id.
import { gettext } from "./words.js";

const spoken = document.getElementById("live-words");
const latest = new Map(); // id of the part -> the answer that is on the page
let open = [];
let signedOut = false;

const say = (text) => document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
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

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const part = document.getElementById(detail.target.id) ?? document;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const text = (part.querySelector("[data-say]") ?? document.querySelector("[data-say]"))?.textContent.trim();
  if (spoken && text && spoken.textContent !== text) spoken.textContent = text;
});
