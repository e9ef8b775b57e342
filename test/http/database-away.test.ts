/** The database goes away in the course of a request, at each of its trips there: nothing is half done. */
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { connect } from "../../src/infra/db/client.ts";
import { type CallOptions, call, expectStatus, PASSWORD, type Person, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { newIssuer } from "../support/identities.ts";
import { mailTo } from "../support/mail.ts";
import { baseCtx, colleague } from "../support/people.ts";
import { superadmin } from "../support/platform.ts";

type Request = [method: string, path: string, options: CallOptions];

const away = connect("postgres://u:p@down.localtest/x", "http://127.0.0.1:9/sql");

/** The Worker, from whose `nth` trip to the database nothing comes back. */
function without(nth: number) {
  let trips = 0;
  return appWith(({ ports }) => {
    const db = new Proxy(ports.db, {
      get: (real, name, receiver) =>
        name === "batch"
          ? (statements: Parameters<typeof real.batch>[0]) =>
              (++trips === nth ? away : real).batch(statements)
          : Reflect.get(real, name, receiver),
    });
    return { ports: { ...ports, db } };
  });
}

async function group(admin: Person): Promise<string> {
  const answer = await call("POST", "/api/v1/groups", { token: admin.token, json: { name: "Sales" } });
  expectStatus(answer, 201);
  return answer.body.group.id;
}

const REQUESTS: [what: string, request: () => Promise<Request>][] = [
  [
    "registering",
    async () => {
      const json = { org_name: "Acme", email: `${crypto.randomUUID()}@acme.test`, password: PASSWORD };
      return ["POST", "/api/v1/auth/register", { json }];
    },
  ],
  [
    "accepting an invitation",
    async () => {
      const { token } = await register();
      const json = { email: `${crypto.randomUUID()}@acme.test`, role: "viewer", access: "internal" };
      expectStatus(await call("POST", "/api/v1/employees", { token, json }), 201);
      const [secret] = /kal_inv_[\w-]{43}/.exec((await mailTo(json.email)).text) ?? [];
      return ["POST", "/api/v1/auth/accept-invite", { json: { token: secret, password: PASSWORD } }];
    },
  ],
  [
    "making a group",
    async () => ["POST", "/api/v1/groups", { token: (await register()).token, json: { name: "Sales" } }],
  ],
  [
    "adding somebody to a group",
    async () => {
      const admin = await register();
      const { userId } = await colleague(admin, "viewer");
      return ["PUT", `/api/v1/groups/${await group(admin)}/members/${userId}`, { token: admin.token }];
    },
  ],
  [
    "connecting an identity provider",
    async () => {
      const issuer = await newIssuer();
      const { token, userId } = await register();
      const domain = `${crypto.randomUUID()}.test`;
      await baseCtx().ports.db.execute(
        sql`update kalamna.users set email = ${`a@${domain}`}, email_verified_at = now() where id = ${userId}`,
      );
      const json = { issuer: issuer.url, audience: await issuer.client(), domains: [domain] };
      return ["PUT", "/api/v1/identity", { token, json }];
    },
  ],
  [
    "asking for the end of an organization",
    async () => {
      const { orgId } = await register();
      return ["DELETE", `/api/v1/admin/orgs/${orgId}`, { token: (await superadmin()).token }];
    },
  ],
];

test.each(REQUESTS)("%s says so each time, and succeeds when sent once more", async (_, prepare) => {
  const [method, path, options] = await prepare();
  let answer = await without(1).call(method, path, options);
  let refused = 0;
  for (; answer.status === 503; refused++) {
    expect(answer.body.code).toBe("database_unavailable");
    answer = await without(refused + 2).call(method, path, options);
  }
  expect(answer.status, answer.text).toBeLessThan(300);
  expect(refused).toBeGreaterThan(0);
});
