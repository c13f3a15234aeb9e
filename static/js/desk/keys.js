// Which key asks for which action. Off while somebody types, while a dialog is open, and with Ctrl, Alt or Meta.
const KEYS = {
  a: "approve",
  r: "reject",
  b: "best",
  n: "cannot",
  s: "skip",
  w: "mask",
  z: "undo",
  " ": "zoom",
  "?": "help",
  escape: "dismiss",
  0: "more",
  arrowleft: "previous",
  arrowright: "next",
  arrowup: "previous",
  arrowdown: "next",
};

export function listen(run) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    // Space and Enter belong to the button that has the focus, as everywhere.
    if (key === " " && event.target.closest("button, a, summary")) return;
    const action = /^[1-9]$/.test(key) ? "code" : KEYS[key];
    if (!action || (event.repeat && action !== "next" && action !== "previous")) return;
    event.preventDefault();
    run(action, Number(key) - 1);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button) run(button.dataset.action, Number(button.dataset.index));
  });
}
