import { exports } from "cloudflare:workers";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { call, expectStatus, type Person, read, ready, register } from "../support/api.ts";
import { SHOP } from "../support/credentials.ts";

type Key = { id: string; key: string };

const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");

async function createWidget(admin: Person, allowed_origins = [SHOP]): Promise<Key> {
  const answer = await call("POST", "/api/v1/widget-keys", {
    token: admin.token,
    json: { name: "Shop", allowed_origins },
  });
  expectStatus(answer, 201);
  return { id: answer.body.widget_key.id, key: answer.body.widget_key.key };
}

const exchange = (key: string, origin?: string, token?: string) =>
  call("POST", "/api/v1/widget/token", {
    json: { key, ...(token ? { token } : {}) },
    headers: origin ? { origin } : {},
  });

const askAs = (token: string, origin?: string) =>
  call("POST", "/api/v1/query/sync", {
    token,
    json: { query: "When does the lighthouse open?" },
    headers: origin ? { origin } : {},
  });

describe("a widget", () => {
  test("answers on its own page, from external documents only", async () => {
    const admin = await register();
    await Promise.all([
      ready(admin, "in.txt", "The lighthouse opens for staff at six.", { access_level: "internal" }),
      ready(admin, "out.txt", "The lighthouse opens at nine.", { access_level: "external" }),
    ]);
    const { key } = await createWidget(admin);
    expect(key).toMatch(/^kal_pub_[\w-]{22}$/);
    const admitted = await exchange(key, SHOP);
    expectStatus(admitted, 200);
    expect(admitted.body).toMatchObject({ token_type: "Bearer", expires_in: 900 });
    expect(admitted.headers.get("access-control-allow-origin")).toBe(SHOP);
    const answer = await askAs(admitted.body.token, SHOP);
    expectStatus(answer, 200);
    expect(answer.body.answer).toContain("nine");
    expect(answer.text).not.toContain("six");
    expect(answer.headers.get("access-control-allow-origin")).toBe(SHOP);
  });

  test("does nothing but answer", async () => {
    const { key } = await createWidget(await register());
    const { body } = await exchange(key, SHOP);
    const headers = { origin: SHOP };
    for (const path of ["/api/v1/documents", "/api/v1/api-keys", "/api/v1/auth/me", "/api/v1/audit"]) {
      expectStatus(await call("GET", path, { token: body.token, headers }), 403);
    }
    expectStatus(
      await call("POST", "/api/v1/search", { token: body.token, headers, json: { query: "lighthouse" } }),
      403,
    );
  });

  test("gets no token on another page", async () => {
    const { key } = await createWidget(await register());
    for (const origin of [
      "https://evil.example",
      "https://shop.example.evil.example",
      "https://shop.example:8443",
      "http://shop.example",
      "https://SHOP.example/",
      "null",
    ]) {
      const answer = await exchange(key, origin);
      expectStatus(answer, 403);
      expect(answer.body.token).toBeUndefined();
    }
    expectStatus(await exchange(key), 403);
  });

  test("'s token works on no other page and without a page neither", async () => {
    const { key } = await createWidget(await register(), [SHOP, "https://other.example"]);
    const { body } = await exchange(key, SHOP);
    expectStatus(await askAs(body.token, SHOP), 200);
    expectStatus(await askAs(body.token, "https://other.example"), 401);
    expectStatus(await askAs(body.token, "https://evil.example"), 401);
    expectStatus(await askAs(body.token), 401);
  });

  test("on a page of ours works where browsers name no origin, and elsewhere that says nothing", async () => {
    const own = "https://kalamna.test";
    const { key } = await createWidget(await register(), [own, SHOP]);
    const { body: here } = await exchange(key, own);
    const { body: shop } = await exchange(key, SHOP);
    const { default: worker } = exports as unknown as { default: Fetcher };
    const ask = async (token: string, site: string) => {
      const headers = { authorization: `Bearer ${token}`, "sec-fetch-site": site };
      return read(await worker.fetch(new Request(`${own}/api/v1/documents`, { headers })));
    };
    // Whoever is known is told that a visitor may not do that.
    expectStatus(await ask(here.token, "same-origin"), 403);
    expectStatus(await ask(here.token, "cross-site"), 401);
    expectStatus(await ask(here.token, "none"), 401);
    expectStatus(await ask(shop.token, "same-origin"), 401);
  });

  test("is out at its next request when its page is taken off the list or its key revoked", async () => {
    const admin = await register();
    const { key, id } = await createWidget(admin, [SHOP, "https://other.example"]);
    const { body: shop } = await exchange(key, SHOP);
    const { body: other } = await exchange(key, "https://other.example");
    const change = await call("PATCH", `/api/v1/widget-keys/${id}`, {
      token: admin.token,
      json: { allowed_origins: ["https://other.example/"] },
    });
    expectStatus(change, 200);
    expect(change.body.widget_key.allowed_origins).toEqual(["https://other.example"]);
    expectStatus(await askAs(shop.token, SHOP), 401);
    expectStatus(await exchange(key, SHOP), 403);
    expectStatus(await askAs(other.token, "https://other.example"), 200);
    expectStatus(await call("DELETE", `/api/v1/widget-keys/${id}`, { token: admin.token }), 200);
    expectStatus(await askAs(other.token, "https://other.example"), 401);
    expectStatus(await exchange(key, "https://other.example"), 401);
  });

  test("keeps its visitor from token to token, and takes nobody else's", async () => {
    const admin = await register();
    const [{ key }, elsewhere] = [await createWidget(admin), await createWidget(await register())];
    const visitor = (token: string) => JSON.parse(atob(token.split(".")[1] ?? "")).sub as string;
    const first = await exchange(key, SHOP);
    const renewed = await exchange(key, SHOP, first.body.token);
    expect(visitor(renewed.body.token)).toBe(visitor(first.body.token));
    const stranger = await exchange(elsewhere.key, SHOP, first.body.token);
    expect(visitor(stranger.body.token)).not.toBe(visitor(first.body.token));
    const forged = await exchange(key, SHOP, `${first.body.token.slice(0, -5)}AAAAA`);
    expect(visitor(forged.body.token)).not.toBe(visitor(first.body.token));
  });

  test("'s key opens nothing by itself", async () => {
    const { key } = await createWidget(await register());
    expectStatus(await askAs(key, SHOP), 401);
  });

  test.each([
    "https://*.example.com",
    "https://example.com/path",
    "http://example.com",
    "example.com",
    "*",
    "null",
    "https://user@example.com",
    "javascript:alert(1)",
  ])("cannot be allowed on %s", async (origin) => {
    const { token } = await register();
    const json = { name: "x", allowed_origins: [origin] };
    expectStatus(await call("POST", "/api/v1/widget-keys", { token, json }), 400);
  });

  test.each<[string, string, Record<string, string>, Record<string, unknown>, Uint8Array]>([
    ["nothing is wrong", "accepted", {}, {}, SECRET],
    ["it has expired", "refused", {}, { exp: 1 }, SECRET],
    ["it is for the API", "refused", {}, { aud: "kalamna-api" }, SECRET],
    ["it is of another issuer", "refused", {}, { iss: "other" }, SECRET],
    ["it is of another type", "refused", { typ: "at+jwt" }, {}, SECRET],
    ["its key is unknown", "refused", { kid: "other" }, {}, SECRET],
    ["it is signed with another secret", "refused", {}, {}, new Uint8Array(32)],
    ["it names no key", "refused", {}, { key_id: undefined }, SECRET],
    ["it is of another organization", "refused", {}, { org_id: crypto.randomUUID() }, SECRET],
  ])("'s token when %s is %s", async (_, outcome, header, claims, secret) => {
    const admin = await register();
    const { id } = await createWidget(admin);
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({
      sub: crypto.randomUUID(),
      org_id: admin.orgId,
      key_id: id,
      origin: SHOP,
      iss: "kalamna",
      aud: "kalamna-api:widget",
      iat: now,
      exp: now + 900,
      ...claims,
    })
      .setProtectedHeader({ alg: "HS256", typ: "widget+jwt", kid: "test", ...header })
      .sign(secret);
    expectStatus(await askAs(token, SHOP), outcome === "accepted" ? 200 : 401);
  });
});
