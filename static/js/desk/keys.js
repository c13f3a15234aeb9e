// Which key asks for which action. Off while somebody types, while a dialog is open, and with Ctrl, Alt or Meta.
import { run } from "./actions.js";
import { actions, settings } from "./config.js";

const FIXED = { escape: "dismiss" };
const byKey = new Map(Object.entries(actions).filter(([, { key }]) => key).map(([name, { key }]) => [key, name]));

/** The name of a pressed key as reviews/desk_actions.py writes it. @param {KeyboardEvent} event */
export function nameOf(event) {
  const key = event.key.toLowerCase();
  return event.shiftKey && key.length > 1 ? `shift+${key}` : key;
}

function actionOf(key) {
  if (/^[1-9]$/.test(key)) return "code";
  return byKey.get(key) || FIXED[key];
}

/** Whether single keys mean something now. @param {KeyboardEvent} event */
function isOurs(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
  return !document.querySelector("dialog[open]");
}

function isTyping(event) {
  return Boolean(event.target.closest("input, textarea, select, [contenteditable]"));
}

// Space and Enter belong to the button that has the focus, as everywhere.
function belongsToControl(key, target) {
  return (key === " " || key === "enter") && target.closest("button, a, summary");
}

document.addEventListener("keydown", (event) => {
  if (!isOurs(event)) return;
  if (isTyping(event)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = nameOf(event);
  const name = actionOf(key);
  if (!name || belongsToControl(key, event.target)) return;
  if (!settings.keys_on && key.length === 1) return;
  event.preventDefault();
  if (!event.repeat || actions[name]?.repeats) run(name, { index: Number(key) - 1, down: true });
});

document.addEventListener("keyup", (event) => {
  const name = actionOf(nameOf(event));
  if (actions[name]?.held) run(name, { down: false });
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) run(button.dataset.action, { index: Number(button.dataset.index), down: true });
});
