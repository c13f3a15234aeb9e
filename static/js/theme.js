// Sets the chosen theme before the first paint. A classic script in <head>: a module would run after it.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("canvas-theme");
  } catch {
    // Storage is refused: the system's theme is used.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
