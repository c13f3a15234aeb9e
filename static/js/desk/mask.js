// The panel "the mask is wrong": a comment, and places shown on the original.
import * as clock from "./clock.js";
import { send } from "./course.js";
import { inHand, onTake } from "./hand.js";
import { panel } from "./panel.js";

const byId = (id) => document.getElementById(id);
const comment = byId("desk-mask-comment");
const hint = byId("desk-mask-hint");
const drawing = byId("desk-marks");
const NEAR_PX = 14;
const MOST_MARKS = 50;
let marks = [];

// A new item: nothing is said of its mask yet.
onTake(({ item: { source } }) => {
  marks = [];
  if (source) drawing.setAttribute("viewBox", `0 0 ${source.width} ${source.height}`);
  draw();
});

panel("mask_wrong", {
  opened: () => drawing.removeAttribute("hidden"),
  closed: () => drawing.setAttribute("hidden", ""),
  sent: (fields) => send(inHand().report("mask_wrong", { comment: fields.get("comment"), marks }, clock.lap())),
});

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
