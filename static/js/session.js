// The session of this page: its CSRF token, a fresh one when the session has been renewed, and requests that carry it.

const TOKEN = "meta[name=csrf-token]";
const PATIENCE_MS = 20_000; // with an answer to something small

/** Nobody answered, or a server that is not itself: the same may be sent again. */
export class Offline extends Error {
  /** @param {string} message @param {boolean} [neverLeft] whether it is certain that nothing was sent */
  constructor(message, neverLeft = false) {
    super(message);
    this.neverLeft = neverLeft;
  }
}

/** The session has ended. */
export class SignedOut extends Error {}

let csrf = tokenIn(document);
/** @type {((page: Document) => void)[]} */
const listeners = [];

/** @param {Document} page @returns {string} */
function tokenIn(page) {
  return /** @type {HTMLMetaElement | null} */ (page.querySelector(TOKEN))?.content ?? "";
}

/**
 * Calls back with every fresh page whose token is taken: its session may be somebody else's. What it throws stops the
 * request for which the page was fetched.
 * @param {(page: Document) => void} callback
 */
export function onRenewed(callback) {
  listeners.push(callback);
}

/** Takes over the session of `page`, a document of ours fetched just now. @param {Document} page */
export function renewFrom(page) {
  for (const callback of listeners) callback(page);
  csrf = tokenIn(page) || csrf;
}

/** A silent network or a broken server throws Offline. @param {string} path @param {RequestInit} [options] */
export async function request(path, options = {}) {
  const hadNetwork = navigator.onLine;
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    throw new Offline(String(error), !hadNetwork);
  }
  if (response.status === 429 || response.status >= 500) throw new Offline(String(response.status));
  return response;
}

/** A page of ours as a document. @param {string} path @param {RequestInit} [options] */
export async function fetchPage(path, options = {}) {
  const response = await request(path, options);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { page, path: new URL(response.url, location.href).pathname };
}

/**
 * Posts with the token of the session. A 403 may only mean that the session was renewed in another tab: once more, with
 * the token of a fresh page. Throws Offline and SignedOut; refusals are answers.
 * @param {string} path @param {BodyInit} body @param {Record<string, string>} [headers] @param {string} [method]
 */
export async function post(path, body, headers = {}, method = "POST") {
  const send = () => {
    const signal = typeof body === "string" ? AbortSignal.timeout(PATIENCE_MS) : undefined;
    return request(path, { method, headers: { ...headers, "X-CSRFToken": csrf }, body, signal });
  };
  let response = await send();
  if (response.status === 403) {
    renewFrom((await fetchPage(location.pathname + location.search)).page);
    response = await send();
  }
  if (response.status === 401) throw new SignedOut();
  return response;
}

/** Posts while the page goes away: nobody waits for the answer. @param {string} path */
export function postLeaving(path) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  fetch(path, { method: "POST", credentials: "same-origin", keepalive: true, headers, body: "{}" }).catch(() => {});
}
