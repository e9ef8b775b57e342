/** The organization's audit log: a page of it, all of it, and whether anyone has tampered with it. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { Limit, type Listed, listed } from "../paging/page.ts";
import type { AuditAction, AuditTarget } from "./actions.ts";
import { ACTOR_KINDS, type ActorKind } from "./record.ts";
import { actionsIn, entries, verifyChain } from "./sql.ts";

const moment = z.iso.datetime({ offset: true });

/** What an entry must match; everything given must hold. */
export const AuditFilter = z.object({
  action: z.string().max(100).optional(),
  actor_kind: z.enum(ACTOR_KINDS).optional(),
  actor_id: z.uuid().optional(),
  target_id: z.string().max(200).optional(),
  result: z.enum(["ok", "denied"]).optional(),
  from: moment.optional(),
  to: moment.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditInput = AuditFilter.extend({
  limit: Limit,
  /** The `seq` that the last page ended with. */
  cursor: z.coerce.number().int().positive().optional(),
});
export type AuditInput = z.infer<typeof AuditInput>;

export type AuditEntry = ReturnType<typeof view>;

type Row = Awaited<ReturnType<typeof entries>>[number];

function view(row: Row) {
  return {
    seq: row.seq,
    at: iso(row.at),
    // Only audit/record.ts and what it calls write these.
    actor: { kind: row.actorKind as ActorKind, id: row.actorId },
    action: row.action as AuditAction,
    target: row.targetType === null ? null : { type: row.targetType as AuditTarget, id: row.targetId },
    detail: row.detail,
    result: row.result,
    from: { address: row.address, agent: row.agent },
    request_id: row.requestId,
    hash: row.hash,
  };
}

/** Newest first. */
export async function listAudit(
  ctx: Ctx,
  { limit, cursor, ...filter }: AuditInput,
): Promise<Listed<AuditEntry>> {
  const [rows] = await tenantBatch(ctx, (db) => [entries(db, ctx.actor.orgId, filter, cursor, limit + 1)]);
  return listed(rows, limit, view, ({ seq }) => String(seq));
}

/** What has happened at all, each kind of act once. */
export async function listActions(ctx: Ctx): Promise<string[]> {
  const [{ rows }] = await tenantBatch(ctx, (db) => [actionsIn(db, ctx.actor.orgId)]);
  return rows.map(({ action }) => action);
}

const EXPORT_PAGE = 500;

/** Every matching entry, newest first, page by page, so that a long log never sits in memory. */
export async function* exportAudit(
  ctx: Ctx,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry, void, undefined> {
  let before: number | undefined;
  for (;;) {
    const [rows] = await tenantBatch(ctx, (db) => [
      entries(db, ctx.actor.orgId, filter, before, EXPORT_PAGE),
    ]);
    for (const row of rows) yield view(row);
    const last = rows.at(-1);
    if (!last || rows.length < EXPORT_PAGE) return;
    before = last.seq;
  }
}

export type Verification = {
  ok: boolean;
  entries: number;
  /** Hash of the newest entry; keep a copy elsewhere to notice a rewritten log. */
  head: string | null;
  /** The first entry that does not follow from the one before it. */
  broken_at: number | null;
};

/** Recomputes the chain from its first entry. */
export async function verifyAudit(ctx: Ctx): Promise<Verification> {
  const [{ rows }] = await tenantBatch(ctx, (db) => [verifyChain(db)]);
  const [row] = rows;
  if (!row) throw new AppError("internal");
  const brokenAt = row.broken_at === null ? null : Number(row.broken_at);
  return { ok: brokenAt === null, entries: Number(row.entries), head: row.head, broken_at: brokenAt };
}
