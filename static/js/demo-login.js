// A button of the demonstration list fills the login form in and sends it.
import { around, byId, find } from "./page.js";

document.addEventListener("click", (event) => {
  const button = around(event, "[data-demo-login]");
  if (!button) return;
  const form = byId("login-form", HTMLFormElement);
  find(form, "[name=login]", HTMLInputElement).value = button.dataset.username ?? "";
  find(form, "[name=password]", HTMLInputElement).value = button.dataset.password ?? "";
  form.requestSubmit();
});
