// Gives every htmx request that changes something the page's CSRF token.
import { find, onTold } from "./page.js";

const token = find(document, "meta[name=csrf-token]", HTMLMetaElement).content;

onTold("htmx:configRequest", (/** @type {{ verb: string, headers: Record<string, string> }} */ { verb, headers }) => {
  if (token && verb !== "get") headers["X-CSRFToken"] = token;
});
