// Shows a short line in the corner on the event "canvas:toast" {text, level: "info"|"error"}. It never takes the focus.
// An error stays until it is closed; a line that only confirms leaves after six seconds, unless it is being read.
const area = document.getElementById("toasts");
const model = document.getElementById("toast-model");
const STAY_MS = 6000;

document.addEventListener("canvas:toast", ({ detail: { text, level = "info" } }) => {
  const toast = model.content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  toast.querySelector("[data-text]").textContent = text;
  toast.querySelector("button").addEventListener("click", () => toast.remove());
  area.append(toast);
  if (level !== "error") leaveLater(toast);
});

function leaveLater(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leaveLater(toast);
    else toast.remove();
  }, STAY_MS);
}
