// Looking things up on the page, and hearing what happens on it. A module that does not find what it stands on says so
// by name, instead of failing later at something else.

/**
 * @template {Element} Kind
 * @typedef {{ new (): Kind, prototype: Kind, readonly name: string }} KindOf
 */

/**
 * The element with this id. Throws when there is none, and when it is of another kind.
 * @template {Element} Kind
 * @param {string} id @param {KindOf<Kind>} kind @returns {Kind}
 */
export function byId(id, kind) {
  return sure(document.getElementById(id), kind, `#${id}`);
}

/**
 * The first element below `root` that matches. Throws when there is none, and when it is of another kind.
 * @template {Element} Kind
 * @param {ParentNode} root @param {string} selector @param {KindOf<Kind>} kind @returns {Kind}
 */
export function find(root, selector, kind) {
  return sure(root.querySelector(selector), kind, selector);
}

/**
 * All elements below `root` that match. Throws when one is of another kind.
 * @template {Element} Kind
 * @param {ParentNode} root @param {string} selector @param {KindOf<Kind>} kind @returns {Kind[]}
 */
export function findAll(root, selector, kind) {
  return [...root.querySelectorAll(selector)].map((element) => sure(element, kind, selector));
}

/**
 * What an event happened on or in, if it matches.
 * @param {Event} event @param {string} selector @returns {HTMLElement | null}
 */
export function around(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}

/**
 * Calls `listener` with the detail of every event of this name: one of ours, or one of htmx.
 * @template Detail
 * @param {string} name @param {(detail: Detail) => void} listener
 */
export function onTold(name, listener) {
  document.addEventListener(name, (event) => {
    if (event instanceof CustomEvent) listener(event.detail);
  });
}

/**
 * @template {Element} Kind
 * @param {Element | null} element @param {KindOf<Kind>} kind @param {string} asked @returns {Kind}
 */
function sure(element, kind, asked) {
  if (element instanceof kind) return element;
  const found = element?.constructor.name ?? "nothing";
  throw new TypeError(`the page should have ${asked} as ${kind.name}, and has ${found}`);
}
