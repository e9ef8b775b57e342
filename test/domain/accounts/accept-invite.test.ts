import { createHash, randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { accountBatch, tenantBatch } from "../../../src/infra/db/tenant.ts";
import { call, expectStatus, PASSWORD, type Person, register } from "../../support/api.ts";
import { baseCtx, ctxFor } from "../../support/people.ts";

type Invitation = {
  role?: string;
  access?: "internal" | "external" | null;
  groups?: string[];
  email?: string;
  minutes?: number;
};

/** An invitation of `admin`'s organization, straight into the database; its token. */
async function invite(admin: Person, options: Invitation = {}): Promise<{ token: string; email: string }> {
  const { role = "member", access = null, groups = [], minutes = 60 } = options;
  const email = options.email ?? `guest-${crypto.randomUUID()}@partner.test`;
  const token = `kal_inv_${randomBytes(24).toString("base64url")}`;
  const hash = createHash("sha256").update(token).digest("hex");
  await tenantBatch(ctxFor(admin), (db) => [
    db.execute(sql`
      insert into kalamna.invitations (org_id, email, role, access, groups, token_hash, expires_at)
      values (${admin.orgId}, ${email}, ${role}, ${access}, ${`{${groups.join(",")}}`}::uuid[], decode(${hash}, 'hex'),
              now() + make_interval(mins => ${minutes}::int))`),
  ]);
  return { token, email };
}

const accept = (token: string, more: object = {}) =>
  call("POST", "/api/v1/auth/accept-invite", { json: { token, password: PASSWORD, ...more } });

const setDomains = (admin: Person, domains: string[]) =>
  accountBatch(baseCtx(), (db) => [
    db.execute(sql`update kalamna.organizations set settings = ${JSON.stringify({ internal_domains: domains })}::jsonb
                    where id = ${admin.orgId}`),
  ]);

describe("accepting an invitation", () => {
  test("creates the account with its role, signed in and verified", async () => {
    const admin = await register("Host");
    const { token, email } = await invite(admin, { role: "viewer" });
    const answer = await accept(token, { name: "Guest" });
    expectStatus(answer, 201);
    expect(answer.body).toMatchObject({
      user: { email, name: "Guest", role: "viewer", access: "external", email_verified: true },
      org: { id: admin.orgId, name: "Host" },
    });
    expectStatus(await call("GET", "/api/v1/auth/me", { token: answer.body.token }), 200);
    expectStatus(await call("POST", "/api/v1/auth/login", { json: { email, password: PASSWORD } }), 200);
    expectStatus(
      await call("POST", "/api/v1/auth/refresh", { json: { refresh_token: answer.body.refresh_token } }),
      200,
    );
  });

  test("joins the groups it names", async () => {
    const admin = await register();
    const group = crypto.randomUUID();
    await tenantBatch(ctxFor(admin), (db) => [
      db.execute(
        sql`insert into kalamna.groups (id, org_id, name) values (${group}, ${admin.orgId}, 'Board')`,
      ),
    ]);
    const { token } = await invite(admin, { groups: [group, crypto.randomUUID()] });
    const { body } = await accept(token);
    const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`select group_id from kalamna.group_members where user_id = ${body.user.id}`),
    ]);
    expect(rows).toEqual([{ group_id: group }]);
  });

  test.each<[string, Invitation, string[], string]>([
    ["an admin is internal", { role: "admin" }, [], "internal"],
    ["a colleague's domain is internal", { email: "a@acme.test" }, ["acme.test"], "internal"],
    ["another domain is external", { email: "a@partner.test" }, ["acme.test"], "external"],
    ["a domain that only ends alike is external", { email: "a@notacme.test" }, ["acme.test"], "external"],
    ["without named domains nobody is internal by e-mail", { email: "a@acme.test" }, [], "external"],
    [
      "what the admin decided counts",
      { email: "a@partner.test", access: "internal" },
      ["acme.test"],
      "internal",
    ],
    ["also against the domain", { email: "a@acme.test", access: "external" }, ["acme.test"], "external"],
  ])("%s", async (_, invitation, domains, access) => {
    const admin = await register();
    await setDomains(admin, domains);
    const email = invitation.email?.replace("@", `-${crypto.randomUUID()}@`);
    const { token } = await invite(admin, { ...invitation, ...(email ? { email } : {}) });
    expect((await accept(token)).body.user.access).toBe(access);
  });

  test("works once, also for two at the same moment", async () => {
    const { token } = await invite(await register());
    const statuses = (await Promise.all([accept(token), accept(token)])).map(({ status }) => status);
    // Who comes second finds it used, or loses the race for the address.
    expect([
      [201, 400],
      [201, 409],
    ]).toContainEqual(statuses.sort());
    const late = await accept(token);
    expectStatus(late, 400);
    expect(late.body.code).toBe("invalid_invitation");
  });

  test.each<[string, () => Promise<string>]>([
    ["invented", async () => "kal_inv_invented"],
    ["too old", async () => (await invite(await register(), { minutes: -1 })).token],
    [
      "of a suspended organization",
      async () => {
        const admin = await register();
        const { token } = await invite(admin);
        await accountBatch(baseCtx(), (db) => [
          db.execute(sql`update kalamna.organizations set status = 'suspended' where id = ${admin.orgId}`),
        ]);
        return token;
      },
    ],
  ])("is refused when the token is %s", async (_, make) => {
    const answer = await accept(await make());
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_invitation");
  });

  test("is refused when the address has an account, and the invitation stays open", async () => {
    const [admin, other] = [await register(), await register()];
    const { token } = await invite(admin, { email: other.email });
    const answer = await accept(token);
    expectStatus(answer, 409);
    expect(answer.body.code).toBe("email_taken");
    expectStatus(await accept(token), 409);
  });

  test("needs a good password first", async () => {
    const { token } = await invite(await register());
    expectStatus(await accept(token, { password: "short" }), 400);
    expectStatus(await accept(token), 201);
  });
});
