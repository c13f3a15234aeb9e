// Says in the reader's language what became of an htmx request that failed. The words stand on #toasts.
const words = document.getElementById("toasts").dataset;

const say = (text) => document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));

document.addEventListener("htmx:sendError", () => say(words.offline));
document.addEventListener("htmx:timeout", () => say(words.offline));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) say(words.login);
  else if (status === 403) say(words.forbidden);
  else if (status >= 500) say(words.broken);
  else say(words.refused);
});
