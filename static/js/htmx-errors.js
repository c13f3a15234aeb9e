// Says in the reader's language what became of an htmx request that failed. The words stand on #toasts.
import { byId, onTold } from "./page.js";

const words = byId("toasts", HTMLElement).dataset;

/** @param {string | undefined} text */
const say = (text) => document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));

document.addEventListener("htmx:sendError", () => say(words.offline));
document.addEventListener("htmx:timeout", () => say(words.offline));
onTold("htmx:responseError", (/** @type {{ xhr: XMLHttpRequest }} */ { xhr: { status } }) => {
  if (status === 401) say(words.login);
  else if (status === 403) say(words.forbidden);
  else if (status >= 500) say(words.broken);
  else say(words.refused);
});
