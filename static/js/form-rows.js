// The rows of a form (templates/reviews/_form_rows.html): one more at a press of a button, and one less. Without this
// script a few spare rows are there, and an empty one says nothing.
import { around, find, findAll } from "./page.js";

for (const group of findAll(document, "[data-form-rows]", HTMLElement)) begin(group);

/** @param {HTMLElement} group */
function begin(group) {
  const add = find(group, "[data-add-row]", HTMLButtonElement);
  for (const row of rowsOf(group)) if (isEmpty(row)) row.remove(); // the spare ones
  settle(group);
  add.addEventListener("click", () => {
    const copy = find(group, "template", HTMLTemplateElement).content.cloneNode(true);
    add.before(copy);
    settle(group);
    focusOn(rowsOf(group).at(-1));
  });
  group.addEventListener("click", (event) => {
    const row = around(event, "[data-remove-row]")?.closest("[data-row]");
    if (!row) return;
    const place = rowsOf(group).findIndex((other) => other === row);
    row.remove();
    settle(group);
    const rows = rowsOf(group);
    focusOn(rows[Math.min(place, rows.length - 1)], add);
  });
}

/** @param {HTMLElement} group */
function rowsOf(group) {
  return findAll(group, "[data-row]", HTMLElement);
}

/** Whether the first of its fields, which says what the row is about, says nothing. @param {HTMLElement} row */
function isEmpty(row) {
  return !find(row, "select", HTMLSelectElement).value && !row.querySelector(".field-error");
}

/** Numbers the rows anew, from 0 in names and from 1 in words, and tells the form how many there are. @param {HTMLElement} group */
function settle(group) {
  const prefix = String(group.dataset.formRows);
  const rows = rowsOf(group);
  rows.forEach((row, place) => number(row, prefix, place));
  find(group, `[name="${prefix}-TOTAL_FORMS"]`, HTMLInputElement).value = String(rows.length);
  for (const button of findAll(group, "[data-remove-row]", HTMLButtonElement)) button.hidden = false;
  find(group, "[data-add-row]", HTMLButtonElement).hidden = rows.length >= Number(group.dataset.most);
}

/** @param {HTMLElement} row @param {string} prefix @param {number} place */
function number(row, prefix, place) {
  for (const node of findAll(row, "[name], [id], [for], [aria-describedby]", HTMLElement)) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, renumbered(value, prefix, place));
    }
  }
  for (const word of findAll(row, "[data-number]", HTMLElement)) word.textContent = String(place + 1);
}

/** @param {string} value "id_conditions-3-op" or "id_conditions-__prefix__-op" @param {string} prefix @param {number} place */
function renumbered(value, prefix, place) {
  return value.replace(new RegExp(`(^|[ _])${prefix}-(\\d+|__prefix__)-`, "g"), `$1${prefix}-${place}-`);
}

/** @param {HTMLElement | undefined} row @param {HTMLElement} [otherwise] */
function focusOn(row, otherwise) {
  (row?.querySelector("select") ?? otherwise)?.focus();
}
