// Mouse, pen and fingers on the stage: one draws; two fingers, the middle button or Space with the mouse move the photo.

/** @import { Board } from "./board.js" */
/** @import { Pen, Place } from "./pen.js" */

/**
 * What the page wants to hear of, and has to say.
 * @typedef {object} Page
 * @property {(place: Place, kind: string) => void} onHover
 * @property {() => void} onLeave
 * @property {() => boolean} isSpaceDown
 * @property {() => void} onPan
 */

/** @param {HTMLElement} stage @param {Board} board @param {Pen} pen @param {Page} page */
export function listen(stage, board, pen, { onHover, onLeave, isSpaceDown, onPan }) {
  /** @type {Map<number, PointerEvent>} */
  const pointers = new Map();
  /** @type {number | null} */
  let hand = null; // the pointer that draws
  let panning = false;

  stage.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    if (pointers.size > 1) {
      // The first finger had begun to draw: it was the first of two.
      if (hand !== null) pen.cancel();
      hand = null;
      panning = true;
    } else if (event.button === 1 || isSpaceDown()) {
      event.preventDefault();
      panning = true;
      onPan();
    } else {
      if (pen.isDown) pen.cancel(); // begun with the keyboard
      hand = event.pointerId;
      pen.begin(board.at(event.clientX, event.clientY));
    }
    stage.toggleAttribute("data-panning", panning);
  });

  stage.addEventListener("pointermove", (event) => {
    onHover(board.at(event.clientX, event.clientY), event.pointerType);
    const before = pointers.get(event.pointerId);
    if (!before) return;
    if (panning) pan(before, event);
    else if (event.pointerId === hand) {
      const steps = event.getCoalescedEvents?.() ?? [];
      for (const step of steps.length ? steps : [event]) pen.move(board.at(step.clientX, step.clientY));
    }
    pointers.set(event.pointerId, event);
  });

  /** @param {PointerEvent} before @param {PointerEvent} event */
  function pan(before, event) {
    const others = [...pointers.values()].filter(({ pointerId }) => pointerId !== event.pointerId);
    const share = 1 / pointers.size;
    board.move((event.clientX - before.clientX) * share, (event.clientY - before.clientY) * share);
    if (!others.length) return;
    /** @param {PointerEvent} event */
    const distance = ({ clientX, clientY }) => Math.hypot(clientX - others[0].clientX, clientY - others[0].clientY);
    /** @type {(a: number, b: number) => number} */
    const middle = (a, b) => (a + b) / 2;
    board.scale(
      distance(event) / Math.max(1, distance(before)),
      middle(event.clientX, others[0].clientX), middle(event.clientY, others[0].clientY),
    );
  }

  /** @param {PointerEvent} event */
  function release(event) {
    if (!pointers.delete(event.pointerId)) return;
    if (event.pointerId === hand) {
      hand = null;
      if (event.type === "pointerup") pen.end(board.at(event.clientX, event.clientY));
      else pen.cancel();
    }
    if (!pointers.size) panning = false;
    stage.toggleAttribute("data-panning", panning);
  }
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
  stage.addEventListener("pointerleave", onLeave);
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    board.scale(1.0015 ** -event.deltaY, event.clientX, event.clientY);
  }, { passive: false });
}
