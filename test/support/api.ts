/** The product as its users reach it: HTTP requests to the Worker under test. */
import { env, exports } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { UserActor } from "../../src/context.ts";
import { accessTokens } from "../../src/domain/accounts/access-token.ts";
import type { Runtime } from "../../src/runtime.ts";
import { runtimeFor } from "../../src/worker.ts";

export type Person = { token: string; refreshToken: string; orgId: string; userId: string; email: string };

export const PASSWORD = "correct horse battery";

/** A response whose body is already read, so that a failed expectation can print it. */
export type Answer = { status: number; headers: Headers; body: any; text: string };

export function fetchWorker(path: string, init: RequestInit = {}): Promise<Response> {
  const { default: worker } = exports as unknown as { default: Fetcher };
  return worker.fetch(new Request(`http://kalamna.test${path}`, init));
}

export type CallOptions = {
  token?: string | undefined;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
};

/** Asks the Worker under test; test/support/app.ts asks one built with other settings. */
export async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  return read(await fetchWorker(path, requestOf(method, options)));
}

export function requestOf(method: string, options: CallOptions): RequestInit {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  let body = options.body;
  if (options.json !== undefined) {
    headers["content-type"] ??= "application/json";
    body = JSON.stringify(options.json);
  }
  return { method, headers, ...(body === undefined ? {} : { body }) };
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}

/** `expect(status).toBe(wanted)`, with the body in the message. */
export function expectStatus(answer: Answer, wanted: number): void {
  expect(answer.status, answer.text.slice(0, 2_000)).toBe(wanted);
}

/** A new organization with its admin. */
export async function register(orgName = "Acme"): Promise<Person> {
  const email = `admin-${crypto.randomUUID()}@acme.test`;
  const answer = await call("POST", "/api/v1/auth/register", {
    json: { org_name: orgName, email, password: PASSWORD },
  });
  expectStatus(answer, 201);
  const { token, refresh_token, user, org } = answer.body;
  return { token, refreshToken: refresh_token, orgId: org.id, userId: user.id, email };
}

export const runtime = (): Runtime => runtimeFor(env);

/** An access token for any claims, signed with the key the Worker trusts. */
export async function tokenFor(actor: Omit<UserActor, "kind">): Promise<string> {
  const tokens = accessTokens({
    keys: [{ kid: "test", secret: "0123456789abcdef0123456789abcdef" }],
    issuer: "kalamna",
    audience: "kalamna-api",
    lifetimeSeconds: 900,
  });
  return (await tokens.issue({ kind: "user", ...actor }, new Date())).token;
}

/** Uploads text as a document and returns its id; it may still be on its way through the queue. */
export async function uploadText(
  person: Person,
  name: string,
  content: string,
  labels: {
    access_level?: "internal" | "external";
    metadata?: Record<string, unknown>;
    groups?: string[];
    external_id?: string;
  } = {},
): Promise<string> {
  const answer = await call("POST", "/api/v1/documents", {
    token: person.token,
    json: { name, content, ...labels },
  });
  expect([200, 202], answer.text).toContain(answer.status);
  return answer.body.document.id;
}

/** Waits until the queue has brought the document to an end. */
export function finished(person: Person, id: string): Promise<any> {
  return vi.waitUntil(
    async () => {
      const { body } = await call("GET", `/api/v1/documents/${id}`, { token: person.token });
      return ["ready", "failed"].includes(body.document?.status) ? body.document : undefined;
    },
    { timeout: 20_000, interval: 100 },
  );
}

/** A document that can be searched. */
export async function ready(
  person: Person,
  name: string,
  content: string,
  labels: Parameters<typeof uploadText>[3] = {},
): Promise<string> {
  const id = await uploadText(person, name, content, labels);
  const document = await finished(person, id);
  expect(document.status, JSON.stringify(document.failure)).toBe("ready");
  return id;
}
