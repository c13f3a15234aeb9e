// The daily work of a role stands in the bar as long as there is room for it, whatever the language and the size of the
// text; else the menu is one button with everything in it.
import { find } from "./page.js";

/**
 * Whether entries of this width have no room beside the button of the list.
 * @param {number} room pixels that the bar leaves to the menu
 * @param {number} daily pixels of the entries @param {number} more pixels of the button
 */
export const isTooNarrow = (room, daily, more) => Math.ceil(daily + more) > Math.floor(room);

/** @param {HTMLElement} nav @param {HTMLElement} daily */
function foldWhereNarrow(nav, daily) {
  const more = find(nav, ".nav-more", HTMLDetailsElement);
  const fit = () => {
    // The width of the button is its unfolded one: a folded menu must not take itself for one that has room.
    nav.classList.remove("nav--folded");
    nav.classList.toggle("nav--folded", isTooNarrow(nav.clientWidth, daily.scrollWidth, more.offsetWidth));
  };
  new ResizeObserver(fit).observe(nav);
}

if (typeof document !== "undefined") {
  const nav = document.getElementById("nav");
  const daily = nav?.querySelector(".nav-daily");
  if (nav && daily instanceof HTMLElement) foldWhereNarrow(nav, daily);
}
