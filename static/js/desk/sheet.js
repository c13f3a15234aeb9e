// The sheet of keys: shows every key, and changes them there and then.
import { define } from "./actions.js";
import { changeSettings } from "./api.js";
import { actions, apply, keysNow, onSettings, settings } from "./config.js";
import { holderOf, isUsable, nameOf, written } from "./keymap.js";
import { refused } from "./status.js";
import { around, byId, find, findAll } from "../page.js";
import { fill, gettext } from "../words.js";

const dialog = byId("desk-keys", HTMLDialogElement);
const said = byId("desk-keys-said", HTMLElement);
const swap = byId("desk-keys-swap", HTMLButtonElement);
const preset = byId("desk-keys-preset", HTMLSelectElement);
const single = byId("desk-keys-on", HTMLInputElement);
const wanted = byId("desk-keys-find", HTMLInputElement);
const rows = findAll(dialog, "[data-row]", HTMLElement);
let asked = ""; // the action whose new key is awaited
/** @type {{ name: string, other: string, key: string } | null} */
let clash = null;

define({ help: () => dialog.open || dialog.showModal() }, { anytime: true });

/** @param {object} changes @param {string} text what is said once it is done */
async function save(changes, text) {
  ask("");
  try {
    apply(await changeSettings(changes));
    say(text);
  } catch (error) {
    refused(error);
    say(gettext("Nothing was changed."));
    draw();
  }
}

/** Waits for the new key of an action, or no longer. @param {string} name */
function ask(name) {
  asked = name;
  clash = null;
  swap.hidden = true;
  if (name) say(fill(gettext("%(action)s: press its new key, or Escape to leave it."), { action: label(name) }));
  draw();
}

/** @param {string} text */
function say(text) {
  said.textContent = text;
}

/** @param {string} name */
function label(name) {
  return rows.find((row) => row.dataset.row === name)?.dataset.label ?? name;
}

/** @param {string} key */
function answer(key) {
  if (!isUsable(key)) return say(fill(gettext("%(key)s always means the same. Press another key."), { key: written(key) }));
  const other = holderOf(keysNow(), key, asked);
  if (!other) return give({ [asked]: key }, fill(gettext("%(action)s: %(key)s"), { action: label(asked), key: written(key) }));
  clash = { name: asked, other, key };
  say(fill(gettext("%(key)s already stands for: %(action)s. Swap the two keys, or press another."), {
    key: written(key), action: label(other),
  }));
  swap.hidden = false;
}

/** @param {Record<string, string>} keys @param {string} text */
function give(keys, text) {
  const button = find(dialog, `[data-row="${asked}"] [data-change]`, HTMLButtonElement);
  save({ keys: { ...settings.keys, ...keys } }, text);
  button.focus();
}

swap.addEventListener("click", () => {
  if (!clash) return;
  const { name, other, key } = clash;
  give({ [name]: key, [other]: actions[name].key }, gettext("The two keys are swapped."));
});

// Before the dialog takes Escape for itself.
dialog.addEventListener("keydown", (event) => {
  if (!asked || event.ctrlKey || event.metaKey) return;
  if (["Shift", "Alt", "AltGraph", "CapsLock", "Dead"].includes(event.key)) return;
  if (clash && (event.key === "Tab" || event.target === swap)) return; // on the way to the button, and on it
  event.preventDefault();
  if (event.key === "Escape" || event.key === "Tab") {
    ask("");
    say(gettext("Nothing was changed."));
  } else answer(nameOf(event));
});

dialog.addEventListener("click", (event) => {
  const name = around(event, "[data-row]")?.dataset.row ?? "";
  if (around(event, "[data-change]")) ask(asked === name ? "" : name);
  if (around(event, "[data-reset]")) reset(name);
});

/** @param {string} name */
function reset(name) {
  const { [name]: _gone, ...keys } = settings.keys;
  save({ keys }, fill(gettext("%(action)s: as in the preset"), { action: label(name) }));
  find(dialog, `[data-row="${name}"] [data-change]`, HTMLButtonElement).focus();
}

byId("desk-keys-reset", HTMLButtonElement).addEventListener("click", () => save({ keys: {} }, gettext("All keys are as in the preset.")));
byId("desk-keys-print", HTMLButtonElement).addEventListener("click", () => window.print());
preset.addEventListener("change", () => save({ preset: preset.value, keys: {} }, gettext("The preset is taken over.")));
single.addEventListener("change", () => {
  save({ keys_on: single.checked }, single.checked ? gettext("Single keys are on.") : gettext("Single keys are off."));
});

wanted.addEventListener("input", () => {
  const words = wanted.value.trim().toLocaleLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(words);
  for (const group of findAll(dialog, "[data-group]", HTMLElement)) group.hidden = !group.querySelector("[data-row]:not([hidden])");
});

dialog.addEventListener("close", () => {
  ask("");
  say("");
});

function draw() {
  preset.value = settings.preset;
  single.checked = settings.keys_on;
  for (const row of rows) {
    const name = row.dataset.row ?? "";
    row.toggleAttribute("data-asked", name === asked);
    find(row, "[data-change]", HTMLElement).setAttribute("aria-pressed", String(name === asked));
    find(row, "[data-reset]", HTMLElement).hidden = !(name in settings.keys);
    find(row, "[data-none]", HTMLElement).hidden = Boolean(actions[name].key);
  }
}

draw();
onSettings(draw);
