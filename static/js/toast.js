// Shows a short line in the corner on the event "canvas:toast" {text, level: "info"|"error"}. It never takes the focus.
// An error stays until it is closed; a line that only confirms leaves after six seconds, unless it is being read.
import { byId, find, onTold } from "./page.js";

const area = byId("toasts", HTMLElement);
const model = find(byId("toast-model", HTMLTemplateElement).content, "*", HTMLElement);
const STAY_MS = 6000;

/** @typedef {{ text: string, level?: "info" | "error" }} Toast */

onTold("canvas:toast", (/** @type {Toast} */ { text, level = "info" }) => {
  const toast = document.importNode(model, true);
  toast.dataset.level = level;
  find(toast, "[data-text]", HTMLElement).textContent = text;
  find(toast, "button", HTMLButtonElement).addEventListener("click", () => toast.remove());
  area.append(toast);
  if (level !== "error") leaveLater(toast);
});

/** @param {HTMLElement} toast */
function leaveLater(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leaveLater(toast);
    else toast.remove();
  }, STAY_MS);
}
