// A <details class="menu"> closes on Escape, on a click outside and when the focus leaves it.
import { around, find, findAll } from "./page.js";

const openMenus = () => findAll(document, "details.menu[open]", HTMLDetailsElement);

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (around(event, "details.menu") !== menu) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) find(menu, "summary", HTMLElement).focus();
  }
});
document.addEventListener("focusout", (event) => {
  const menu = around(event, "details.menu[open]");
  if (menu && event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.removeAttribute("open");
});
