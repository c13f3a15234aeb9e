// Calls /api/v1/products/ID/. A refusal is thrown as a Problem with the server's sentence, an ended session as a
// SignedOut, anything that may be sent again as an Offline.
import { post, request, SignedOut } from "../session.js";

export { Offline, SignedOut } from "../session.js";

export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title);
    this.code = body.errors?.[0]?.code ?? body.code ?? "";
  }
}

async function read(response) {
  if (response.status === 401) throw new SignedOut();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer);
  return answer;
}

export class Product {
  constructor(id) {
    this.root = `/api/v1/products/${id}/`;
  }

  async get(path = "") {
    return read(await request(this.root + path));
  }

  async post(path, body = {}) {
    const isForm = body instanceof FormData;
    const headers = isForm ? {} : { "Content-Type": "application/json" };
    return read(await post(this.root + path, isForm ? body : JSON.stringify(body), headers));
  }
}
