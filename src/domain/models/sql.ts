/** Statements about an organization's embedding model; migrations/0016_models.sql holds what they call. */
import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { orgEmbedding } from "../../infra/db/schema.ts";

/** The one message that may go on with a change. */
export type Piece = { orgId: string; changeId: string; piece: number };

const of = (orgId: string) => eq(orgEmbedding.orgId, orgId);
const is = ({ orgId, changeId, piece }: Piece) =>
  and(of(orgId), eq(orgEmbedding.changeId, changeId), eq(orgEmbedding.piece, piece));

/** Longer than a piece takes; a crashed consumer's piece is free again after it. */
const LEASE = sql`now() + interval '3 minutes'`;
/** A message that has not come by then is lost. */
const LOST = sql`now() + interval '5 minutes'`;
/** After as many tries as the queue makes, the sweeper makes one now and then. */
const LATER = sql`now() + interval '10 minutes'`;

/** No row for an organization that has published nothing. */
export const findModel = (db: Database, orgId: string) =>
  db
    .select({
      model: orgEmbedding.model,
      changeId: orgEmbedding.changeId,
      phase: orgEmbedding.phase,
      target: orgEmbedding.target,
      piece: orgEmbedding.piece,
      tokens: orgEmbedding.tokens,
      failureCode: orgEmbedding.failureCode,
      failureDetail: orgEmbedding.failureDetail,
      startedAt: orgEmbedding.startedAt,
    })
    .from(orgEmbedding)
    .where(of(orgId));

/** `embedded`: chunks with a vector of each model. `tokens`: of all documents, estimated. */
export type Figures = { chunks: number; tokens: number; embedded: Record<string, number> };

export const countEmbedded = (db: Database) =>
  db.execute<{ figures: Figures }>(sql`select kalamna.embedding_figures() as figures`);

/** False while another change runs. */
export const beginChange = (db: Database, model: string) =>
  db.execute<{ begun: boolean }>(sql`select kalamna.change_embedding_model(${model}) as begun`);

/** Condition for the audit log: this very batch began a change. */
export const isBegun = (orgId: string): SQL =>
  sql`exists (select from kalamna.org_embedding e
               where e.org_id = ${orgId} and e.phase = 'embedding' and e.started_at = now())`;

/** What was embedded for the change goes; no row when none is at that stage. */
export const callOff = (db: Database, orgId: string) =>
  db
    .update(orgEmbedding)
    .set({
      phase: "removing",
      target: null,
      piece: sql`${orgEmbedding.piece} + 1`,
      leaseUntil: null,
      runAfter: LOST,
      cursorDocument: null,
      cursorOrdinal: null,
      failureCode: null,
      failureDetail: null,
      updatedAt: sql`now()`,
    })
    .where(and(of(orgId), eq(orgEmbedding.phase, "embedding")))
    .returning({ changeId: orgEmbedding.changeId, piece: orgEmbedding.piece });

/** Condition for the audit log: this very batch ended a change's first phase, by calling it off or by completing it. */
export const isTurned = (orgId: string): SQL =>
  sql`exists (select from kalamna.org_embedding e
               where e.org_id = ${orgId} and e.phase = 'removing' and e.updated_at = now())`;

/** Takes a piece to work on; no row when it is done, held by another consumer, or its change is over. */
export const claimPiece = (db: Database, piece: Piece) =>
  db
    .update(orgEmbedding)
    .set({ leaseUntil: LEASE })
    .where(and(is(piece), isNotNull(orgEmbedding.phase), sql`(lease_until is null or lease_until < now())`))
    .returning({ model: orgEmbedding.model, phase: orgEmbedding.phase, target: orgEmbedding.target });

/** A chunk that lacks its vector; without content when a chunk with the same text has one. */
export type Lacking = { id: string; heading: string[]; content: string | null; content_hash: string };

export const chunksWithoutVector = (db: Database, { changeId }: Piece, limit: number) =>
  db.execute<Lacking>(sql`
    select id, heading, content, content_hash from kalamna.chunks_without_vector(${changeId}::uuid, ${limit}::int)`);

/** `staged` is null when the change is over. @param vectors in pgvector's text form, null where one is known already */
export const stageVectors = (
  db: Database,
  { changeId }: Piece,
  ids: readonly string[],
  vectors: readonly (string | null)[],
  threshold: number,
  tokens: number,
) =>
  db.execute<{ staged: number | null }>(sql`
    select kalamna.stage_vectors(${changeId}::uuid, ${sql.param([...ids])}::uuid[], ${sql.param([...vectors])}::text[],
                                 ${threshold}::float8, ${tokens}::bigint) as staged`);

/** The organization searches with the target from now on, if no chunk and no phrase lacks a vector of it. @param complete false: do not look */
export const flip = (db: Database, { changeId }: Piece, complete: boolean) =>
  db.execute<{ flipped: boolean }>(sql`
    select case when ${complete} then kalamna.flip_embedding_model(${changeId}::uuid) else false end as flipped`);

/** How many rows of other models it removed; the change ends with 0. */
export const removeOthers = (db: Database, { changeId }: Piece, most: number) =>
  db.execute<{ removed: number }>(
    sql`select kalamna.remove_other_vectors(${changeId}::uuid, ${most}::int) as removed`,
  );

/** Ends a piece; the row names the next one. None when the change ended, or went on without us. */
export const endPiece = (db: Database, piece: Piece) =>
  db
    .update(orgEmbedding)
    .set({
      piece: sql`${orgEmbedding.piece} + 1`,
      leaseUntil: null,
      runAfter: LOST,
      failureCode: null,
      failureDetail: null,
    })
    .where(is(piece))
    .returning({ piece: orgEmbedding.piece });

/** Gives a piece back with the reason, so that trying again need not wait for the lease. */
export const failPiece = (db: Database, piece: Piece, code: string, detail: string) =>
  db
    .update(orgEmbedding)
    .set({ leaseUntil: null, runAfter: LATER, failureCode: code, failureDetail: detail })
    .where(is(piece));

export const postponePiece = (db: Database, piece: Piece) =>
  db.update(orgEmbedding).set({ leaseUntil: null, runAfter: LATER }).where(is(piece));

/** Changes of active organizations that nobody works on; for a system batch. */
export const findStrandedChanges = (db: Database, limit: number) =>
  db
    .select({ orgId: orgEmbedding.orgId, changeId: orgEmbedding.changeId, piece: orgEmbedding.piece })
    .from(orgEmbedding)
    .where(sql`phase is not null and greatest(lease_until, run_after) < now() and exists (
      select from kalamna.organizations o where o.id = ${orgEmbedding.orgId} and o.status = 'active')`)
    .orderBy(orgEmbedding.runAfter)
    .limit(limit);

/** Starts the waiting time anew, so that one lost message is not sent again every minute. */
export const touchPiece = (db: Database, piece: Piece) =>
  db.update(orgEmbedding).set({ leaseUntil: null, runAfter: LOST }).where(is(piece));
