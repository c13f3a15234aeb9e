// The panel "the mask is wrong": a comment, and places shown on the original. Knows nothing of the network.
import { onTake } from "./hand.js";

const byId = (id) => document.getElementById(id);
const panel = byId("desk-mask");
const comment = byId("desk-mask-comment");
const hint = byId("desk-mask-hint");
const drawing = byId("desk-marks");
const NEAR_PX = 14;
const MOST_MARKS = 50;
let marks = [];

// A new item: nothing is said of its mask yet.
onTake(({ item: { source } }) => {
  marks = [];
  comment.value = "";
  if (source) drawing.setAttribute("viewBox", `0 0 ${source.width} ${source.height}`);
  show(false);
});

export function isOpen() {
  return !panel.hidden;
}

export function toggle() {
  show(panel.hidden);
  if (isOpen()) comment.focus();
}

export function close() {
  show(false);
}

export function said() {
  return { comment: comment.value, marks };
}

export function onReport(report) {
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    report();
  });
}

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

function show(open) {
  if (!open && panel.contains(document.activeElement)) document.activeElement.blur();
  panel.hidden = !open;
  drawing.toggleAttribute("hidden", !open);
  document.querySelector(".desk-foot [data-action=mask_wrong]").setAttribute("aria-expanded", String(open));
  draw();
}

function draw() {
  const { width, height } = drawing.viewBox.baseVal || {};
  const classes = ["mark mark--halo", "mark"];
  drawing.replaceChildren(...marks.flatMap(({ x, y }) => classes.map((name) => point(x * width, y * height, name))));
  hint.textContent = marks.length ? hint.dataset.some.replace("%n", marks.length) : hint.dataset.none;
}

function point(x, y, name) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "path");
  node.setAttribute("class", name);
  node.setAttribute("d", `M${x} ${y}h0`);
  return node;
}

drawing.addEventListener("click", (event) => {
  const { width, height } = drawing.viewBox.baseVal;
  const matrix = drawing.getScreenCTM();
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  const near = NEAR_PX / matrix.a; // screen pixels in pixels of the photo
  const x = place.x / width;
  const y = place.y / height;
  const left = marks.filter((mark) => Math.hypot(mark.x * width - place.x, mark.y * height - place.y) > near);
  const isNew = left.length === marks.length && left.length < MOST_MARKS;
  marks = isNew && x >= 0 && x <= 1 && y >= 0 && y <= 1 ? [...marks, { x: share(x), y: share(y) }] : left;
  draw();
  comment.focus({ preventScroll: true }); // so that Enter reports
});

function share(value) {
  return Math.round(value * 10_000) / 10_000;
}
