/** Colleagues of an admin, put straight into the database until invitations exist. */
import { sql } from "drizzle-orm";
import type { Access, BaseCtx, Role } from "../../src/context.ts";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { lineLog } from "../../src/log.ts";
import { type Person, runtime, tokenFor } from "./api.ts";

/** A context outside any request. */
export function baseCtx(): BaseCtx {
  return {
    ports: runtime().ports,
    requestId: "test",
    client: { address: "192.0.2.1", agent: "vitest" },
    signal: new AbortController().signal,
    now: () => new Date(),
    log: lineLog({}),
    trace: runtime().tracing.begin("test", { waitUntil: () => undefined }),
    waitUntil: () => undefined,
  };
}

/** A person of the same organization with another role or access. */
export async function colleague(of: Person, role: Role, access: Access = "internal"): Promise<Person> {
  const userId = crypto.randomUUID();
  const email = `${role}-${userId}@acme.test`;
  await accountBatch(baseCtx(), (db) => [
    db.execute(sql`insert into kalamna.users (id, org_id, email, role, access)
                   values (${userId}, ${of.orgId}, ${email}, ${role}, ${access})`),
  ]);
  const token = await tokenFor({ orgId: of.orgId, userId, role, access, tokenVersion: 1 });
  return { token, refreshToken: "", orgId: of.orgId, userId, email };
}

/** The context of a person, as a route would build it. */
export function ctxFor(person: Person, role: Role = "admin", access: Access = "internal") {
  const actor = {
    kind: "user",
    orgId: person.orgId,
    userId: person.userId,
    role,
    access,
    tokenVersion: 1,
  } as const;
  return { ...baseCtx(), actor };
}
