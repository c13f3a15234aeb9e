// <button data-copy="ID">: copies the text of the element and says so on the button for two seconds.
import { around, byId } from "./page.js";
import { gettext } from "./words.js";

document.addEventListener("click", async (event) => {
  const button = around(event, "[data-copy]");
  if (!button) return;
  const source = byId(button.dataset.copy ?? "", HTMLElement);
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(source instanceof HTMLInputElement ? source.value : source.textContent.trim());
  } catch {
    getSelection()?.selectAllChildren(source);
    return;
  }
  label.textContent = gettext("Copied");
  setTimeout(() => (label.textContent = before), 2000);
});
