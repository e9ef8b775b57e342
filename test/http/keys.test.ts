import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
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
    // Its new name is read into the index first.
    await finished(admin, id);
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
