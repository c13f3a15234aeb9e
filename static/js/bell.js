// The number at the bell, asked for again once a minute while somebody is at the page: a page that is left open asks for
// nothing, and its session ends as it should. Without this script it is as it was when the page was loaded. The desk does
// not load it: nothing may come between a reviewer and the next image.

export const EVERY_MS = 60_000;
export const AT_THE_PAGE_MS = 10 * 60_000;

/**
 * Whether it is time to ask: the page is seen, in use, and the last answer is old enough.
 * @param {{ hidden: boolean, now: number, used: number, asked: number }} state times in milliseconds
 */
export const isDue = ({ hidden, now, used, asked }) =>
  !hidden && now - used < AT_THE_PAGE_MS && now - asked >= EVERY_MS;

/** @param {HTMLElement} place */
function keepFresh(place) {
  const from = place.dataset.from ?? "";
  let used = Date.now();
  let asked = Date.now();
  const ask = async () => {
    if (!isDue({ hidden: document.hidden, now: Date.now(), used, asked })) return;
    asked = Date.now();
    // The browser sends the tag of what it has, and answers from there while nothing has changed.
    const answer = await fetch(from, { credentials: "same-origin", cache: "no-cache" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const text = (await answer.text()).trim();
    if (text !== place.innerHTML.trim()) place.innerHTML = text;
  };
  for (const sign of ["keydown", "pointerdown", "pointermove", "scroll"]) {
    addEventListener(sign, () => (used = Date.now()), { passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) used = Date.now();
    void ask();
  });
  setInterval(ask, EVERY_MS / 4);
}

if (typeof document !== "undefined") {
  const place = document.getElementById("bell-count");
  if (place) keepFresh(place);
}
