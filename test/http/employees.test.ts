import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { accountBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, PASSWORD, type Person, register, uploadText } from "../support/api.ts";
import { mailsTo, mailTo } from "../support/mail.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

let admin: Person;
beforeAll(async () => {
  admin = await register("Acme");
});

const invite = (by: Person, json: Record<string, unknown>) =>
  call("POST", "/api/v1/employees", { token: by.token, json });
const patch = (by: Person, id: string, json: Record<string, unknown>) =>
  call("PATCH", `/api/v1/employees/${id}`, { token: by.token, json });
const remove = (by: Person, id: string) => call("DELETE", `/api/v1/employees/${id}`, { token: by.token });
const me = (token: string) => call("GET", "/api/v1/auth/me", { token });
const accept = (token: string, json: Record<string, unknown> = {}) =>
  call("POST", "/api/v1/auth/accept-invite", { json: { token, password: PASSWORD, ...json } });
const address = (name = "new") => `${name}-${crypto.randomUUID()}@acme.test`;
const tokenIn = (text: string) => /kal_inv_[\w-]{43}/.exec(text)?.[0] ?? "";
const group = async (by: Person, name: string): Promise<string> => {
  const answer = await call("POST", "/api/v1/groups", { token: by.token, json: { name } });
  expectStatus(answer, 201);
  return answer.body.group.id;
};

describe("inviting", () => {
  test("sends a letter whose token makes an account with the role, access and groups promised", async () => {
    const email = address();
    const team = await group(admin, `Team ${email}`);
    const invited = await invite(admin, { email, role: "viewer", access: "internal", groups: [team] });
    expectStatus(invited, 201);
    expect(invited.body.invitation).toMatchObject({
      email,
      role: "viewer",
      access: "internal",
      groups: [team],
    });
    const letter = await mailTo(email);
    expect(letter.subject).toContain("Acme");
    expect(letter.text).toContain(`/#invitation=${tokenIn(letter.text)}`);
    expect(invited.text).not.toContain(tokenIn(letter.text));

    const joined = await accept(tokenIn(letter.text), { name: "Nia" });
    expectStatus(joined, 201);
    expect(joined.body.user).toMatchObject({
      email,
      role: "viewer",
      access: "internal",
      email_verified: true,
    });
    expect(joined.body.org.id).toBe(admin.orgId);
    expectStatus(await me(joined.body.token), 200);
    const list = await call("GET", "/api/v1/employees", { token: admin.token });
    expectStatus(list, 200);
    expect(list.body.data.find((person: { email: string }) => person.email === email)).toMatchObject({
      role: "viewer",
      groups: [team],
      access_override: "internal",
      status: "active",
    });
    expectStatus(await accept(tokenIn(letter.text)), 400);
    const seen = list.body.data.find((person: { email: string }) => person.email === email).last_seen_at;
    expect(Date.now() - Date.parse(seen)).toBeLessThan(60_000);
  });

  test("the same address again replaces the invitation, and the old letter is worth nothing", async () => {
    const email = address();
    expectStatus(await invite(admin, { email }), 201);
    const first = tokenIn((await mailTo(email)).text);
    const hasty = await invite(admin, { email });
    expectStatus(hasty, 429);
    expect(hasty.headers.get("retry-after")).toBe("60");
    expect(await mailsTo(email)).toHaveLength(1);
    await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`update kalamna.invitations set created_at = created_at - interval '2 minutes'
                      where email = ${email}`),
    ]);
    expectStatus(await invite(admin, { email: email.toUpperCase(), role: "admin" }), 201);
    const second = tokenIn((await mailTo(email, 2)).text);
    expectStatus(await accept(first), 400);
    const joined = await accept(second);
    expectStatus(joined, 201);
    expect(joined.body.user.role).toBe("admin");
  });

  test("can be taken back before it is accepted", async () => {
    const email = address();
    const { body } = await invite(admin, { email });
    const open = await call("GET", "/api/v1/employees/invitations?limit=200", { token: admin.token });
    expect(open.body.data.map((one: { id: string }) => one.id)).toContain(body.invitation.id);
    expect(open.text).not.toContain("kal_inv_");
    const path = `/api/v1/employees/invitations/${body.invitation.id}`;
    expectStatus(await call("DELETE", path, { token: (await register()).token }), 404);
    expectStatus(await call("DELETE", path, { token: admin.token }), 200);
    expectStatus(await call("DELETE", path, { token: admin.token }), 404);
    expectStatus(await accept(tokenIn((await mailTo(email)).text)), 400);
  });

  test("says when the person is here already, and nothing about other organizations", async () => {
    const present = await colleague(admin, "member");
    const again = await invite(admin, { email: present.email });
    expectStatus(again, 409);
    expect(again.body.code).toBe("already_member");
    const elsewhere = await register("Elsewhere");
    expectStatus(await invite(admin, { email: elsewhere.email }), 201);
    const taken = await accept(tokenIn((await mailTo(elsewhere.email)).text));
    expectStatus(taken, 409);
    expect(taken.body.code).toBe("email_taken");
  });

  test.each([
    ["email", { email: "nobody" }],
    ["role", { email: "a@b.test", role: "owner" }],
    ["access", { email: "a@b.test", access: "all" }],
    ["groups.0", { email: "a@b.test", groups: ["x"] }],
    ["groups", { email: "a@b.test", groups: [crypto.randomUUID()] }],
    ["", { email: "a@b.test", org_id: crypto.randomUUID() }],
  ])("a bad %s is named", async (path, json) => {
    const answer = await invite(admin, json);
    expectStatus(answer, 400);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test("another organization's group is as unknown as an invented one", async () => {
    const theirs = await group(await register("Theirs"), "Board");
    const a = await invite(admin, { email: address(), groups: [theirs] });
    const b = await invite(admin, { email: address(), groups: [crypto.randomUUID()] });
    expect({ ...a.body, request_id: "" }).toEqual({ ...b.body, request_id: "" });
  });
});

describe("listing", () => {
  test("goes page by page, newest first, through one's own organization only", async () => {
    const boss = await register("Paged");
    for (let n = 0; n < 4; n += 1) await colleague(boss, "member");
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const page = await call("GET", `/api/v1/employees?limit=2${query}`, { token: boss.token });
      expectStatus(page, 200);
      seen.push(...page.body.data.map(({ id }: { id: string }) => id));
      cursor = page.body.next_cursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen.at(-1)).toBe(boss.userId);
    const { text } = await call("GET", "/api/v1/employees", { token: boss.token });
    expect(text).not.toMatch(/scrypt|password|token_version/);
  });

  test("can be narrowed to those who are deactivated", async () => {
    const gone = await colleague(admin, "member");
    expectStatus(await patch(admin, gone.userId, { status: "deactivated" }), 200);
    const { body } = await call("GET", "/api/v1/employees?status=deactivated&limit=200", {
      token: admin.token,
    });
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([gone.userId]);
  });
});

describe("changing what somebody may", () => {
  test("a new role ends the tokens of the old one at the next request", async () => {
    const person = await colleague(admin, "member");
    expectStatus(await me(person.token), 200);
    const changed = await patch(admin, person.userId, { role: "viewer" });
    expectStatus(changed, 200);
    expect(changed.body.employee).toMatchObject({ id: person.userId, role: "viewer" });
    const after = await me(person.token);
    expectStatus(after, 401);
    expect(after.body.code).toBe("session_revoked");
  });

  test("deactivation holds at the next request, and coming back means signing in again", async () => {
    const email = address();
    await invite(admin, { email });
    const joined = await accept(tokenIn((await mailTo(email)).text));
    const { token, refresh_token, user } = joined.body;
    expectStatus(await patch(admin, user.id, { status: "deactivated" }), 200);
    expectStatus(await me(token), 401);
    expectStatus(await call("POST", "/api/v1/auth/login", { json: { email, password: PASSWORD } }), 401);
    expectStatus(await patch(admin, user.id, { status: "active" }), 200);
    expectStatus(await me(token), 401);
    expectStatus(await call("POST", "/api/v1/auth/refresh", { json: { refresh_token } }), 401);
    expectStatus(await call("POST", "/api/v1/auth/login", { json: { email, password: PASSWORD } }), 200);
  });

  test("an admin's word on access goes before the e-mail's domain, until it is taken back", async () => {
    const boss = await register("Domains");
    const settings = { internal_domains: ["acme.test"] };
    expectStatus(await call("PATCH", "/api/v1/org", { token: boss.token, json: { settings } }), 200);
    const email = address();
    await invite(boss, { email });
    const joined = await accept(tokenIn((await mailTo(email)).text));
    expect(joined.body.user.access).toBe("internal");
    const { id } = joined.body.user;
    const outside = await patch(boss, id, { access: "external" });
    expect(outside.body.employee).toMatchObject({ access: "external", access_override: "external" });
    expectStatus(await me(joined.body.token), 401);
    const back = await patch(boss, id, { access: null });
    expect(back.body.employee).toMatchObject({ access: "internal", access_override: null });
  });

  test("groups are replaced as a whole", async () => {
    const person = await colleague(admin, "member");
    const [one, two] = [
      await group(admin, `One ${person.userId}`),
      await group(admin, `Two ${person.userId}`),
    ];
    await patch(admin, person.userId, { groups: [one] });
    const changed = await patch(admin, person.userId, { groups: [two, two] });
    expect(changed.body.employee.groups).toEqual([two]);
    // Membership is read at every request: no token has to die for it.
    expectStatus(await me(person.token), 200);
    const foreign = await patch(admin, person.userId, { groups: [await group(await register(), "Theirs")] });
    expectStatus(foreign, 400);
    expect(foreign.body.errors[0].path).toBe("groups");
    const { body } = await patch(admin, person.userId, { status: "active" });
    expect(body.employee.groups).toEqual([two]);
  });

  test.each([
    ["nothing", {}],
    ["a field nobody may set", { email: "x@acme.test" }],
    ["a token version", { token_version: 1 }],
    ["an unknown role", { role: "superadmin" }],
    ["a status of another kind", { status: "deleted" }],
  ])("%s is refused", async (_, json) => {
    const person = await colleague(admin, "member");
    expectStatus(await patch(admin, person.userId, json), 400);
  });

  test("another organization's employee is not found", async () => {
    const stranger = await register("Stranger");
    for (const json of [{ role: "viewer" }, { groups: [] }, { status: "deactivated" }]) {
      const foreign = await patch(admin, stranger.userId, json);
      const invented = await patch(admin, crypto.randomUUID(), json);
      expectStatus(foreign, 404);
      expect({ ...foreign.body, request_id: "" }).toEqual({ ...invented.body, request_id: "" });
    }
    const withGroup = await patch(admin, stranger.userId, { groups: [await group(admin, "Foreign try")] });
    expectStatus(withGroup, 404);
    expectStatus(await remove(admin, stranger.userId), 404);
    expectStatus(await me(stranger.token), 200);
  });

  test("the database refuses a member who would raise their own rights, whatever the code says", async () => {
    const person = await colleague(admin, "member");
    const raise = tenantBatch(ctxFor(person, "member"), (db) => [
      db.execute(sql`update kalamna.users set role = 'admin' where id = ${person.userId}`),
    ]);
    await expect(raise).rejects.toThrow();
  });
});

describe("the last active admin", () => {
  test.each([
    ["cannot be demoted", (by: Person) => patch(by, by.userId, { role: "member" })],
    ["cannot be deactivated", (by: Person) => patch(by, by.userId, { status: "deactivated" })],
    ["cannot be removed", (by: Person) => remove(by, by.userId)],
  ])("%s", async (_, act) => {
    const boss = await register("Alone");
    const retired = await colleague(boss, "admin");
    expectStatus(await patch(boss, retired.userId, { status: "deactivated" }), 200);
    const answer = await act(boss);
    expectStatus(answer, 409);
    expect(answer.body.code).toBe("last_admin");
    expectStatus(await me(boss.token), 200);
  });

  test("may go once there is another", async () => {
    const boss = await register("Handover");
    const heir = await colleague(boss, "admin");
    expectStatus(await patch(boss, boss.userId, { role: "member" }), 200);
    expectStatus(await remove(heir, boss.userId), 200);
  });

  test("of two who take each other's rights at once, one stays", async () => {
    const boss = await register("Duel");
    const rival = await colleague(boss, "admin");
    const answers = await Promise.all([
      patch(boss, rival.userId, { role: "viewer" }),
      remove(rival, boss.userId),
      patch(boss, boss.userId, { status: "deactivated" }),
      patch(rival, rival.userId, { role: "member" }),
    ]);
    expect(answers.every(({ status }) => [200, 401, 409].includes(status))).toBe(true);
    const [{ rows }] = await accountBatch(baseCtx(), (db) => [
      db.execute(sql`select id from kalamna.users
                      where org_id = ${boss.orgId} and role = 'admin' and status = 'active'`),
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe("removing somebody", () => {
  test("leaves their documents, without their name", async () => {
    const person = await colleague(admin, "member");
    const document = await uploadText(person, "legacy.txt", `Left behind by ${person.userId}.`);
    expectStatus(await remove(admin, person.userId), 200);
    expectStatus(await me(person.token), 401);
    const { body } = await call("GET", `/api/v1/documents/${document}`, { token: admin.token });
    expect(body.document).toMatchObject({ id: document, created_by: null });
    expectStatus(await remove(admin, person.userId), 404);
    expectStatus(await invite(admin, { email: person.email }), 201);
  });
});

test("every change of people is in the audit log", async () => {
  const boss = await register("Audited");
  const person = await colleague(boss, "member");
  const team = await group(boss, "Team");
  await invite(boss, { email: address() });
  await patch(boss, person.userId, { role: "viewer" });
  await call("PUT", `/api/v1/groups/${team}/members/${person.userId}`, { token: boss.token });
  await remove(boss, person.userId);
  const { body } = await call("GET", "/api/v1/audit?limit=100", { token: boss.token });
  const actions = body.data.map(({ action }: { action: string }) => action);
  for (const action of [
    "group.created",
    "employee.invited",
    "employee.changed",
    "group.member_added",
    "employee.removed",
  ]) {
    expect(actions, action).toContain(action);
  }
});
