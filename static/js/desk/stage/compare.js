// The images compared with the original: shown in their place while a key is down, to one side of a line, half
// transparent over them, or subtracted from them. One way at a time, and none at first.
import { define } from "../actions.js";
import { inHand, onChange, onTake } from "../hand.js";
import { announce } from "../status.js";
import { byId, find } from "../../page.js";
import { gettext } from "../../words.js";
import { candidates } from "./frames.js";
import { say } from "./modeline.js";

const stage = byId("desk-stage", HTMLElement);
const blinkButton = find(stage, ".stage-bar [data-action=blink]", HTMLElement);
/** @type {Record<string, string>} */
const READING = {
  slider: gettext("Slider: the original is on the left of the line"),
  ghost: gettext("Ghost: half of what you see is the original"),
  difference: gettext("Difference: grey where nothing changed, lighter or darker where it did, four times as strong"),
};
/** @type {(() => void)[]} */
const listeners = [];
let way = "";
let isBlinking = false;

/** How the images are compared, or "". */
export function comparison() {
  return way;
}

/** @param {() => void} callback */
export const onCompare = (callback) => listeners.push(callback);

function draw() {
  stage.dataset.compare = way;
  stage.toggleAttribute("data-blink", isBlinking);
  for (const name of Object.keys(READING)) {
    stage.querySelector(`.stage-bar [data-action=${name}]`)?.setAttribute("aria-pressed", String(name === way));
  }
  blinkButton.setAttribute("aria-pressed", String(isBlinking));
  say("compare", isBlinking ? gettext("The original") : READING[way] ?? "");
  if (way || isBlinking) cover();
  for (const callback of listeners) callback();
}

function cover() {
  const source = inHand()?.item.source;
  if (source) for (const frame of candidates()) frame.cover(source);
}

/** @param {string} name */
function toggle(name) {
  way = way === name ? "" : name;
  draw();
  announce(READING[way] ?? gettext("No comparison"));
}

/** @param {boolean} isDown */
function blink(isDown) {
  if (isBlinking === isDown || (isDown && !inHand())) return;
  isBlinking = isDown;
  draw();
}

define({
  slider: () => toggle("slider"),
  ghost: () => toggle("ghost"),
  difference: () => toggle("difference"),
});
define({ blink: ({ down }) => blink(down !== false) }, { anytime: true }); // the key may be let go between two items

draw();
onTake(() => {
  if (!way) return;
  way = "";
  draw();
});
onChange(() => { if (way || isBlinking) cover(); });
addEventListener("blur", () => blink(false)); // whatever is let go of elsewhere

// The button is held like the key. A click without a hand, of an aid to speech or switches, turns it on and off.
let wasHeld = false;
blinkButton.addEventListener("pointerdown", () => {
  wasHeld = true;
  blink(true);
});
for (const name of ["pointerup", "pointerleave", "pointercancel"]) blinkButton.addEventListener(name, () => blink(false));
blinkButton.addEventListener("keydown", (event) => {
  if (event.key !== " " && event.key !== "Enter") return;
  event.preventDefault();
  blink(true);
});
blinkButton.addEventListener("keyup", ({ key }) => {
  if (key === " " || key === "Enter") blink(false);
});
blinkButton.addEventListener("click", (event) => {
  event.stopPropagation();
  if (!wasHeld) blink(!isBlinking);
  wasHeld = false;
});
blinkButton.addEventListener("contextmenu", (event) => event.preventDefault());
