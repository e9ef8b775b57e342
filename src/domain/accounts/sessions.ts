/** Where the caller is signed in. */
import type { Ctx, UserActor } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { listSessions } from "./sql.ts";

export type Session = {
  id: string;
  /** What the device called itself when it last renewed its tokens. */
  agent: string | null;
  address: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  /** Is it the one that asks? */
  current: boolean;
};

/** Newest use first. */
export async function sessions(ctx: Ctx<UserActor>): Promise<Session[]> {
  const { orgId, userId, sessionId } = ctx.actor;
  const [rows] = await tenantBatch(ctx, (db) => [listSessions(db, orgId, userId, ctx.now().toISOString())]);
  return rows.map((row) => ({
    id: row.id,
    agent: row.agent,
    address: row.address,
    created_at: new Date(row.createdAt).toISOString(),
    last_used_at: new Date(row.usedAt).toISOString(),
    expires_at: new Date(row.expiresAt).toISOString(),
    current: row.id === sessionId,
  }));
}
