// Gives every htmx request that changes something the page's CSRF token.
const token = document.querySelector("meta[name=csrf-token]")?.content;

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers } = event.detail;
  if (token && verb !== "get") headers["X-CSRFToken"] = token;
});
