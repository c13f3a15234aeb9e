// Calls /api/v1/products/ID/. A refusal is thrown as a Problem with the server's sentence, an ended session as a
// SignedOut, anything that may be sent again as an Offline.
import { find } from "../page.js";

const TOKEN = "meta[name=csrf-token]";
let csrf = find(document, TOKEN, HTMLMetaElement).content;

/**
 * A refusal as the API writes it (RFC 9457).
 * @typedef {{ title?: string, detail?: string, code?: string, errors?: { code: string }[] }} Refusal
 */

export class Problem extends Error {
  /** @param {Refusal} body */
  constructor(body) {
    super(body.detail || body.title);
    this.code = body.errors?.[0]?.code ?? body.code ?? "";
  }
}

export class Offline extends Error {}

export class SignedOut extends Error {}

/** @param {string} path @param {RequestInit} options */
async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    throw new Offline(String(error));
  }
  if (response.status === 429 || response.status >= 500) throw new Offline(String(response.status));
  return response;
}

// Signing in again, in another tab, makes the token of this page worthless: take the one of a fresh page.
async function freshToken() {
  const page = await request(location.href);
  const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(TOKEN);
  if (found instanceof HTMLMetaElement) csrf = found.content;
}

/** @param {Response} response */
async function read(response) {
  if (response.status === 401) throw new SignedOut();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer);
  return answer;
}

export class Product {
  /** @param {string} id */
  constructor(id) {
    this.root = `/api/v1/products/${id}/`;
  }

  /** @param {string} path */
  async get(path = "") {
    return read(await request(this.root + path));
  }

  /** @param {string} path @param {FormData | object} body */
  async post(path, body = {}) {
    const send = () => {
      const isForm = body instanceof FormData;
      const headers = { "X-CSRFToken": csrf, ...(isForm ? {} : { "Content-Type": "application/json" }) };
      return request(this.root + path, { method: "POST", headers, body: isForm ? body : JSON.stringify(body) });
    };
    const response = await send();
    if (response.status !== 403) return read(response);
    await freshToken();
    return read(await send());
  }
}
