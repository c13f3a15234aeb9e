// The page of a mask: joins photo, tools, history and server. What each does stands in its own module.
import { around, byId, find } from "../page.js";
import { Product } from "./api.js";
import { Board } from "./board.js";
import { loadMask, Overlay, Raster } from "./drawing.js";
import * as frame from "./frame.js";
import { History } from "./history.js";
import { Keyboard } from "./keyboard.js";
import { Pen } from "./pen.js";
import * as pointer from "./pointer.js";
import { Server } from "./server.js";
import { percent, tell, warn, sentence } from "./words.js";

/** @import { Base } from "./history.js" */
/** @import { Place, Rectangle, Stroke } from "./pen.js" */
/** @import { Sentence } from "./words.js" */

const editor = byId("mask-editor", HTMLElement);
const stage = byId("mask-stage", HTMLElement);
const photo = byId("mask-photo", HTMLImageElement);
const canvas = byId("mask-overlay", HTMLCanvasElement);
const cursor = byId("mask-cursor", HTMLElement);
const size = byId("mask-size", HTMLInputElement);
const opacity = byId("mask-opacity", HTMLInputElement);
const file = byId("mask-file", HTMLInputElement);
const { product = "", revision, present, byRectangle = "", mostStrokes, mostPoints } = editor.dataset;
const NOTHING = { kind: "nothing" };
const LARGEST = 0.25;
const SMALLEST = 0.0015;

await photo.decode().catch(() => {});
const width = photo.naturalWidth || 1280;
const height = photo.naturalHeight || 960;
Object.assign(canvas, { width, height });

const history = new History(`canvas-mask:${product}:${revision}`, {
  base: present ? { kind: "present", url: present } : NOTHING, strokes: [], rectangle: null,
});
const board = new Board(stage, byId("mask-board", HTMLElement), width, height);
const raster = new Raster(width, height);
const overlay = new Overlay(canvas);
const server = new Server(new Product(product), Number(revision), Number(editor.dataset.seen), Number(editor.dataset.repair) || null);
/** @type {Map<string, Promise<HTMLCanvasElement>>} */
const bases = new Map(); // by their address
let isQuick = false;
let drawing = 0;

// --- what is seen

function refresh(quick = false) {
  isQuick = quick;
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    overlay.draw(raster.canvas, { opacity: opacity.valueAsNumber / 100, outline: !isQuick, zoom: board.zoom });
  });
}

async function redraw() {
  const { base: { url }, strokes, rectangle } = history.now;
  frame.show(rectangle);
  const base = url ? await baseOf(url) : null;
  if (history.now.strokes !== strokes || history.now.base.url !== url) return; // somebody drew on meanwhile
  raster.replay(base, strokes);
  refresh();
}

/** @param {string} url */
async function baseOf(url) {
  const loading = bases.get(url) ?? loadMask(url, width, height);
  bases.set(url, loading);
  try {
    return await loading;
  } catch {
    bases.delete(url);
    warn(sentence("lost"));
    history.step({ base: NOTHING });
    return null;
  }
}

/** @param {Place | null} place */
function showCursor(place) {
  cursor.hidden = !place;
  if (!place) return;
  cursor.dataset.tool = pen.tool;
  const across = `${pen.tool === "rectangle" ? 12 : Math.max(6, 2 * pen.radius * board.longest)}px`;
  Object.assign(cursor.style, {
    left: `${place[0] * 100}%`, top: `${place[1] * 100}%`, width: across, height: across,
  });
}

/** @param {string} tool */
function choose(tool) {
  pen.cancel();
  pen.tool = tool;
  for (const name of ["rectangle", "brush", "eraser"]) button(name).setAttribute("aria-pressed", String(name === tool));
  tell("tool", { tool: find(button(tool), "span", HTMLElement).textContent, size: pixels() });
}

/** @param {number} radius */
function resize(radius) {
  pen.radius = Math.min(LARGEST, Math.max(SMALLEST, radius));
  size.valueAsNumber = 100 * Math.sqrt((pen.radius - SMALLEST) / (LARGEST - SMALLEST));
  size.setAttribute("aria-valuetext", sentence("size", { size: pixels() }));
  if (!cursor.hidden) cursor.style.width = cursor.style.height = `${Math.max(6, 2 * pen.radius * board.longest)}px`;
}

const pixels = () => Math.round(2 * pen.radius * Math.max(photo.width, photo.height, width, height));
/** @param {string} name */
const button = (name) => find(editor, `[data-do="${name}"]`, HTMLElement);

// --- what is drawn

/** @param {Stroke} stroke */
function hasRoom(stroke) {
  const { strokes } = history.now;
  const points = strokes.reduce((sum, { points: { length } }) => sum + length, stroke.points.length);
  return strokes.length < Number(mostStrokes) && points <= Number(mostPoints);
}

const pen = new Pen({
  paint(stroke, first) {
    raster.draw(stroke, first);
    refresh(true);
  },
  finish(stroke) {
    if (!hasRoom(stroke)) {
      warn(sentence("full"));
      return redraw();
    }
    history.step({ strokes: [...history.now.strokes, stroke] });
    tell(stroke.tool === "brush" ? "painted" : "erased", { share: percent(raster.share()) });
  },
  frame(rectangle, isDone) {
    frame.show(rectangle);
    if (!isDone) return;
    if (rectangle.right - rectangle.left < 0.01 || rectangle.bottom - rectangle.top < 0.01) return redraw();
    keepFrame(rectangle);
  },
  drop: () => redraw(),
});

/** @param {Rectangle} rectangle */
function keepFrame(rectangle) {
  history.step({ rectangle });
  const shown = Object.entries(rectangle).map(([side, share]) => [side, percent(share)]);
  tell("rectangle", Object.fromEntries(shown));
}

/** @param {Base} start @param {Sentence} [words] */
function begin(start, words) {
  history.step({ base: start, strokes: [] });
  if (words) tell(words);
}

/** @param {string} segmenter @param {Stroke[]} hints */
async function propose(segmenter, hints = []) {
  const { rectangle } = history.now;
  if (segmenter === byRectangle && !rectangle) {
    choose("rectangle");
    return tell("unknown");
  }
  const proposal = await server.propose(segmenter, rectangle, hints, (isWaiting) => { button("stop").hidden = !isWaiting; });
  if (!proposal) return;
  begin({ kind: "proposal", handle: proposal.handle, url: proposal.mask.fit_url }, "proposed");
  if (pen.tool === "rectangle") choose("brush");
  tell("proposed");
}

/** @param {File} chosen */
async function upload(chosen) {
  const proposal = await server.upload(chosen);
  file.value = "";
  if (proposal) begin({ kind: "proposal", handle: proposal.handle, url: proposal.mask.fit_url }, "uploaded");
}

async function save() {
  pen.cancel();
  if (!(await server.save(history.now))) return;
  history.forget();
  location.assign(editor.dataset.back ?? "");
}

// --- what each button and key does

/** A key has no button. @type {Record<string, (pressed?: HTMLElement) => unknown>} */
const actions = {
  rectangle: () => choose("rectangle"),
  brush: () => choose("brush"),
  eraser: () => choose("eraser"),
  undo: () => pen.cancel() || tell(history.undo() ? "undone" : "nothing-undone"),
  redo: () => tell(history.redo() ? "redone" : "nothing-redone"),
  smaller: () => resize(pen.radius / 1.25),
  larger: () => resize(pen.radius * 1.25),
  closer: () => zoom(1.25),
  farther: () => zoom(0.8),
  fit: () => { board.fit(); zoom(1); },
  hide() {
    canvas.hidden = !canvas.hidden;
    button("hide").setAttribute("aria-pressed", String(canvas.hidden));
    tell(canvas.hidden ? "hidden" : "shown");
  },
  keys: () => byId("mask-keys", HTMLDialogElement).showModal(),
  cut: () => propose(byRectangle),
  improve: () => propose(byRectangle, history.now.strokes),
  automatic: (pressed) => propose(pressed?.dataset.segmenter ?? ""),
  stop: () => server.stop(),
  nothing: () => begin(NOTHING),
  present: () => begin({ kind: "present", url: present }),
  check: () => server.check(history.now),
  save,
};

/** @param {number} factor */
function zoom(factor) {
  board.scale(factor);
  refresh();
  tell("zoom", { zoom: Math.round(board.zoom * 100) });
}

const keyboard = new Keyboard(stage, board, pen, {
  run: (name) => actions[name](),
  show: showCursor,
  tell(name, place) {
    if (!place) return tell(name);
    const where = sentence(raster.covers(place) ? "inside" : "outside");
    tell(name, { x: percent(place[0]), y: percent(place[1]), where });
  },
});
pointer.listen(stage, board, pen, {
  onHover: (place, kind) => showCursor(kind === "touch" ? null : place),
  onLeave: () => showCursor(null),
  isSpaceDown: () => keyboard.isSpaceDown,
  onPan: () => keyboard.dragged(),
});
editor.addEventListener("click", (event) => {
  const pressed = around(event, "[data-do]");
  if (pressed) actions[pressed.dataset.do ?? ""](pressed);
});
frame.onTyped(keepFrame, () => propose(byRectangle));
file.addEventListener("change", () => file.files?.[0] && upload(file.files[0]));
size.addEventListener("input", () => resize(SMALLEST + (size.valueAsNumber / 100) ** 2 * (LARGEST - SMALLEST)));
opacity.addEventListener("input", () => refresh());
history.onChange(redraw);

resize(pen.radius);
choose(history.now.base.kind === "nothing" && !history.now.strokes.length ? "rectangle" : "brush");
await redraw();
if (history.restored) tell("restored");
editor.dataset.ready = "";
