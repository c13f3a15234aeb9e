// <button data-dialog="ID"> opens <dialog id="ID">; a click on the backdrop closes it. Inside, <form method="dialog">.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target instanceof HTMLDialogElement && outside(event.target, event)) event.target.close();
});

function outside(dialog, { clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
