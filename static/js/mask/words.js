// What the page says, in the reader's language: sentences stand on the editor as data-said-NAME, with %words in them.
const editor = document.getElementById("mask-editor");
const status = document.getElementById("mask-status");

const fill = (text, values) => text.replace(/%([a-z]+)/g, (whole, name) => values[name] ?? whole);

export function sentence(name, values = {}) {
  const key = `said${name.split("-").map((part) => part[0].toUpperCase() + part.slice(1)).join("")}`;
  return fill(editor.dataset[key], values);
}

export function tell(name, values) {
  status.textContent = sentence(name, values);
}

export function warn(text) {
  document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));
}

export const percent = (share) => (Math.round(share * 1000) / 10).toString();
