// The rectangle around the product: drawn on the photo, and as four numbers in percent.
import { byId, findAll } from "../page.js";

/** @import { Rectangle } from "./pen.js" */

const box = byId("mask-rectangle", HTMLElement);
const fields = findAll(document, "[data-side]", HTMLInputElement);

/** @param {HTMLInputElement} field */
const sideOf = (field) => /** @type {keyof Rectangle} */ (field.dataset.side);

/** @param {Rectangle | null} rectangle */
export function show(rectangle) {
  box.hidden = !rectangle;
  for (const field of fields) {
    if (document.activeElement !== field) field.value = rectangle ? (rectangle[sideOf(field)] * 100).toFixed(1) : "";
  }
  if (!rectangle) return;
  const { left, top, right, bottom } = rectangle;
  /** @param {number} value */
  const share = (value) => `${value * 100}%`;
  Object.assign(box.style, { left: share(left), top: share(top), width: share(right - left), height: share(bottom - top) });
}

/**
 * Calls `take` with a rectangle as soon as the four fields make one, and `cut` when Enter is pressed in one of them.
 * @param {(rectangle: Rectangle) => void} take @param {() => void} cut
 */
export function onTyped(take, cut) {
  for (const field of fields) {
    field.addEventListener("change", () => {
      const typed = { left: NaN, top: NaN, right: NaN, bottom: NaN };
      for (const one of fields) typed[sideOf(one)] = one.valueAsNumber / 100; // NaN where nothing stands
      const isWhole = Object.values(typed).every((value) => value >= 0 && value <= 1);
      if (isWhole && typed.left < typed.right && typed.top < typed.bottom) take(typed);
    });
    field.addEventListener("keydown", ({ key }) => {
      if (key !== "Enter") return;
      field.dispatchEvent(new Event("change")); // what was typed counts before the field is left
      cut();
    });
  }
}
