/** What measurements of the whole Worker share: a free port for it, and JSON to send it. */
import { createServer } from "node:net";

/** @throws Error with the body of an answer that is no success */
export async function post(url: string, json: object, token?: string): Promise<Response> {
  const headers = {
    "content-type": "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(json) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A new organization, and its admin's token. */
export async function signUp(url: string): Promise<{ token: string; orgId: string }> {
  const email = `bench-${crypto.randomUUID()}@bench.test`;
  const body = { org_name: "Bench", email, password: "correct horse battery" };
  const registered = await post(`${url}/api/v1/auth/register`, body);
  const { token, org } = (await registered.json()) as { token: string; org: { id: string } };
  return { token, orgId: org.id };
}

/** A new organization with one document that can be searched; returns its admin's token. */
export async function prepare(url: string, content: string): Promise<string> {
  const { token } = await signUp(url);
  const uploaded = await post(`${url}/api/v1/documents`, { name: "ferry.md", content }, token);
  const { document } = (await uploaded.json()) as { document: { id: string } };
  const deadline = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(`${url}/api/v1/documents/${document.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body = (await response.json()) as { document: { status: string } };
    if (body.document.status === "ready") return token;
    if (body.document.status === "failed" || Date.now() > deadline)
      throw new Error(`the document is ${body.document.status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
