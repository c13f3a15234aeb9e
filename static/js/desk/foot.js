// The foot: the button that sends, and on a narrow screen the rest behind "More".
import { define } from "./actions.js";
import { onSettings, settings } from "./config.js";
import { inHand, onChange, onTake } from "./hand.js";
import { byId, find } from "../page.js";

const more = byId("desk-more", HTMLElement);
const opener = find(document, "[data-action=foot_more]", HTMLButtonElement);
const submit = find(document, ".desk-foot [data-action=submit]", HTMLButtonElement);

/** @param {boolean} isOpen */
function fold(isOpen) {
  more.toggleAttribute("data-open", isOpen);
  opener.setAttribute("aria-expanded", String(isOpen));
}

define({
  foot_more: () => fold(!more.hasAttribute("data-open")),
  fold_foot: () => fold(false),
}, { anytime: true });

more.addEventListener("click", () => fold(false));
onTake(() => fold(false));

// With the last mark it goes by itself, but for marks that were brought back: those are sent by this button only.
function drawSubmit() {
  const bundle = inHand();
  const isReady = Boolean(bundle?.canBeSent);
  submit.hidden = settings.send_on === "last_mark" && !isReady;
  submit.setAttribute("aria-disabled", String(!isReady));
}

onChange(drawSubmit);
onSettings(drawSubmit);
