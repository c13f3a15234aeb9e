// The one line below the images that says what is on and how it is read. Each part of the stage has one sentence in it.
import { byId } from "../../page.js";

const node = byId("stage-mode", HTMLElement);
/** @type {Map<string, string>} */
const sentences = new Map();

/** @param {string} part @param {string} text "" when there is nothing to say */
export function say(part, text) {
  sentences.set(part, text);
  const line = [...sentences.values()].filter(Boolean).join(" · ");
  if (node.textContent !== line) node.textContent = line;
  node.title = line; // it may be longer than its place
}
