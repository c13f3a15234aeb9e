// The keys as they stand on buttons and in the sheet: <kbd data-key-of="ACTION">.
import { actions, onSettings } from "./config.js";
import { shortcut, written } from "./keymap.js";
import { findAll } from "../page.js";

function draw() {
  for (const node of findAll(document, "[data-key-of]", HTMLElement)) {
    const { key } = actions[node.dataset.keyOf ?? ""];
    node.textContent = key ? written(key) : "";
    node.hidden = !key;
  }
  for (const button of findAll(document, "button[data-action]", HTMLButtonElement)) {
    const key = actions[button.dataset.action ?? ""]?.key;
    if (key) button.setAttribute("aria-keyshortcuts", shortcut(key));
    else button.removeAttribute("aria-keyshortcuts");
  }
}

draw();
onSettings(draw);
