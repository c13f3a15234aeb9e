// Calls /api/v1/review/. Every answer is JSON; a refusal is thrown as a Problem, a silent network or a broken server as
// an Offline, an ended session as a SignedOut. What was thrown as one of the last two may be sent again.
const ROOT = "/api/v1/review/";
const TOKEN = "meta[name=csrf-token]";
let csrf = document.querySelector(TOKEN).content;

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "";
  }
}

export class Offline extends Error {}

export class SignedOut extends Error {}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    throw new Offline(error.message);
  }
  if (response.status === 429 || response.status >= 500) throw new Offline(String(response.status));
  return response;
}

function send(path, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return request(ROOT + path, { method: "POST", headers, body: JSON.stringify(body) });
}

// Signing in again, in another tab, makes the token of this page worthless: take the one of a fresh page.
async function freshToken() {
  const page = await request(location.pathname);
  const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(TOKEN);
  if (found) csrf = found.content;
}

async function post(path, body = {}) {
  let response = await send(path, body);
  if (response.status === 403) {
    await freshToken();
    response = await send(path, body);
  }
  return answerOf(response);
}

async function answerOf(response) {
  if (response.status === 401) throw new SignedOut();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

/** @param {{ soft?: boolean, held?: string[], item?: string }} [wish] */
export const claim = (wish = {}) => post("claim/", wish);
export const show = (token) => post(`leases/${token}/show/`);
export const extend = (token) => post(`leases/${token}/extend/`);
export const skip = (token) => post(`leases/${token}/skip/`);
export const decide = (token, decision) => post(`leases/${token}/decide/`, decision);
export const undo = () => post("undo/");

/** Where to look, for who asks: outline, heat maps and findings of an item. @param {string} token */
export const aids = async (token) => answerOf(await request(`${ROOT}leases/${token}/aids/`));
