// Signing in again without leaving the desk: the forms of the sign-in pages are filled in from a dialog, step by step.
import { define } from "./actions.js";
import * as line from "./line.js";
import { byId, find } from "../page.js";
import { fetchPage, Offline, renewFrom } from "../session.js";
import { gettext } from "../words.js";

const dialog = byId("desk-signin", HTMLDialogElement);
const form = find(dialog, "form", HTMLFormElement);
const problem = byId("desk-signin-error", HTMLElement);
const password = byId("desk-signin-password", HTMLInputElement);
const code = byId("desk-signin-code", HTMLInputElement);
let step = form.action; // the page whose form is filled in next

/** @typedef {{ page: Document, path: string }} Fetched */

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = find(form, "[type=submit]", HTMLButtonElement);
  button.disabled = true;
  try {
    goOnFrom(await fillIn(await fetchPage(step)));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    say(error instanceof Offline ? gettext("The server did not answer. Try again in a moment.") : said);
  } finally {
    button.disabled = false;
  }
});

/** Sends the form of the page with what was typed; answers with the page that follows. @param {Fetched} fetched */
async function fillIn(fetched) {
  const token = fetched.page.querySelector("input[name=csrfmiddlewaretoken]");
  const asked = askedBy(fetched.page);
  if (!asked || !(token instanceof HTMLInputElement)) return fetched; // signed in already, in another tab
  const said = new FormData(form);
  const body = new URLSearchParams({ csrfmiddlewaretoken: token.value, next: location.pathname });
  for (const name of asked === code ? ["code"] : ["login", "password"]) body.set(name, String(said.get(name)));
  return fetchPage(fetched.path, { method: "POST", body });
}

/** Which field the page asks for. @param {Document} page */
function askedBy(page) {
  if (page.querySelector("input[name=password]")) return password;
  return page.querySelector("input[name=code]") ? code : null;
}

/** @param {Fetched} fetched */
function goOnFrom({ page, path }) {
  const asked = askedBy(page);
  if (asked) return ask(asked, path, page);
  if (!page.querySelector("#desk[data-config]")) {
    return say(gettext("This could not be done here. Sign in in a new tab."));
  }
  renewFrom(page);
  dialog.close();
  line.wake();
}

/** @param {HTMLInputElement} field @param {string} path @param {Document} page */
function ask(field, path, page) {
  const isNext = step !== path && field === code;
  step = path;
  show(field);
  const errors = [...page.querySelectorAll(".field-error, .note--reject, .errorlist")];
  const said = errors.map(({ textContent }) => textContent.trim()).join(" ");
  say(isNext ? "" : said || gettext("That was not right. Try again."));
  field.select();
  field.focus();
}

/** @param {HTMLInputElement} field */
function show(field) {
  for (const input of [password, code]) {
    /** @type {HTMLElement} */ (input.closest(".field")).hidden = input !== field;
    input.required = input === field;
  }
}

/** @param {string} text */
function say(text) {
  problem.hidden = !text;
  problem.textContent = text;
}

function open() {
  if (dialog.open) return;
  step = form.action;
  form.reset();
  show(password);
  say("");
  dialog.showModal();
  password.focus();
}

define({ sign_in: open }, { anytime: true });

line.onObstacle(() => {
  if (line.inTheWay() === "signed_out") open();
  else if (!line.inTheWay()) dialog.close(); // they have signed in in another tab
});
