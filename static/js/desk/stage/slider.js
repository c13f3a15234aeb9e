// The line of the slider: the original is on its left. It can be dragged, and moved by the arrow keys.
import { onChange } from "../hand.js";
import { byId } from "../../page.js";
import { fill, gettext } from "../../words.js";
import { comparison, onCompare } from "./compare.js";
import { current } from "./frames.js";
import { percent as asPercent } from "./percent.js";

const siblings = byId("siblings", HTMLElement);
const line = byId("slider-line", HTMLElement);
const STEP = 2; // per cent
const LARGE_STEP = 10;
/** @type {Record<string, number>} */
const STEPS = {
  ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LARGE_STEP, PageUp: LARGE_STEP,
  Home: -100, End: 100,
};
let percent = 50;

/** @param {number} value */
function put(value) {
  percent = Math.min(100, Math.max(0, value));
  siblings.style.setProperty("--line", `${percent}%`);
  line.setAttribute("aria-valuenow", String(Math.round(percent)));
  line.setAttribute("aria-valuetext", fill(gettext("Original up to %(share)s from the left"), { share: asPercent(percent / 100) }));
}

function follow() {
  line.hidden = comparison() !== "slider";
  const { lens, notes } = current();
  const home = notes.parentElement ?? lens;
  if (line.hidden || line.parentElement === home) return;
  const hadFocus = document.activeElement === line;
  home.append(line);
  if (hadFocus) line.focus({ preventScroll: true });
}

onCompare(() => {
  const wasHidden = line.hidden;
  follow();
  if (wasHidden && !line.hidden) {
    put(50);
    line.focus({ preventScroll: true });
  } else if (line.hidden && document.activeElement === line) line.blur();
});
onChange(follow);

line.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in STEPS)) return;
  event.preventDefault();
  event.stopPropagation(); // the arrows go from image to image elsewhere
  const step = STEPS[event.key];
  put(percent + (event.shiftKey && Math.abs(step) === STEP ? Math.sign(step) * LARGE_STEP : step));
});

line.addEventListener("pointerdown", (event) => {
  event.stopPropagation();
  line.setPointerCapture(event.pointerId);
});
line.addEventListener("pointermove", (event) => {
  if (!line.hasPointerCapture(event.pointerId) || !line.parentElement) return;
  const { left, width } = line.parentElement.getBoundingClientRect();
  put(((event.clientX - left) / width) * 100);
});
