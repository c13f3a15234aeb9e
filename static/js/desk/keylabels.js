// The keys as they stand on buttons and in the sheet: <kbd data-key-of="ACTION">.
import { actions, onSettings } from "./config.js";
import { shortcut, written } from "./keymap.js";

function draw() {
  for (const node of document.querySelectorAll("[data-key-of]")) {
    const { key } = actions[node.dataset.keyOf];
    node.textContent = key ? written(key) : "";
    node.hidden = !key;
  }
  for (const button of document.querySelectorAll("button[data-action]")) {
    const key = actions[button.dataset.action]?.key;
    if (key) button.setAttribute("aria-keyshortcuts", shortcut(key));
    else button.removeAttribute("aria-keyshortcuts");
  }
}

draw();
onSettings(draw);
