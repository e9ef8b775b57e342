import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, PASSWORD, type Person, register } from "../support/api.ts";
import { baseCtx } from "../support/people.ts";

const NEW_PASSWORD = "another long password";

const auth = (method: string, path: string, token: string, json?: unknown) =>
  call(method, `/api/v1/auth/${path}`, { token, ...(json === undefined ? {} : { json }) });
const me = (token: string) => auth("GET", "me", token);
const refresh = (token: string) => call("POST", "/api/v1/auth/refresh", { json: { refresh_token: token } });

async function login({ email }: Person, agent: string) {
  const answer = await call("POST", "/api/v1/auth/login", {
    json: { email, password: PASSWORD },
    headers: { "user-agent": agent, "cf-connecting-ip": "203.0.113.7" },
  });
  expectStatus(answer, 200);
  return { token: answer.body.token as string, refreshToken: answer.body.refresh_token as string };
}

async function idOf(token: string): Promise<string> {
  const { body } = await auth("GET", "sessions", token);
  return body.data.find(({ current }: { current: boolean }) => current).id;
}

describe("the list of sessions", () => {
  test("names each device, where and when it was used, and which one asks", async () => {
    const person = await register();
    const phone = await login(person, "Phone/1");
    const { body } = await auth("GET", "sessions", phone.token);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toEqual({
      id: expect.any(String),
      agent: "Phone/1",
      address: "203.0.113.7",
      created_at: expect.stringMatching(/Z$/),
      last_used_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
      current: true,
    });
    expect(body.data[1].current).toBe(false);
    expect(JSON.stringify(body)).not.toMatch(/hash|kal_rt/);
  });

  test("stays one session through refreshing, last used now", async () => {
    const person = await register();
    const first = await refresh(person.refreshToken);
    const second = await refresh(first.body.refresh_token);
    const { body } = await auth("GET", "sessions", second.body.token);
    expect(body.data).toHaveLength(1);
    expect(body.data[0].current).toBe(true);
    expect(Date.parse(body.data[0].last_used_at)).toBeGreaterThan(Date.parse(body.data[0].created_at));
  });

  test("leaves out what ended or ran out, and the next sign-in forgets what ran out", async () => {
    const person = await register();
    const old = await login(person, "Old/1");
    const id = await idOf(old.token);
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.sessions set expires_at = now() - interval '1 second' where id = ${id}`),
    ]);
    const ids = async () =>
      (await auth("GET", "sessions", person.token)).body.data.map((session: { id: string }) => session.id);
    expect(await ids()).not.toContain(id);
    await login(person, "New/1");
    const [{ rows }] = await accountBatch(baseCtx(), (db) => [
      db.execute(sql`select id from kalamna.sessions where id = ${id}`),
    ]);
    expect(rows).toEqual([]);
  });

  test("is one's own", async () => {
    const [mine, theirs] = [await register(), await register()];
    const id = await idOf(theirs.token);
    const { body } = await auth("GET", "sessions", mine.token);
    expect(JSON.stringify(body)).not.toContain(id);
    expectStatus(await auth("DELETE", `sessions/${id}`, mine.token), 404);
    expectStatus(await me(theirs.token), 200);
  });
});

describe("signing out", () => {
  test("ends this session at once, access token and refresh token, and no other", async () => {
    const person = await register();
    const phone = await login(person, "Phone/1");
    expectStatus(await auth("POST", "logout", phone.token), 200);
    const refused = await me(phone.token);
    expectStatus(refused, 401);
    expect(refused.body).toMatchObject({
      code: "session_revoked",
      detail: expect.stringContaining("signed out"),
    });
    expectStatus(await refresh(phone.refreshToken), 401);
    expectStatus(await me(person.token), 200);
    expectStatus(await refresh(person.refreshToken), 200);
  });

  test("of another device works by its id, once", async () => {
    const person = await register();
    const phone = await login(person, "Phone/1");
    const id = await idOf(phone.token);
    expectStatus(await auth("DELETE", `sessions/${id}`, person.token), 200);
    expectStatus(await me(phone.token), 401);
    expectStatus(await auth("DELETE", `sessions/${id}`, person.token), 404);
    expectStatus(await auth("DELETE", "sessions/1", person.token), 404);
  });

  test("everywhere ends all of them", async () => {
    const person = await register();
    const phone = await login(person, "Phone/1");
    expectStatus(await auth("POST", "logout-all", phone.token), 200);
    for (const token of [person.token, phone.token]) expectStatus(await me(token), 401);
    for (const token of [person.refreshToken, phone.refreshToken]) expectStatus(await refresh(token), 401);
    await login(person, "Phone/2");
  });

  test("a stolen refresh token, used twice, takes the access tokens of its session with it", async () => {
    const person = await register();
    const next = await refresh(person.refreshToken);
    expectStatus(await refresh(person.refreshToken), 401);
    expectStatus(await me(next.body.token), 401);
    expectStatus(await me(person.token), 401);
  });

  test("a session of one person cannot be claimed by another's token", async () => {
    const [mine, theirs] = [await register(), await register()];
    const id = await idOf(theirs.token);
    const { tokenFor } = await import("../support/api.ts");
    const forged = await tokenFor({
      orgId: mine.orgId,
      userId: mine.userId,
      role: "admin",
      access: "internal",
      tokenVersion: 1,
      sessionId: id,
    });
    expectStatus(await me(forged), 401);
  });
});

describe("changing the password", () => {
  const change = (token: string, current: string, password = NEW_PASSWORD) =>
    auth("POST", "password", token, { current_password: current, password });

  test("ends the other sessions; this one goes on with a new access token", async () => {
    const person = await register();
    const phone = await login(person, "Phone/1");
    const answer = await change(phone.token, PASSWORD);
    expectStatus(answer, 200);
    expectStatus(await me(answer.body.token), 200);
    expectStatus(await refresh(phone.refreshToken), 200);
    expectStatus(await me(person.token), 401);
    expectStatus(await me(phone.token), 401);
    expectStatus(await refresh(person.refreshToken), 401);
    const json = (password: string) => ({ json: { email: person.email, password } });
    expectStatus(await call("POST", "/api/v1/auth/login", json(PASSWORD)), 401);
    expectStatus(await call("POST", "/api/v1/auth/login", json(NEW_PASSWORD)), 200);
  });

  test("needs the current one and a good new one", async () => {
    const { token } = await register();
    const wrong = await change(token, "not the password");
    expectStatus(wrong, 401);
    expect(wrong.body.code).toBe("invalid_credentials");
    expectStatus(await change(token, PASSWORD, "short"), 400);
    expectStatus(await me(token), 200);
  });

  test("by two at the same moment: one of them wins", async () => {
    const { token } = await register();
    const both = await Promise.all([
      change(token, PASSWORD, "the first new password"),
      change(token, PASSWORD, "the second new password"),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});

describe("one's own account", () => {
  test("can be given a name, and nothing else", async () => {
    const { token } = await register();
    const answer = await auth("PATCH", "me", token, { name: "  Amal Haddad " });
    expectStatus(answer, 200);
    expect(answer.body.user.name).toBe("Amal Haddad");
    expect((await me(token)).body.user.name).toBe("Amal Haddad");
    for (const json of [{ name: "" }, { name: "x".repeat(201) }, { name: "A", role: "viewer" }, {}])
      expectStatus(await auth("PATCH", "me", token, json), 400);
  });

  test("answers are never kept by a cache", async () => {
    const { token } = await register();
    for (const path of ["me", "sessions"])
      expect((await auth("GET", path, token)).headers.get("cache-control")).toBe("no-store");
  });
});

test("the audit log says who signed in, out, and changed what proves them", async () => {
  const person = await register();
  const phone = await login(person, "Phone/1");
  const other = await login(person, "Other/1");
  const id = await idOf(other.token);
  await auth("DELETE", `sessions/${id}`, phone.token);
  await auth("DELETE", `sessions/${id}`, phone.token);
  await auth("DELETE", `sessions/${crypto.randomUUID()}`, phone.token);
  const { body } = await auth("POST", "password", phone.token, {
    current_password: PASSWORD,
    password: NEW_PASSWORD,
  });
  const log = await call("GET", "/api/v1/audit?limit=100", { token: body.token });
  const acts = log.body.data
    .filter(({ action }: { action: string }) => action.startsWith("account."))
    .map(({ action, target, from }: any) => [action, target?.id === id, from.agent]);
  expect(acts).toEqual([
    ["account.password_changed", false, null],
    ["account.session_ended", true, null],
    ["account.signed_in", true, "Other/1"],
    ["account.signed_in", false, "Phone/1"],
  ]);
});
