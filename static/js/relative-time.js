// <time datetime="…" data-relative>: "3 minutes ago" in the page's language, the exact time as its title.
// Without this script the exact time, written by the server, stays.
import { findAll } from "./page.js";
import { relative } from "./relative.js";
import { language } from "./words.js";

const words = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
const exact = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" });

/** @param {ParentNode} root */
function refresh(root) {
  for (const time of findAll(root, "time[data-relative]", HTMLTimeElement)) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.valueOf())) continue;
    time.title = exact.format(date);
    const text = relative((date.valueOf() - Date.now()) / 1000, words);
    if (time.textContent !== text) time.textContent = text;
  }
}

refresh(document);
setInterval(() => document.hidden || refresh(document), 30_000);
document.addEventListener("htmx:load", ({ target }) => {
  refresh((target instanceof Element && target.parentElement) || document);
});
