// <button data-dialog="ID"> opens <dialog id="ID">; a click on the backdrop closes it. Inside, <form method="dialog">.
import { around, byId } from "./page.js";

document.addEventListener("click", (event) => {
  const opener = around(event, "[data-dialog]");
  if (opener) byId(opener.dataset.dialog ?? "", HTMLDialogElement).showModal();
  if (event.target instanceof HTMLDialogElement && outside(event.target, event)) event.target.close();
});

/** @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function outside(dialog, { clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
