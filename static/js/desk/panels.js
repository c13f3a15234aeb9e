// What can be said of the item as a whole, each in its panel: a useless photo, a question, and "later".
import * as clock from "./clock.js";
import { pass, send } from "./course.js";
import { bundleInHand } from "./hand.js";
import { minutesUntilMorning } from "./later.js";
import { panel } from "./panel.js";
import { find } from "../page.js";

const later = find(document, "form[data-panel=snooze]", HTMLFormElement);

/** @param {import("./bundle.js").Report} kind @param {object} said */
function report(kind, said) {
  send(bundleInHand().report(kind, said, clock.lap()));
}

panel("unsuitable", { sent: (fields) => report("unsuitable_source", { comment: fields.get("comment") }) });
panel("escalate", { sent: (fields) => report("escalate", { question: fields.get("question") }) });
panel("snooze", { sent: (fields) => pass("snooze", { minutes: minutesOf(String(fields.get("until"))) }) });

/** @param {string} until minutes, or "morning" */
function minutesOf(until) {
  return until === "morning" ? minutesUntilMorning(new Date()) : Number(until);
}

// 1, 2 and 3 choose and send at once.
later.addEventListener("keydown", (event) => {
  const choice = /** @type {NodeListOf<HTMLInputElement>} */ (later.querySelectorAll("[name=until]"))[Number(event.key) - 1];
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  later.requestSubmit();
});
