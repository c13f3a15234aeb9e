// Calls /api/v1/products/ID/. A refusal is thrown as a Problem with the server's sentence, an ended session as a
// SignedOut, anything that may be sent again as an Offline.
import { post, request, SignedOut } from "../session.js";

export { Offline, SignedOut } from "../session.js";

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
    const isForm = body instanceof FormData;
    /** @type {Record<string, string>} */
    const headers = isForm ? {} : { "Content-Type": "application/json" };
    return read(await post(this.root + path, isForm ? body : JSON.stringify(body), headers));
  }
}
