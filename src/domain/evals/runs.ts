/** Runs over golden questions: begun, watched, called off, deleted. */
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { type Listed, listedByDate, type PageInput, pageOf } from "../paging/page.ts";
import { enqueuePiece } from "./enqueue.ts";
import type { EvalCtx } from "./evaluator.ts";
import type { RunInput } from "./run-input.ts";
import {
  cancelRun,
  deleteRun,
  demandRoom,
  findRun,
  insertResults,
  insertRun,
  isRun,
  listResults,
  listRuns,
} from "./run-sql.ts";
import { type ResultView, type RunView, view, viewResult } from "./run-view.ts";

const MOST_RUNS = 100;

/**
 * Asks each case with the caller's rights as they are then, and counts each question like any other against the quotas;
 * none is kept among people's questions.
 * @throws AppError `no_cases` | `quota_full`
 */
export async function start(ctx: EvalCtx, input: RunInput): Promise<RunView> {
  const { actor } = ctx;
  const { orgId } = actor;
  const id = crypto.randomUUID();
  const [, , , [run]] = await tenantBatch(ctx, (db) => [
    insertRun(db, actor, id, input),
    insertResults(db, orgId, id, input),
    demandRoom(db, orgId, MOST_RUNS),
    findRun(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "evals.run_begun",
      target: { type: "eval_run", id },
      detail: { kind: input.kind, configurations: input.configurations.length },
      result: "ok",
      when: isRun(orgId, id),
    }),
  ]).catch((thrown: unknown) => {
    throw thrown instanceof AppError && thrown.code === "not_found"
      ? new AppError("quota_full", {
          detail: `An organization has at most ${MOST_RUNS} runs; delete old ones.`,
          cause: thrown,
        })
      : thrown;
  });
  if (!run) throw new AppError("no_cases");
  await enqueuePiece(ctx, { orgId, runId: id, piece: 1 });
  return view(run);
}

/** Newest first; a key sees its own. @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: EvalCtx, input: PageInput): Promise<Listed<RunView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listRuns(db, ctx.actor.orgId, pageOf(input))]);
  return listedByDate(rows, input.limit, view);
}

/** @throws AppError `not_found` */
export async function get(ctx: EvalCtx, id: string): Promise<{ run: RunView; results: ResultView[] }> {
  const { orgId } = ctx.actor;
  const [[run], results] = await tenantBatch(ctx, (db) => [
    findRun(db, orgId, id),
    listResults(db, orgId, id),
  ]);
  if (!run) throw new AppError("not_found");
  return { run: view(run), results: results.map(viewResult) };
}

/** What was asked so far stays. @throws AppError `not_found` | `not_in_progress` */
export async function cancel(ctx: EvalCtx, id: string): Promise<RunView> {
  const { orgId } = ctx.actor;
  const [[cancelled], [run]] = await tenantBatch(ctx, (db) => [
    cancelRun(db, orgId, id),
    findRun(db, orgId, id),
  ]);
  if (!run) throw new AppError("not_found");
  if (!cancelled) throw new AppError("not_in_progress");
  return view(run);
}

/** One that is under way ends with it. @throws AppError `not_found` */
export async function remove(ctx: EvalCtx, id: string): Promise<{ id: string }> {
  const [[row]] = await tenantBatch(ctx, (db) => [deleteRun(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return row;
}
