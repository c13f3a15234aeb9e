// The guidelines beside the item: fetched once a version, read by keyboard, and quietly told when there are new ones.
import { byId, find } from "../page.js";
import { fill, gettext } from "../words.js";
import { isNews, remember } from "./seen.js";

/**
 * @typedef {{ url: string, width: number, height: number }} Picture
 * @typedef {{ good: boolean, code_label: string, caption: string, picture: Picture }} Example
 * @typedef {{ number: number | null, html: string, change_note: string, examples: Example[] }} Guideline
 */

const ROOT = "/api/v1/review/guidelines/";
const SCROLLS = new Set([" ", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);

const part = (/** @type {string} */ id) => byId(id, HTMLElement);
const panel = part("guidelines");
const body = part("guidelines-body");
/** @type {Map<string, Guideline>} */
const known = new Map();
/** @type {Map<string, number | null>} */
const inForce = new Map();
let shown = ""; // the variant whose guidelines are in the panel
/** @type {HTMLElement | null} */
let opener = null;

/** Whether the panel is on the screen. @returns {boolean} */
export function isOpen() {
  return !panel.hidden;
}

/**
 * Tells which version is in force for the item on the screen: `number` is the item's own `guideline`.
 * @param {string} variant @param {number | null} number
 */
export function announce(variant, number) {
  inForce.set(variant, number);
  if (isOpen()) load(variant);
  else showNews(isNews(localStorage, variant, number));
}

/** Opens the guidelines of a variant, or closes them. @param {string} variant */
export function toggle(variant) {
  if (isOpen()) return close();
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  panel.hidden = false;
  expand(true);
  body.focus();
  load(variant);
}

/** Closes the panel; the focus goes back to where it was. */
export function close() {
  if (!isOpen()) return;
  const held = panel.contains(document.activeElement);
  panel.hidden = true;
  expand(false);
  if (held && opener?.isConnected) opener.focus();
}

/** @param {string} variant */
async function load(variant) {
  shown = variant;
  const cached = known.get(variant);
  const wanted = inForce.get(variant);
  if (cached && (wanted === undefined || cached.number === wanted)) return show(variant, cached);
  if (!cached) body.replaceChildren(skeleton());
  try {
    const answer = await fetch(ROOT + encodeURIComponent(variant) + "/", { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    /** @type {Guideline} */
    const guideline = await answer.json();
    known.set(variant, guideline);
    if (shown === variant) show(variant, guideline);
  } catch {
    if (shown === variant && !cached) say(gettext("The guidelines did not load. Close this and try again."));
  }
}

/** @param {string} variant @param {Guideline} guideline */
function show(variant, guideline) {
  const { number, html, change_note: note, examples } = guideline;
  part("guidelines-version").textContent = number === null ? "" : fill(gettext("Version %(number)s"), { number });
  if (number === null) return say(gettext("Your team has not written any guidelines for this yet."));
  /** @type {Node[]} */
  const nodes = [prose(html)];
  if (note && number > 1 && isNews(localStorage, variant, number)) nodes.unshift(news(note));
  if (examples.length) nodes.push(list(examples));
  body.replaceChildren(...nodes);
  if (!isOpen()) return;
  remember(localStorage, variant, number);
  showNews(false);
}

/** The server has made the HTML safe: reviews/markdown.py. @param {string} html @returns {HTMLElement} */
function prose(html) {
  const node = document.createElement("div");
  node.className = "prose";
  node.innerHTML = html;
  return node;
}

/** @param {string} note @returns {HTMLElement} */
function news(note) {
  const node = document.createElement("p");
  node.className = "note";
  node.textContent = fill(gettext("What has changed: %(note)s"), { note });
  return node;
}

/** @param {Example[]} examples @returns {HTMLElement} */
function list(examples) {
  const node = document.createElement("ul");
  node.className = "examples";
  node.setAttribute("role", "list");
  node.append(...examples.map(draw));
  return node;
}

/** @param {Example} example @returns {Node} */
function draw({ good, code_label: label, caption, picture }) {
  const template = byId("guidelines-example", HTMLTemplateElement);
  const node = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const image = find(node, "img", HTMLImageElement);
  find(node, "li", HTMLElement).dataset.good = good ? "yes" : "no";
  image.width = picture.width;
  image.height = picture.height;
  image.src = picture.url;
  find(node, "strong", HTMLElement).textContent = kind(good, label);
  find(node, "figcaption span", HTMLElement).textContent = caption;
  return node;
}

/** @param {boolean} good @param {string} label @returns {string} */
function kind(good, label) {
  if (good) return `✓ ${gettext("Good")}`;
  return label ? `✗ ${fill(gettext("Bad: %(defect)s"), { defect: label })}` : `✗ ${gettext("Bad")}`;
}

/** @param {string} text */
function say(text) {
  const node = document.createElement("p");
  node.className = "quiet";
  node.textContent = text;
  body.replaceChildren(node);
}

/** The shape of what comes. @returns {HTMLElement} */
function skeleton() {
  const node = document.createElement("div");
  node.className = "prose";
  node.setAttribute("aria-hidden", "true");
  for (let line = 0; line < 8; line += 1) node.append(Object.assign(document.createElement("p"), { className: "skeleton" }));
  return node;
}

/** @returns {NodeListOf<HTMLElement>} */
const buttons = () => document.querySelectorAll("[data-action=guidelines]");

/** @param {boolean} open */
function expand(open) {
  for (const button of buttons()) button.setAttribute("aria-expanded", String(open));
}

/** @param {boolean} there */
function showNews(there) {
  for (const button of buttons()) {
    button.querySelector("[data-news]")?.remove();
    if (!there) continue;
    const badge = document.createElement("span");
    badge.className = "badge badge--count";
    badge.dataset.news = "";
    badge.textContent = gettext("New");
    button.append(badge);
  }
}

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (!SCROLLS.has(event.key)) return;
  event.stopPropagation(); // these keys scroll or close here; to the desk they would mean something else
});
part("guidelines-close").addEventListener("click", close);
