// Draws a bundle. Everything on the screen follows from (bundle, page of codes, asking, side by side).
import { Problem } from "./api.js";

const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const empty = byId("desk-empty");
const siblings = byId("siblings");
const live = byId("desk-live");
const CODES_A_PAGE = 9;

const fill = (text, values) => text.replace(/%([a-z]+)/g, (_, name) => values[name]);

export function codesOfPage(item, page) {
  return item.codes.slice(page * CODES_A_PAGE, (page + 1) * CODES_A_PAGE);
}

export function codePages(item) {
  return Math.ceil(item.codes.length / CODES_A_PAGE);
}

// A new item: its frames are built once, afterwards only their state changes, so nothing ever jumps.
export function showItem(bundle) {
  const { item } = bundle;
  const source = byId("desk-source");
  setPicture(source, item.source);
  siblings.querySelectorAll(".sibling:not(.sibling--source)").forEach((node) => node.remove());
  siblings.dataset.count = item.candidates.length + 1;
  item.candidates.forEach(({ picture }, index) => {
    const node = byId("sibling-model").content.firstElementChild.cloneNode(true);
    setPicture(node.querySelector("img"), picture);
    node.querySelector("[data-number]").textContent = `${index + 1}`;
    Object.assign(node.querySelector("button").dataset, { action: "pick", index });
    siblings.append(node);
  });
  byId("desk-product").textContent = item.product;
  byId("desk-prompt").textContent = item.prompt;
  desk.hidden = false;
  empty.hidden = true;
  live.textContent = fill(live.dataset.item, { product: item.product, n: item.candidates.length });
}

export function draw(bundle, { page, asking, pair }) {
  const nodes = [...siblings.querySelectorAll(".sibling:not(.sibling--source)")];
  nodes.forEach((node, index) => drawSibling(node, bundle, index));
  siblings.classList.toggle("siblings--pair", pair);
  pressed("zoom", pair);
  pressed("best", bundle.best === bundle.index);
  drawCodes(bundle, page);
  const hint = byId("desk-codes-hint");
  hint.textContent = asking ? hint.dataset.ask : hint.dataset.rest;
  desk.toggleAttribute("data-asking", asking);
  const comment = byId("desk-comment");
  if (document.activeElement !== comment) comment.value = bundle.current.comment;
}

export function announce(bundle) {
  const word = { approve: live.dataset.approved, reject: live.dataset.rejected }[bundle.current.verdict];
  live.textContent = fill(live.dataset.current, {
    n: bundle.index + 1, total: bundle.marks.length, state: word || live.dataset.unmarked,
  });
}

export function announceUndo() {
  live.textContent = live.dataset.undone;
}

export function undoneWithoutRoom() {
  toast(live.dataset.undoneWaits, "info");
}

export function undoneWithdrawn() {
  toast(live.dataset.undoneWithdrawn, "info");
}

// `reason` is one of the data-reason of the page.
export function showEmpty(reason, quota) {
  desk.hidden = true;
  empty.hidden = false;
  const done = byId("desk-done");
  if (quota) done.textContent = fill(done.dataset.text, judged(quota));
  for (const node of empty.querySelectorAll("[data-reason]")) {
    node.hidden = node.dataset.reason !== reason;
  }
}

export function showQuota(quota) {
  const { used, limit } = judged(quota);
  Object.assign(byId("desk-quota"), { max: Math.max(limit, 1), value: used });
  const text = byId("desk-quota-text");
  text.textContent = fill(text.dataset.text, { used, limit });
}

// What is leased is charged already; people count what they have judged.
function judged({ used, open, limit }) {
  return { used: Math.max(used - open, 0), limit };
}

export function showStatus({ waiting, obstacle }) {
  const node = byId("desk-saved");
  const text = obstacle ? fill(node.dataset.waiting, { n: waiting }) : waiting ? node.dataset.saving : node.dataset.saved;
  if (node.textContent !== text) node.textContent = text;
  byId("desk-signed-out").hidden = obstacle !== "signed_out";
}

export function refused(error) {
  toast(error instanceof Problem ? error.message : live.dataset.unreachable, "error");
}

function toast(text, level) {
  document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level } }));
}

export function openKeys() {
  byId("desk-keys").showModal();
}

function setPicture(image, picture) {
  const missing = image.closest("figure").querySelector("[data-missing]");
  missing.hidden = Boolean(picture);
  image.hidden = !picture;
  image.alt = picture ? picture.alt : "";
  if (!picture) return;
  image.onerror = () => { missing.hidden = false; };
  image.width = picture.width;
  image.height = picture.height;
  image.src = picture.url;
}

function drawSibling(node, bundle, index) {
  const { verdict, codes } = bundle.marks[index];
  const button = node.querySelector("button");
  button.setAttribute("aria-current", String(index === bundle.index));
  node.classList.toggle("sibling--current", index === bundle.index);
  for (const mark of node.querySelectorAll("[data-verdict]")) mark.hidden = mark.dataset.verdict !== verdict;
  node.querySelector("[data-best]").hidden = bundle.best !== index;
  const labels = bundle.item.codes.filter(({ key }) => codes.has(key)).map(({ label }) => label);
  node.querySelector("[data-codes]").textContent = labels.join(", ");
  const word = { approve: live.dataset.approved, reject: live.dataset.rejected }[verdict] || live.dataset.unmarked;
  node.querySelector("[data-state]").textContent = word;
}

function drawCodes(bundle, page) {
  const list = byId("desk-codes");
  const shown = codesOfPage(bundle.item, page);
  const known = [...list.children].map(({ dataset }) => dataset.key).join();
  if (known !== shown.map(({ key }) => key).join()) {
    list.replaceChildren(...shown.map((code, index) => codeNode(code, index)));
    byId("desk-codes-more").hidden = codePages(bundle.item) < 2;
  }
  for (const node of list.children) {
    node.firstElementChild.setAttribute("aria-pressed", String(bundle.current.codes.has(node.dataset.key)));
  }
}

function codeNode({ key, label, help }, index) {
  const node = byId("code-model").content.firstElementChild.cloneNode(true);
  const button = node.firstElementChild;
  node.dataset.key = key;
  Object.assign(button.dataset, { action: "code", index });
  button.title = help;
  button.querySelector("kbd").textContent = index + 1;
  button.querySelector("span").textContent = label;
  return node;
}

function pressed(action, value) {
  document.querySelector(`.desk-foot [data-action=${action}]`).setAttribute("aria-pressed", String(value));
}
