// What should be looked at again in the mask, as sentences beside the photo.
const box = document.getElementById("mask-notes-box");
const list = document.getElementById("mask-notes");

export function show(notes) {
  list.replaceChildren(...notes.map(({ message }) => Object.assign(document.createElement("li"), { textContent: message })));
  box.hidden = !notes.length;
}
