/** Statements of the deferred work that goes through a run. */
import { and, asc, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { evalResults, evalRuns } from "../../infra/db/schema.ts";
import type { Figures } from "./figures.ts";
import type { AskedCase, Outcome } from "./judge.ts";

/** One message's share of a run: it holds for this number only. */
export type Piece = { orgId: string; runId: string; piece: number };

/** Longer than a question and what surrounds it may take. */
const LEASE = sql`now() + interval '5 minutes'`;
/** A message that is not there by then was lost. */
const LOST = sql`now() + interval '3 minutes'`;

const is = ({ orgId, runId, piece }: Piece) =>
  and(
    eq(evalRuns.orgId, orgId),
    eq(evalRuns.id, runId),
    eq(evalRuns.piece, piece),
    eq(evalRuns.status, "running"),
  );

/** No row when it is done, over, or held by another consumer. */
export const claimPiece = (db: Database, piece: Piece) =>
  db
    .update(evalRuns)
    .set({ leaseUntil: LEASE })
    .where(and(is(piece), or(isNull(evalRuns.leaseUntil), lt(evalRuns.leaseUntil, sql`now()`))))
    .returning({
      kind: evalRuns.kind,
      configurations: evalRuns.configurations,
      gate: evalRuns.gate,
    });

export type Runner = {
  user_id: string | null;
  role: string | null;
  access: string;
  token_version: number | null;
  key_id: string | null;
  secret_hash: string | null;
  scopes: string[] | null;
};

export const findRunner = (db: Database, { runId }: Piece) =>
  db.execute<Runner>(sql`select * from kalamna.eval_runner(${runId}::uuid)`);

const ofRun = ({ orgId, runId }: Piece) => and(eq(evalResults.orgId, orgId), eq(evalResults.runId, runId));

export type Place = { ordinal: number; configuration: number };
const at = (piece: Piece, { ordinal, configuration }: Place) =>
  and(
    ofRun(piece),
    eq(evalResults.ordinal, ordinal),
    eq(evalResults.configuration, configuration),
    eq(evalResults.status, "waiting"),
  );

/** The next question; before it is asked, that it is. */
export const nextWaiting = (db: Database, piece: Piece) =>
  db
    .update(evalResults)
    .set({ attempts: sql`${evalResults.attempts} + 1` })
    .where(
      and(
        ofRun(piece),
        sql`(ordinal, configuration) = (
          select w.ordinal, w.configuration from kalamna.eval_results w
           where w.org_id = ${piece.orgId} and w.run_id = ${piece.runId} and w.status = 'waiting'
           order by w.ordinal, w.configuration limit 1)`,
      ),
    )
    .returning({
      ordinal: evalResults.ordinal,
      configuration: evalResults.configuration,
      attempts: evalResults.attempts,
      asked: sql<AskedCase>`${evalResults.asked}`,
    });

export type Judgement = {
  outcome: Outcome;
  answer: string | null;
  drawnFrom: string[];
  taughtId: string | null;
};

export const saveResult = (db: Database, piece: Piece, place: Place, { outcome, ...rest }: Judgement) =>
  db
    .update(evalResults)
    .set({ ...rest, outcome, status: outcome.error ? "failed" : "done" })
    .where(at(piece, place));

/** No row when the run has been cancelled or deleted meanwhile. */
export const renew = (db: Database, piece: Piece) =>
  db
    .update(evalRuns)
    .set({ leaseUntil: LEASE, runAfter: LOST })
    .where(is(piece))
    .returning({ id: evalRuns.id });

/** The row names the next piece. */
export const endPiece = (db: Database, piece: Piece) =>
  db
    .update(evalRuns)
    .set({ piece: sql`${evalRuns.piece} + 1`, leaseUntil: null, runAfter: LOST })
    .where(is(piece))
    .returning({ piece: evalRuns.piece });

/** Lets somebody else try without waiting for the lease. */
export const releasePiece = (db: Database, piece: Piece) =>
  db.update(evalRuns).set({ leaseUntil: null, runAfter: LOST }).where(is(piece));

export const judged = (db: Database, piece: Piece) =>
  db
    .select({
      configuration: evalResults.configuration,
      asked: sql<AskedCase>`${evalResults.asked}`,
      outcome: sql<Outcome>`${evalResults.outcome}`,
    })
    .from(evalResults)
    .where(and(ofRun(piece), sql`${evalResults.outcome} is not null`))
    .orderBy(asc(evalResults.ordinal));

export const finishRun = (db: Database, piece: Piece, figures: readonly Figures[], passed: boolean | null) =>
  db
    .update(evalRuns)
    .set({ status: "done", figures, passed, leaseUntil: null, finishedAt: sql`now()` })
    .where(is(piece));

/** Whoever asked may not any more, or may ask no more this month: what was found so far stays. */
export const failRun = (
  db: Database,
  piece: Piece,
  { code, detail }: { code: string; detail: string },
  figures: readonly Figures[],
) =>
  db
    .update(evalRuns)
    .set({
      status: "failed",
      figures,
      passed: sql`case when ${evalRuns.gate} is not null then false end`,
      failureCode: code,
      failureDetail: detail,
      leaseUntil: null,
      finishedAt: sql`now()`,
    })
    .where(is(piece));

/** Runs of active organizations that nobody works on; for a system batch. */
export const findStranded = (db: Database, limit: number) =>
  db
    .select({ orgId: evalRuns.orgId, runId: evalRuns.id, piece: evalRuns.piece })
    .from(evalRuns)
    .where(sql`status = 'running' and greatest(lease_until, run_after) < now() and exists (
      select from kalamna.organizations o where o.id = ${evalRuns.orgId} and o.status = 'active')`)
    .orderBy(asc(evalRuns.runAfter))
    .limit(limit);
