/** Statements about deletions of more than one document (migrations/0020_deletions.sql). */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { deletions } from "../../infra/db/schema.ts";
import type { Removed } from "../documents/delete-sql.ts";

export const columns = {
  id: deletions.id,
  kind: deletions.kind,
  target: deletions.target,
  actorKind: deletions.actorKind,
  actorId: deletions.actorId,
  status: deletions.status,
  documents: deletions.documents,
  versions: deletions.versions,
  chunks: deletions.chunks,
  drafts: deletions.drafts,
  files: deletions.files,
  bytes: deletions.bytes,
  kept: deletions.kept,
  createdAt: deletions.createdAt,
  finishedAt: deletions.finishedAt,
};

export type What =
  | { kind: "documents"; ids: readonly string[] }
  | { kind: "batch"; id: string }
  | { kind: "source"; id: string };

/** With the rights the caller has now; no row when there is no such batch or source for them to delete. */
export const insertDeletion = (
  db: Database,
  orgId: string,
  actor: { kind: string; id: string | null },
  what: What,
) =>
  db.execute<{ id: string }>(sql`
    insert into kalamna.deletions (org_id, kind, target, document_ids, actor_kind, actor_id, role, access, groups)
    select ${orgId}, ${what.kind}, ${what.kind === "documents" ? null : what.id}::uuid,
           ${what.kind === "documents" ? sql.param([...what.ids]) : null}::uuid[], ${actor.kind}, ${actor.id}::uuid,
           kalamna.role(), current_setting('app.access'), kalamna.groups()
     where ${mayDelete(orgId, what)}
    returning id`);

function mayDelete(orgId: string, what: What) {
  switch (what.kind) {
    case "documents":
      return sql`true`;
    case "batch":
      return sql`exists (select from kalamna.batches b where b.org_id = ${orgId} and b.id = ${what.id}
                            and kalamna.may_change(b.created_by, b.created_by_key))`;
    case "source":
      return sql`exists (select from kalamna.sources s where s.org_id = ${orgId} and s.id = ${what.id}
                            and kalamna.may_change(s.created_by, s.created_by_key))`;
  }
}

/** Sources that are to go visit nothing more: the one, or those of a batch, in the order in which everybody locks several. */
export const pauseSources = (db: Database, orgId: string, what: What) =>
  db.execute(
    what.kind === "documents"
      ? sql`select`
      : sql`with chosen as (
              select id from kalamna.sources
               where org_id = ${orgId} and ${sql.identifier(what.kind === "source" ? "id" : "batch_id")} = ${what.id}
                 and kalamna.may_change(created_by, created_by_key)
               order by id for no key update)
            update kalamna.sources s set status = 'paused', lease = null, lease_until = null, next_run_at = null,
                   updated_at = now()
              from chosen where s.org_id = ${orgId} and s.id = chosen.id`,
  );

/** Condition for the audit log: this very batch began the deletion. */
export const isBegun = (orgId: string) =>
  sql`exists (select from kalamna.deletions d where d.org_id = ${orgId} and d.created_at = now())`;

export const findDeletion = (db: Database, orgId: string, id: string) =>
  db
    .select(columns)
    .from(deletions)
    .where(and(eq(deletions.orgId, orgId), eq(deletions.id, id)));

/** Deletes the next documents; null when there was nothing left to do. Afterwards the batch has the requester's rights. */
export const deleteNext = (db: Database, id: string, most: number, mostChunks: number) =>
  db.execute<{ removed: Removed | null }>(
    sql`select kalamna.delete_next(${id}::uuid, ${most}::int, ${mostChunks}::int) as removed`,
  );

/** For a system batch: deletions of active organizations that nobody has gone on with lately. */
export const findStalled = (db: Database, limit: number) =>
  db
    .select({ orgId: deletions.orgId, id: deletions.id })
    .from(deletions)
    .where(
      and(
        eq(deletions.status, "running"),
        sql`${deletions.updatedAt} < now() - interval '2 minutes'`,
        sql`exists (select from kalamna.organizations o where o.id = ${deletions.orgId} and o.status = 'active')`,
      ),
    )
    .orderBy(deletions.updatedAt)
    .limit(limit);
