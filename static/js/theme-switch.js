// Radios named "theme" (system, light, dark) choose the theme; theme.js applies it on the next page, this one now.
import { findAll } from "./page.js";

const KEY = "canvas-theme";
const root = document.documentElement;
const radios = findAll(document, "input[type=radio][name=theme]", HTMLInputElement);

/** @param {string} theme */
const apply = (theme) => {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
};

/** @param {string} theme */
const remember = (theme) => {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is refused: the choice lasts for this page.
  }
};

/** @param {string} theme */
const show = (theme) => radios.forEach((radio) => (radio.checked = radio.value === theme));

show(root.dataset.theme ?? "system");
radios.forEach((radio) =>
  radio.addEventListener("change", () => {
    apply(radio.value);
    remember(radio.value);
  }),
);
addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  const theme = event.newValue ?? "system";
  apply(theme);
  show(theme);
});
