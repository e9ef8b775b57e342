/** Where the caller is signed in. */
import type { Ctx, UserActor } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
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
    created_at: iso(row.createdAt),
    last_used_at: iso(row.usedAt),
    expires_at: iso(row.expiresAt),
    current: row.id === sessionId,
  }));
}
