// Mouse, pen and fingers on the images: what the gestures tell becomes zoom, movement, places and actions.
import { run } from "../actions.js";
import { frameOf } from "./frames.js";
import { Gestures, PRESS_MS } from "./gestures.js";
import { drop, placing, redraw, stretch, takes, tap } from "./placing.js";
import { isSingle } from "./view.js";
import { move, toggle, viewport, zoom } from "./zoom.js";
import { byId } from "../../page.js";

const WHEEL = 0.0016;
const TRACKPAD = 0.01; // what a pinch on a trackpad sends, with Ctrl
const LINE = 16;
const siblings = byId("siblings", HTMLElement);
const gestures = new Gestures();
/** @type {import("./frame.js").Frame | undefined} */
let frame;
/** @type {{ x: number, y: number, button: number }} */
let start = { x: 0, y: 0, button: 0 };
let timer = 0;
let isPlacing = false;
let swallows = false; // the click that ends a gesture is not a click

/** @param {PointerEvent} event */
function pointerOf({ pointerId, clientX, clientY, timeStamp, pointerType }) {
  return { id: pointerId, x: clientX, y: clientY, time: timeStamp, isTouch: pointerType === "touch" };
}

/** @type {Record<string, (gesture: any) => void>} */
const MEANINGS = {
  start(at) {
    isPlacing = Boolean(frame && start.button === 0 && placing() && takes(frame, frame.shareAt(at)));
  },
  tap(at) {
    if (frame && isPlacing) tap(frame.shareAt(at));
  },
  drag({ x, y, dx, dy, startX, startY }) {
    if (!frame) return;
    if (isPlacing) stretch(frame.shareAt({ x: startX, y: startY }), frame.shareAt({ x, y }));
    else if (viewport().magnification !== null) move(dx, dy);
  },
  end(at) {
    if (frame && isPlacing) drop(frame.shareAt(start), frame.shareAt(at));
  },
  pinch({ x, y, dx, dy, factor }) {
    if (!frame) return;
    move(dx, dy);
    zoom(factor, frame.fromMiddle({ x, y }));
  },
  swipe({ step }) {
    if (isSingle() && !isPlacing && viewport().magnification === null) run(step > 0 ? "next" : "previous");
  },
  press: () => { if (!isPlacing) run("blink", { down: true }); },
  release: () => run("blink", { down: false }),
  cancel: () => { if (isPlacing) redraw(); },
};

/** @param {import("./gestures.js").Gesture[]} found */
function mean(found) {
  for (const gesture of found) MEANINGS[gesture.kind](gesture);
}

siblings.addEventListener("pointerdown", (event) => {
  if (event.button > 1) return;
  if (event.isPrimary) {
    frame = frameOf(/** @type {Node} */ (event.target));
    start = { x: event.clientX, y: event.clientY, button: event.button };
    swallows = false;
  }
  if (event.button === 1) event.preventDefault(); // no scrolling by the middle button
  mean(gestures.down(pointerOf(event)));
  clearTimeout(timer);
  if (event.pointerType === "touch") timer = setTimeout(() => mean(gestures.waited()), PRESS_MS);
});

siblings.addEventListener("pointermove", (event) => {
  if (!event.buttons && event.pointerType === "mouse") return;
  mean(gestures.move(pointerOf(event)));
  if (!gestures.isMore) return;
  clearTimeout(timer);
  siblings.toggleAttribute("data-moving", true);
  if (!siblings.hasPointerCapture(event.pointerId)) siblings.setPointerCapture(event.pointerId);
});

function rest() {
  clearTimeout(timer);
  siblings.removeAttribute("data-moving");
}

siblings.addEventListener("pointerup", (event) => {
  swallows = gestures.isMore;
  mean(gestures.up(pointerOf(event)));
  rest();
});
siblings.addEventListener("pointercancel", ({ pointerId }) => {
  mean(gestures.cancel(pointerId));
  rest();
});
siblings.addEventListener("click", (event) => {
  if (!swallows) return;
  event.stopPropagation();
  event.preventDefault();
  swallows = false;
}, { capture: true });

siblings.addEventListener("dblclick", (event) => {
  const found = frameOf(/** @type {Node} */ (event.target));
  if (found && !placing()) toggle(found.fromMiddle({ x: event.clientX, y: event.clientY }));
});

// A long press would open the menu of the image, two fingers would zoom the page.
siblings.addEventListener("contextmenu", (event) => {
  if (event instanceof PointerEvent && event.pointerType === "touch") event.preventDefault();
});
siblings.addEventListener("touchmove", (event) => {
  if (event.touches.length > 1 && event.cancelable) event.preventDefault();
}, { passive: false });

// Where the page itself scrolls, the wheel scrolls it, and zooms with Ctrl only.
siblings.addEventListener("wheel", (event) => {
  const page = document.documentElement;
  const found = frameOf(/** @type {Node} */ (event.target));
  if (!found || (!event.ctrlKey && page.scrollHeight > page.clientHeight + 1)) return;
  event.preventDefault();
  const distance = event.deltaY * (event.deltaMode ? LINE : 1);
  const factor = Math.exp(-distance * (event.ctrlKey && !event.deltaMode ? TRACKPAD : WHEEL));
  zoom(Math.min(Math.max(factor, 0.5), 2), found.fromMiddle({ x: event.clientX, y: event.clientY }));
}, { passive: false });
