// The next paint of the page. What the person at the keyboard need not wait for comes after it.
const LONGEST_MS = 100; // a page that nobody sees is not painted

/** Done when the screen shows what was changed until now, or soon after where nothing is painted. @returns {Promise<void>} */
export function painted() {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS);
    requestAnimationFrame(() => setTimeout(() => { // what is queued within a frame runs once it is drawn
      clearTimeout(timer);
      resolve();
    }));
  });
}
