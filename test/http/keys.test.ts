import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { SCOPES, type Scope } from "../../src/context.ts";
import { memory } from "../../src/domain/keys/memory.ts";
import { accountBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, finished, type Person, ready, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

type Key = { id: string; key: string };

async function createKey(
  admin: Person,
  scopes: readonly Scope[] = SCOPES,
  more: { access?: "internal" | "external"; groups?: string[]; expires_at?: string; name?: string } = {},
): Promise<Key> {
  const answer = await call("POST", "/api/v1/api-keys", {
    token: admin.token,
    json: { name: "Connector", scopes, ...more },
  });
  expectStatus(answer, 201);
  return { id: answer.body.api_key.id, key: answer.body.key };
}

const listDocuments = (token: string) => call("GET", "/api/v1/documents", { token });

describe("an API key", () => {
  test("is shown once and never again", async () => {
    const admin = await register();
    const answer = await call("POST", "/api/v1/api-keys", {
      token: admin.token,
      json: { name: "Sync", scopes: ["search", "documents:read"] },
    });
    expectStatus(answer, 201);
    expect(answer.body.key).toMatch(/^kal_live_[\w-]{22}_[\w-]{43}$/);
    expect(answer.body.api_key).toMatchObject({
      name: "Sync",
      scopes: ["documents:read", "search"],
      access: "internal",
      groups: [],
      status: "active",
      created_by: admin.userId,
      expires_at: null,
      last_used_at: null,
    });
    const secret = answer.body.key.slice(-43);
    const list = await call("GET", "/api/v1/api-keys", { token: admin.token });
    expectStatus(list, 200);
    expect(list.body.data).toEqual([answer.body.api_key]);
    expect(list.text).not.toContain(secret);
    const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`select api_keys::text as row from kalamna.api_keys`),
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test("is found again by the part of it that is no secret", async () => {
    const admin = await register();
    const [first] = [await createKey(admin), await createKey(admin)];
    const find = (prefix: string) =>
      call("GET", `/api/v1/api-keys?prefix=${encodeURIComponent(prefix)}`, { token: admin.token });
    const found = await find(first.key.slice(0, 20));
    expect(found.body.data.map(({ id }: Key) => id)).toEqual([first.id]);
    expect((await find("kal_live_")).body.data).toHaveLength(2);
    expectStatus(await find(first.key), 400);
  });

  test("says when it was last used", async () => {
    const admin = await register();
    const { key } = await createKey(admin);
    expectStatus(await listDocuments(key), 200);
    const { body } = await call("GET", "/api/v1/api-keys", { token: admin.token });
    expect(Date.now() - Date.parse(body.data[0].last_used_at)).toBeLessThan(60_000);
  });

  test("opens nothing of another organization", async () => {
    const [ours, theirs] = await Promise.all([register("Ours"), register("Theirs")]);
    const document = await ready(theirs, "theirs.txt", "Their lighthouse is painted green.", {
      access_level: "external",
    });
    const { key } = await createKey(ours);
    expect((await listDocuments(key)).body.data).toEqual([]);
    expectStatus(await call("GET", `/api/v1/documents/${document}`, { token: key }), 404);
    const search = await call("POST", "/api/v1/search", { token: key, json: { query: "green lighthouse" } });
    expect(search.body.results).toEqual([]);
  });

  test("with external access reads external documents only, and uploads nothing else", async () => {
    const admin = await register();
    await Promise.all([
      ready(admin, "in.txt", "The lighthouse keeper is Marisol.", { access_level: "internal" }),
      ready(admin, "out.txt", "The lighthouse opens at nine.", { access_level: "external" }),
    ]);
    const { key } = await createKey(admin, SCOPES, { access: "external" });
    expect((await listDocuments(key)).body.data.map(({ name }: { name: string }) => name)).toEqual([
      "out.txt",
    ]);
    const search = await call("POST", "/api/v1/search", { token: key, json: { query: "lighthouse keeper" } });
    expectStatus(search, 200);
    expect(search.text).not.toContain("Marisol");
    const upload = (access_level?: string) =>
      call("POST", "/api/v1/documents", {
        token: key,
        json: { name: "x.txt", content: "A lamp.", access_level },
      });
    expectStatus(await upload("internal"), 403);
    expect((await upload()).body.document.access_level).toBe("external");
  });

  test("answers questions with the scope for it", async () => {
    const admin = await register();
    await ready(admin, "hours.txt", "The lighthouse opens at nine in the morning.");
    const { key } = await createKey(admin, ["chat"]);
    const answer = await call("POST", "/api/v1/query/sync", {
      token: key,
      json: { query: "When does the lighthouse open?" },
    });
    expectStatus(answer, 200);
    expect(answer.body.answer).toContain("nine");
  });

  test("changes the documents it uploaded and no others", async () => {
    const admin = await register();
    const theirs = await ready(admin, "admin.txt", "Written by a person.");
    const [mine, other] = await Promise.all([createKey(admin), createKey(admin)]);
    const upload = await call("POST", "/api/v1/documents", {
      token: mine.key,
      json: { name: "key.txt", content: "Written by software." },
    });
    expectStatus(upload, 202);
    const { id } = upload.body.document;
    expect(upload.body.document.created_by).toBeNull();
    await finished(admin, id);
    for (const [key, document] of [
      [mine.key, theirs],
      [other.key, id],
    ] as const) {
      expectStatus(await call("DELETE", `/api/v1/documents/${document}`, { token: key }), 403);
      expectStatus(await call("POST", `/api/v1/documents/${document}/reindex`, { token: key }), 403);
      const rename = { token: key, json: { name: "taken.txt" } };
      expectStatus(await call("PATCH", `/api/v1/documents/${document}`, rename), 403);
    }
    const renamed = await call("PATCH", `/api/v1/documents/${id}`, {
      token: mine.key,
      json: { name: "renamed.txt" },
    });
    expectStatus(renamed, 200);
    const again = await call("POST", `/api/v1/documents/${id}/reindex`, { token: mine.key });
    expectStatus(again, 202);
    await finished(admin, id);
    expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: mine.key }), 200);
    expectStatus(await call("GET", `/api/v1/documents/${theirs}`, { token: mine.key }), 200);
  });

  test("reads restricted documents of its groups and no others, and uploads for no others", async () => {
    const admin = await register();
    const group = async (name: string) =>
      (await call("POST", "/api/v1/groups", { token: admin.token, json: { name } })).body.group.id as string;
    const [board, crew] = [await group("Board"), await group("Crew")];
    const restrict = (name: string, id: string) =>
      ready(admin, name, `The lighthouse of ${name} has a cellar.`, { groups: [id] });
    await Promise.all([restrict("board.txt", board), restrict("crew.txt", crew)]);
    const { key } = await createKey(admin, SCOPES, { groups: [crew] });
    const names = (await listDocuments(key)).body.data.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["crew.txt"]);
    const search = await call("POST", "/api/v1/search", { token: key, json: { query: "lighthouse cellar" } });
    expect(search.text).toContain("crew.txt");
    expect(search.text).not.toContain("board.txt");
    const upload = (groups: string[]) =>
      call("POST", "/api/v1/documents", {
        token: key,
        json: { name: "new.txt", content: `For ${groups}.`, groups },
      });
    expectStatus(await upload([crew]), 202);
    expectStatus(await upload([board]), 403);
    const none = await createKey(admin);
    expect((await listDocuments(none.key)).body.data).toEqual([]);
  });

  test("costs one round trip, and one more the first time an isolate sees it", async () => {
    const { key } = await createKey(await register());
    let batches = 0;
    const app = appWith(({ ports }) => ({
      known: { keys: memory(60_000, 10), origins: memory(60_000, 10) },
      ports: {
        ...ports,
        db: new Proxy(ports.db, {
          get(db, name, self) {
            if (name === "batch") batches++;
            return Reflect.get(db, name, self);
          },
        }),
      },
    }));
    const trips = async () => {
      batches = 0;
      expectStatus(await app.call("GET", "/api/v1/documents", { token: key }), 200);
      return batches;
    };
    expect([await trips(), await trips(), await trips()]).toEqual([2, 1, 1]);
  });

  test("is no admin, whatever its scopes: it reads neither people nor keys", async () => {
    const admin = await register();
    const { key, id } = await createKey(admin);
    for (const path of ["/api/v1/api-keys", "/api/v1/widget-keys", "/api/v1/audit", "/api/v1/auth/me"]) {
      expectStatus(await call("GET", path, { token: key }), 403);
    }
    const actor = {
      kind: "key",
      orgId: admin.orgId,
      keyId: id,
      secretHash: createHash("sha256").update(key.slice(-43)).digest("hex"),
      scopes: SCOPES,
      access: "internal",
    } as const;
    const [{ rows }] = await tenantBatch({ ...baseCtx(), actor }, (db) => [
      db.execute(sql`select id from kalamna.api_keys`),
    ]);
    expect(rows).toEqual([]);
  });
});

describe("an API key is refused when", () => {
  const refused = async (token: string) => {
    const answer = await listDocuments(token);
    expectStatus(answer, 401);
    return answer.body.code as string;
  };

  test("it was revoked, although the isolate still remembers it", async () => {
    const admin = await register();
    const { key, id } = await createKey(admin);
    expectStatus(await listDocuments(key), 200);
    expectStatus(await call("DELETE", `/api/v1/api-keys/${id}`, { token: admin.token }), 200);
    expect(await refused(key)).toBe("session_revoked");
    expectStatus(await call("DELETE", `/api/v1/api-keys/${id}`, { token: admin.token }), 404);
    const { body } = await call("GET", "/api/v1/api-keys", { token: admin.token });
    expect(body.data[0].status).toBe("revoked");
  });

  test("it has expired", async () => {
    const admin = await register();
    const { key, id } = await createKey(admin, SCOPES, {
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expectStatus(await listDocuments(key), 200);
    await baseCtx().ports.db.execute(
      sql`update kalamna.api_keys set expires_at = now() - interval '1 second' where id = ${id}`,
    );
    await refused(key);
    const { body } = await call("GET", "/api/v1/api-keys", { token: admin.token });
    expect(body.data[0].status).toBe("expired");
  });

  test("its organization is suspended", async () => {
    const admin = await register();
    const { key } = await createKey(admin);
    expectStatus(await listDocuments(key), 200);
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set status = 'suspended' where id = ${admin.orgId}`),
    ]);
    await refused(key);
  });

  test("a character of it is another one", async () => {
    const { key } = await createKey(await register());
    const other = (text: string, at: number) =>
      text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    for (const at of [10, 30, 40, 74]) await refused(other(key, at));
  });

  test.each([
    "kal_live_",
    "kal_live_x",
    "kal_pub_AAAAAAAAAAAAAAAAAAAAAA",
    "kal_rt_x",
    "kal_live_'; drop table--",
  ])("it reads %s", async (token) => {
    await refused(token);
  });

  test("it comes as a query parameter, and the answer says it has leaked", async () => {
    const { key } = await createKey(await register());
    for (const query of [`access_token=${key}`, `anything=${key}`, "api_key=x"]) {
      const answer = await call("GET", `/api/v1/documents?${query}`);
      expectStatus(answer, 400);
      expect(answer.text).not.toContain(key);
    }
  });
});

describe("rotating a key", () => {
  const rotate = (admin: Person, id: string, json: object) =>
    call("POST", `/api/v1/api-keys/${id}/rotate`, { token: admin.token, json });

  test("lets the old secret work for the overlap, and then no more", async () => {
    const admin = await register();
    const old = await createKey(admin);
    const rotated = await rotate(admin, old.id, { overlap_seconds: 3_600 });
    expectStatus(rotated, 200);
    expect(rotated.body.key).not.toBe(old.key);
    expect(rotated.body.key.slice(0, 31)).toBe(old.key.slice(0, 31));
    expect(rotated.body.api_key.previous_works_until).not.toBeNull();
    expectStatus(await listDocuments(old.key), 200);
    expectStatus(await listDocuments(rotated.body.key), 200);
    await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`update kalamna.api_keys set previous_until = now() - interval '1 second'`),
    ]);
    expectStatus(await listDocuments(old.key), 401);
    expectStatus(await listDocuments(rotated.body.key), 200);
  });

  test("without overlap ends the old secret at once", async () => {
    const admin = await register();
    const old = await createKey(admin);
    expectStatus(await listDocuments(old.key), 200);
    const rotated = await rotate(admin, old.id, { overlap_seconds: 0 });
    expectStatus(await listDocuments(old.key), 401);
    expectStatus(await listDocuments(rotated.body.key), 200);
  });

  test("twice ends the oldest secret", async () => {
    const admin = await register();
    const first = await createKey(admin);
    const second = await rotate(admin, first.id, {});
    const third = await rotate(admin, first.id, {});
    expectStatus(await listDocuments(first.key), 401);
    expectStatus(await listDocuments(second.body.key), 200);
    expectStatus(await listDocuments(third.body.key), 200);
  });

  test("does not bring a revoked key back", async () => {
    const admin = await register();
    const { id } = await createKey(admin);
    expectStatus(await call("DELETE", `/api/v1/api-keys/${id}`, { token: admin.token }), 200);
    expectStatus(await rotate(admin, id, {}), 404);
  });

  test.each([-1, 31 * 86_400, 1.5, "soon"])("an overlap of %s is refused", async (overlap_seconds) => {
    const admin = await register();
    expectStatus(await rotate(admin, (await createKey(admin)).id, { overlap_seconds }), 400);
  });
});

describe("making a key", () => {
  test.each([
    ["no scope", { name: "x", scopes: [] }],
    ["an unknown scope", { name: "x", scopes: ["everything"] }],
    ["no name", { scopes: ["chat"] }],
    ["an end in the past", { name: "x", scopes: ["chat"], expires_at: "2020-01-01T00:00:00Z" }],
    ["an end that is no date", { name: "x", scopes: ["chat"], expires_at: "tomorrow" }],
    ["an unknown access level", { name: "x", scopes: ["chat"], access: "all" }],
  ])("with %s is refused", async (_, json) => {
    const { token } = await register();
    expectStatus(await call("POST", "/api/v1/api-keys", { token, json }), 400);
  });

  test("for a group of nobody or of another organization is refused", async () => {
    const { token } = await register();
    const json = { name: "x", scopes: ["chat"], groups: [crypto.randomUUID()] };
    expectStatus(await call("POST", "/api/v1/api-keys", { token, json }), 404);
  });

  test("an admin with external access makes no key that reads more", async () => {
    const outside = await colleague(await register(), "admin", "external");
    const make = (access?: string) =>
      call("POST", "/api/v1/api-keys", {
        token: outside.token,
        json: { name: "x", scopes: ["chat"], access },
      });
    expectStatus(await make("internal"), 403);
    const made = await make();
    expectStatus(made, 201);
    expect(made.body.api_key.access).toBe("external");
  });

  test("every act on it is in the audit log, without the secret", async () => {
    const admin = await register();
    const { id, key } = await createKey(admin);
    await call("POST", `/api/v1/api-keys/${id}/rotate`, { token: admin.token, json: {} });
    await call("DELETE", `/api/v1/api-keys/${id}`, { token: admin.token });
    await call("DELETE", `/api/v1/api-keys/${id}`, { token: admin.token });
    const log = await call("GET", `/api/v1/audit?target_id=${id}`, { token: admin.token });
    expectStatus(log, 200);
    expect(log.body.data.map(({ action }: { action: string }) => action)).toEqual([
      "api_key.revoked",
      "api_key.rotated",
      "api_key.created",
    ]);
    expect(log.text).not.toContain(key.slice(-43));
  });
});

const SHOP = "https://shop.example";
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
