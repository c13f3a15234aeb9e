// What should be looked at again in the mask, as sentences beside the photo.
import { byId } from "../page.js";

const box = byId("mask-notes-box", HTMLElement);
const list = byId("mask-notes", HTMLElement);

/** @typedef {{ message: string }} Note */

/** @param {Note[]} notes */
export function show(notes) {
  list.replaceChildren(...notes.map(({ message }) => Object.assign(document.createElement("li"), { textContent: message })));
  box.hidden = !notes.length;
}
