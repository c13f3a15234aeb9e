// Which key asks for which action. Off while somebody types, while a dialog is open, and with Ctrl, Alt or Meta.
import { run } from "./actions.js";
import { actions, onSettings, settings } from "./config.js";
import { meantBy } from "./keymap.js";
import { around } from "../page.js";

/** @type {Record<string, string>} */
const FIXED = { escape: "dismiss" };
/** @type {Map<string, string>} */
let byKey = new Map();

function read() {
  byKey = new Map(Object.entries(actions).filter(([, { key }]) => key).map(([name, { key }]) => [key, name]));
}

read();
onSettings(read);

/** @param {string} key */
function actionOf(key) {
  if (/^[1-9]$/.test(key)) return "code";
  return byKey.get(key) || FIXED[key];
}

/** Whether single keys mean something now. @param {KeyboardEvent} event */
function isOurs(event) {
  const writesSign = event.getModifierState("AltGraph") && event.key.length === 1; // Windows says Ctrl and Alt with it
  if ((event.ctrlKey || event.altKey || event.metaKey) && !writesSign) return false;
  return !event.isComposing && !document.querySelector("dialog[open]");
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  return Boolean(around(event, "input, textarea, select, [contenteditable]"));
}

/** Space and Enter belong to the button that has the focus, as everywhere. @param {string} key @param {Event} event */
function belongsToControl(key, event) {
  return (key === " " || key === "enter") && around(event, "button, a, summary");
}

document.addEventListener("keydown", (event) => {
  if (!isOurs(event)) return;
  if (isTyping(event)) {
    if (event.key === "Escape" && !event.defaultPrevented) around(event, "*")?.blur();
    return;
  }
  const key = meantBy(event, (name) => Boolean(actionOf(name)));
  const name = actionOf(key);
  if (!name || belongsToControl(key, event)) return;
  if (!settings.keys_on && key.length === 1) return;
  event.preventDefault();
  if (!event.repeat || actions[name]?.repeats) run(name, { index: Number(key) - 1, down: true });
});

document.addEventListener("keyup", (event) => {
  const name = actionOf(meantBy(event, (key) => Boolean(actionOf(key))));
  if (actions[name]?.held) run(name, { down: false });
});

document.addEventListener("click", (event) => {
  const button = around(event, "[data-action]");
  if (!button) return;
  run(button.dataset.action ?? "", { index: Number(button.dataset.index), down: true });
  // After a click of the mouse, Enter and Space are the desk's again and not this button's.
  if (event.detail && document.activeElement === button && !button.closest("form, dialog")) button.blur();
});
