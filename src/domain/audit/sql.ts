/** Statements that read the audit log; audit/record.ts holds the one that writes it. */
import { and, desc, eq, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { auditLog } from "../../infra/db/schema.ts";
import type { AuditFilter } from "./read.ts";

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

/** Newest first, `limit` at most, all older than the entry `before`. */
export const entries = (
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

/** Each once, in order of the alphabet; from one to the next by the index, however long the log is. */
export const actionsIn = (db: Database, orgId: string) =>
  db.execute<{ action: string }>(sql`
    with recursive found(action) as (
      select min(action) from kalamna.audit_log where org_id = ${orgId}
      union all
      select (select min(action) from kalamna.audit_log where org_id = ${orgId} and action > found.action)
        from found where found.action is not null
    )
    select action from found where action is not null`);

/** One row: how many entries the chain has, and the first that does not follow from the one before it. */
export const verifyChain = (db: Database) =>
  db.execute<{ entries: string; head: string | null; broken_at: string | null }>(
    sql`select entries, head, broken_at from kalamna.verify_audit()`,
  );
