/** One message's share of a run: some questions asked, the figures once none is left. */
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { askCase } from "./ask-case.ts";
import { enqueuePiece } from "./enqueue.ts";
import { evaluatorOf } from "./evaluator.ts";
import { checksOf, type Figures, figuresOf } from "./figures.ts";
import { type AskedCase, judgeFailure } from "./judge.ts";
import type { Configuration, Gate, RunInput } from "./run-input.ts";
import { actorOf } from "./runner.ts";
import {
  claimPiece,
  endPiece,
  failRun,
  findRunner,
  finishRun,
  type Judgement,
  judged,
  nextWaiting,
  type Piece,
  releasePiece,
  renew,
  saveResult,
} from "./work-sql.ts";

/** No further question after this, in milliseconds: others get their turn. */
const ENOUGH_MS = 20_000;
/** Tries that a question is given before it counts as failed. */
const TRIES = 3;

type Run = { kind: RunInput["kind"]; configurations: Configuration[]; gate: Gate | null };

/**
 * Delivered twice, late or after the run is over, it does nothing.
 * @throws AppError of a question that may be tried again
 */
export async function step(ctx: Ctx, piece: Piece): Promise<string> {
  const [[claimed], { rows }] = await tenantBatch(ctx, (db) => [
    claimPiece(db, piece),
    findRunner(db, piece),
  ]);
  if (!claimed) return "nothing to do";
  // Checked when the run began.
  const run = claimed as Run;
  const started = ctx.now().getTime();
  try {
    const asker: Ctx = { ...ctx, actor: evaluatorOf(actorOf(piece.orgId, rows[0])) };
    while (ctx.now().getTime() - started <= ENOUGH_MS) {
      const [[waiting]] = await tenantBatch(ctx, (db) => [nextWaiting(db, piece)]);
      if (!waiting) return finish(ctx, piece, run);
      const configuration = run.configurations[waiting.configuration];
      const judgement = configuration
        ? await askOnce(asker, waiting, () => askCase(asker, waiting.asked, run.kind, configuration))
        : failed(waiting.asked, new AppError("internal"));
      const [, [alive]] = await tenantBatch(ctx, (db) => [
        saveResult(db, piece, waiting, judgement),
        renew(db, piece),
      ]);
      if (!alive) return "called off";
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    if (endsRun(error)) return end(ctx, piece, error, run.configurations.length);
    await tenantBatch(ctx, (db) => [releasePiece(db, piece)]);
    throw error;
  }
  const [[next]] = await tenantBatch(ctx, (db) => [endPiece(db, piece)]);
  if (next) await enqueuePiece(ctx, { ...piece, piece: next.piece });
  return "went on";
}

type Waiting = { attempts: number; asked: AskedCase };

/** A failure that may pass is thrown while there are tries left. */
async function askOnce(
  ctx: Ctx,
  { attempts, asked }: Waiting,
  work: () => Promise<Judgement>,
): Promise<Judgement> {
  if (attempts > TRIES) return failed(asked, new AppError("internal"));
  try {
    return await work();
  } catch (thrown) {
    const error = toAppError(thrown);
    ctx.log.add({ case_failed: error.code });
    if (endsRun(error) || (error.retryable && attempts < TRIES)) throw error;
    return failed(asked, error);
  }
}

const failed = (asked: AskedCase, { code, message }: AppError): Judgement => ({
  outcome: judgeFailure(asked, { code, detail: message }),
  answer: null,
  drawnFrom: [],
  taughtId: null,
});

/** Whoever began it may not ask any more, or the month is used up: the next question would fare no better. */
const endsRun = ({ code }: AppError) => ["forbidden", "session_revoked", "quota_exceeded"].includes(code);

async function figuresSoFar(ctx: Ctx, piece: Piece, configurations: number): Promise<Figures[]> {
  const [rows] = await tenantBatch(ctx, (db) => [judged(db, piece)]);
  return Array.from({ length: configurations }, (_, at) =>
    figuresOf(rows.filter(({ configuration }) => configuration === at)),
  );
}

async function finish(ctx: Ctx, piece: Piece, { configurations, gate }: Run): Promise<string> {
  const figures = await figuresSoFar(ctx, piece, configurations.length);
  const passed = gate && figures[0] ? checksOf(gate, figures[0]).every(({ ok }) => ok) : null;
  ctx.log.add({ passed });
  await tenantBatch(ctx, (db) => [finishRun(db, piece, figures, passed)]);
  return "done";
}

/** Ends a run before its last question; with a gate it has not passed. */
async function end(
  ctx: Ctx,
  piece: Piece,
  { code, message: detail }: AppError,
  configurations: number,
): Promise<string> {
  const figures = await figuresSoFar(ctx, piece, configurations);
  await tenantBatch(ctx, (db) => [failRun(db, piece, { code, detail }, figures)]);
  return "failed";
}
