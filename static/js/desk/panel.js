// A panel is a form beside the images, <form data-panel="ACTION">: its action opens it with the focus inside, Enter sends,
// Escape closes. One is open at a time, and what was written in it is gone with the item.
import { define } from "./actions.js";
import { onTake } from "./hand.js";
import { find } from "../page.js";

/** @typedef {{ opened?: () => void, closed?: () => void, sent: (fields: FormData) => void }} Work */

/** @typedef {{ form: HTMLFormElement, work: Work }} Panel */

/** @type {Map<string, Panel>} */
const known = new Map();
let current = "";

/** Gives the panel of an action its work: what opening, closing and sending it does. @param {string} name @param {Work} work */
export function panel(name, work) {
  const form = find(document, `form[data-panel="${name}"]`, HTMLFormElement);
  known.set(name, { form, work });
  define({ [name]: () => (current === name ? close() : open(name)) });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (current === name) work.sent(new FormData(form));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
}

/** Whether a panel is open. @param {string} [name] this one, or any */
export function isOpen(name) {
  return name ? current === name : Boolean(current);
}

/** @param {string} name */
function open(name) {
  close();
  current = name;
  const { form, work } = /** @type {Panel} */ (known.get(name));
  form.hidden = false;
  tell(name, true);
  work.opened?.();
  find(form, "input:checked, input:not([type=radio]), textarea, button", HTMLElement).focus();
  form.scrollIntoView({ block: "nearest" });
}

/** Closes the one that is open; the focus goes back to the button of its action, if it was inside. */
export function close() {
  if (!current) return;
  const name = current;
  const { form, work } = /** @type {Panel} */ (known.get(name));
  const held = form.contains(document.activeElement);
  current = "";
  form.hidden = true;
  tell(name, false);
  work.closed?.();
  if (held) /** @type {HTMLElement} */ (document.activeElement).blur(); // so that keys are the desk's again
}

/** @param {string} name @param {boolean} isOpenNow */
function tell(name, isOpenNow) {
  for (const button of document.querySelectorAll(`.desk-foot [data-action="${name}"]`)) {
    button.setAttribute("aria-expanded", String(isOpenNow));
  }
}

onTake(() => {
  close();
  for (const { form } of known.values()) form.reset();
});
