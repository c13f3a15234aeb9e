// Draws aids over the frames. What is on is shown by the style sheet; pictures of heat are fetched only when wanted.
import { byId, find } from "../../page.js";
import { gettext } from "../../words.js";
import { all, candidates } from "./frames.js";
import { add } from "./svg.js";

/** @typedef {import("../api.js").Aids} Aids */
/** @typedef {import("../api.js").Finding} Finding */

const panel = byId("stage-findings", HTMLElement);
const said = find(panel, "[data-said]", HTMLElement);
const list = find(panel, "ol", HTMLElement);

/**
 * @param {import("../bundle.js").Bundle} bundle @param {Aids} aids @param {Set<string>} on names of the aids that are on
 */
export function draw({ item }, aids, on) {
  if (on.has("mask")) for (const frame of all()) drawOutline(frame, aids.outline);
  item.candidates.forEach(({ handle }, index) => {
    const found = aids.candidates.find((one) => one.handle === handle);
    if (!found) return;
    const frame = candidates()[index];
    if (on.has("findings")) drawFindings(frame, found.findings);
    if (on.has("heat_map") && found.heat_map) drawHeat(frame, found.heat_map.url);
  });
}

/** @param {import("./frame.js").Frame} frame @param {Aids["outline"]} rings */
function drawOutline({ notes }, rings) {
  const layer = notes.querySelector(".outline");
  if (!layer || layer.hasChildNodes()) return;
  const d = rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");
  for (const name of ["outline-line outline-line--halo", "outline-line"]) add(layer, "path", { class: name, d });
}

/** @param {import("./frame.js").Frame} frame @param {string} url */
function drawHeat({ base }, url) {
  if (base.querySelector(".heat")) return;
  const image = Object.assign(new Image(), { src: url, alt: "", className: "heat" });
  base.append(image); // beside the picture, or it could not blend with it
}

/** @param {import("./frame.js").Frame} frame @param {Finding[]} findings */
function drawFindings({ notes }, findings) {
  const layer = notes.querySelector(".findings");
  if (!layer || layer.hasChildNodes()) return;
  findings.forEach(({ regions }, index) => regions.forEach((region) => {
    const { x, y } = region;
    for (const name of ["finding finding--halo", "finding"]) add(layer, "rect", { class: name, ...region });
    const number = Object.assign(document.createElement("span"), { className: "finding-number" });
    number.textContent = String(index + 1);
    Object.assign(number.style, { left: `${x * 100}%`, top: `${y * 100}%` });
    layer.after(number);
  }));
}

/**
 * @param {boolean} shown @param {Finding[] | null} findings of the current image; null: not known yet
 * @param {boolean} failed
 */
export function listFindings(shown, findings, failed) {
  panel.hidden = !shown;
  if (!shown) return;
  const none = findings?.length === 0 ? gettext("The guardian found nothing on this image.") : "";
  said.textContent = failed ? gettext("The aids did not load") : none;
  list.replaceChildren(...(findings ?? []).map(({ label, reason }, index) => {
    const item = document.createElement("li");
    const number = Object.assign(document.createElement("span"), { className: "finding-number" });
    number.textContent = String(index + 1);
    item.append(number, Object.assign(document.createElement("strong"), { textContent: label }), ` ${reason}`);
    return item;
  }));
}
