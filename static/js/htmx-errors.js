// Says in the reader's language what became of an htmx request that failed.
import { onTold } from "./page.js";
import { gettext } from "./words.js";

const UNANSWERED = gettext("The network did not answer. Nothing was changed; try again in a moment.");

/** @param {string} text */
const say = (text) => document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));

document.addEventListener("htmx:sendError", () => say(UNANSWERED));
document.addEventListener("htmx:timeout", () => say(UNANSWERED));
onTold("htmx:responseError", (/** @type {{ xhr: XMLHttpRequest }} */ { xhr: { status } }) => {
  if (status === 401) say(gettext("You have been signed out. Sign in again in another tab, then repeat this."));
  else if (status === 403) say(gettext("Your role does not allow this. Nothing was changed."));
  else if (status >= 500) say(gettext("Something went wrong on our side. Nothing was changed; try again in a moment."));
  else say(gettext("This could not be done as it stands. Reload the page to see the newest state."));
});
