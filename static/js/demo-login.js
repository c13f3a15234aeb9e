// A button of the demonstration list fills the login form in and sends it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-demo-login]");
  const form = document.getElementById("login-form");
  if (!button || !form) return;
  form.elements.login.value = button.dataset.username;
  form.elements.password.value = button.dataset.password;
  form.requestSubmit();
});
