/** Statements about stored files: which may go, and who removes them (migrations/0018_files.sql). */
import { eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { fileSweep } from "../../infra/db/schema.ts";

/** The right to remove one file, given to one remover. */
export type Claim = { key: string; claim: string };

/** Claims those of these files (paths behind the organization) that no document needs; last in the batch but the audit. */
export const claimFiles = (db: Database, paths: readonly string[]) =>
  db.execute<Claim>(sql`select key, claim from kalamna.claim_files(${sql.param([...paths])}::text[])`);

/**
 * Of bytes that were registered earlier in this batch: null when nobody removed them lately, false while somebody does,
 * true when they were.
 */
export const fileRemoved = (db: Database, path: string) =>
  db.execute<{ removed: boolean | null }>(sql`select kalamna.file_removed(${path}) as removed`);

/** For a system batch. */
export const filesGone = (db: Database, claims: readonly string[]) =>
  db.execute(sql`select kalamna.files_gone(${sql.param([...claims])}::uuid[])`);

/** For a system batch: what should be gone and nobody is removing. */
export const claimDueFiles = (db: Database, most: number) =>
  db.execute<Claim & { org_id: string }>(
    sql`select org_id, key, claim from kalamna.claim_due_files(${most}::int)`,
  );

/** For a system batch: those of these whole keys that no row needs. */
export const claimOrphans = (db: Database, keys: readonly string[]) =>
  db.execute<{ key: string; claim: string | null }>(
    sql`select key, claim from kalamna.claim_orphans(${sql.param([...keys])}::text[])`,
  );

/** For a system batch. */
export const forgetRemovals = (db: Database) => db.execute(sql`select kalamna.forget_removals()`);

/** For a system batch: where the walk goes on; no row when it is not time. */
export const nextPlace = (db: Database, now: string) =>
  db
    .select({ after: fileSweep.after })
    .from(fileSweep)
    .where(sql`${fileSweep.runAfter} <= ${now}::timestamptz`);

/** For a system batch. `after` null: the lap is over, and the next one begins at `runAfter`. */
export const moveOn = (
  db: Database,
  step: { after: string | null; runAfter: string; now: string; checked: number; removed: number },
) =>
  db
    .update(fileSweep)
    .set({
      after: step.after,
      runAfter: step.runAfter,
      checked: sql`${fileSweep.checked} + ${step.checked}`,
      orphansRemoved: sql`${fileSweep.orphansRemoved} + ${step.removed}`,
      ...(step.after === null ? { lapFinishedAt: step.now } : {}),
    })
    .where(eq(fileSweep.onlyRow, true));

/** For a system batch: figures of the readiness report. */
export const sweepFigures = (db: Database) =>
  db
    .select({
      orphansRemoved: fileSweep.orphansRemoved,
      waiting: sql<number>`(select count(*)::int from kalamna.file_removals r where r.removed_at is null)`,
    })
    .from(fileSweep);
