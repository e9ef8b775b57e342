/** The organization's audit log: a page of it, all of it, and whether anyone has tampered with it. */
import { and, desc, eq, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Database } from "../../infra/db/client.ts";
import { auditLog } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { Limit, type Listed, listed } from "../paging/page.ts";
import { ACTOR_KINDS } from "./record.ts";

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

const columns = {
  seq: auditLog.seq,
  at: auditLog.at,
  actorKind: auditLog.actorKind,
  actorId: auditLog.actorId,
  action: auditLog.action,
  targetType: auditLog.targetType,
  targetId: auditLog.targetId,
  detail: auditLog.detail,
  result: auditLog.result,
  address: auditLog.address,
  agent: auditLog.agent,
  requestId: auditLog.requestId,
  hash: sql<string>`encode(${auditLog.hash}, 'hex')`,
};

const entries = (
  db: Database,
  orgId: string,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
) => {
  const where: (SQL | undefined)[] = [
    eq(auditLog.orgId, orgId),
    filter.action === undefined ? undefined : eq(auditLog.action, filter.action),
    filter.actor_kind && eq(auditLog.actorKind, filter.actor_kind),
    filter.actor_id === undefined ? undefined : eq(auditLog.actorId, filter.actor_id),
    filter.target_id === undefined ? undefined : eq(auditLog.targetId, filter.target_id),
    filter.result && eq(auditLog.result, filter.result),
    filter.from === undefined ? undefined : gte(auditLog.at, filter.from),
    filter.to === undefined ? undefined : lte(auditLog.at, filter.to),
    before === undefined ? undefined : lt(auditLog.seq, before),
  ];
  return db
    .select(columns)
    .from(auditLog)
    .where(and(...where))
    .orderBy(desc(auditLog.seq))
    .limit(limit);
};

type Row = Awaited<ReturnType<typeof entries>>[number];

function view(row: Row) {
  return {
    seq: row.seq,
    at: iso(row.at),
    actor: { kind: row.actorKind, id: row.actorId },
    action: row.action,
    target: row.targetType === null ? null : { type: row.targetType, id: row.targetId },
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
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    db.execute<{ entries: string; head: string | null; broken_at: string | null }>(
      sql`select entries, head, broken_at from kalamna.verify_audit()`,
    ),
  ]);
  const [row] = rows;
  if (!row) throw new AppError("internal");
  const brokenAt = row.broken_at === null ? null : Number(row.broken_at);
  return { ok: brokenAt === null, entries: Number(row.entries), head: row.head, broken_at: brokenAt };
}
