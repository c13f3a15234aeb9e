// The gallery by keyboard: arrows move between the images, Space chooses, Shift takes all between. Without this script
// the boxes and the buttons below do the same, one by one.
import { fill, gettext, ngettext } from "../words.js";
import { between, columnsOf, placeAfter } from "./selection.js";

/** @typedef {{ link: HTMLAnchorElement, box: HTMLInputElement | null, tile: HTMLElement }} Tile */

const grid = document.getElementById("tiles");
const form = document.getElementById("selection");
if (grid && form) begin(grid, form);

/** @param {HTMLElement} grid @param {HTMLElement} form */
function begin(grid, form) {
  const tiles = tilesOf(grid);
  const tell = () => tellCount(tiles.filter(({ box }) => box?.checked).length);
  let anchor = 0; // where a range begins

  /** @param {number} place @param {boolean} upTo */
  const choose = (place, upTo) => {
    mark(tiles, upTo ? between(anchor, place) : [place], upTo || !tiles[place].box?.checked);
    anchor = place;
    tell();
  };
  grid.addEventListener("keydown", (event) => pressed(event, grid, tiles, choose));
  grid.addEventListener("click", (event) => {
    const place = tiles.findIndex(({ box }) => box === event.target);
    if (place < 0) return;
    if (event.shiftKey) mark(tiles, between(anchor, place), tiles[place].box?.checked ?? false);
    anchor = place;
  });
  form.addEventListener("change", tell);
  form.addEventListener("reset", () => setTimeout(tell));
  addEventListener("pageshow", tell); // what was chosen comes back with the page
  document.getElementById("selection-keys")?.removeAttribute("hidden");
  tell();
}

/** @param {HTMLElement} grid @returns {Tile[]} */
function tilesOf(grid) {
  return [...grid.querySelectorAll(".tile")].map((tile) => ({
    tile: /** @type {HTMLElement} */ (tile),
    link: /** @type {HTMLAnchorElement} */ (tile.querySelector("a.thumb")),
    box: tile.querySelector("input[name=handle]"),
  }));
}

/**
 * @param {KeyboardEvent} event @param {HTMLElement} grid @param {Tile[]} tiles
 * @param {(place: number, upTo: boolean) => void} choose
 */
function pressed(event, grid, tiles, choose) {
  const place = tiles.findIndex(({ link }) => link === event.target);
  if (place < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " ") {
    event.preventDefault();
    choose(place, event.shiftKey);
    return;
  }
  const columns = columnsOf(tiles.map(({ tile }) => tile.offsetTop));
  const next = placeAfter(place, event.key, columns, tiles.length, getComputedStyle(grid).direction === "rtl");
  if (next === place) return;
  event.preventDefault();
  tiles[next].link.focus();
}

/** @param {Tile[]} tiles @param {number[]} places @param {boolean} chosen */
function mark(tiles, places, chosen) {
  for (const place of places) {
    const { box } = tiles[place];
    if (box) box.checked = chosen;
  }
}

/** @param {number} number */
function tellCount(number) {
  const told = ngettext("%(number)s image chosen", "%(number)s images chosen", number);
  const output = document.getElementById("selection-count");
  if (output) output.textContent = number ? fill(told, { number }) : gettext("Choose images");
  const none = document.getElementById("selection-none");
  if (none) none.hidden = !number;
}
