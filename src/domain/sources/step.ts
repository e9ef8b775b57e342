/** One step of a run: visits some pages, one after the other, and hands on to the next message. */

import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { failRun } from "./end-run.ts";
import { enqueueStep } from "./enqueue.ts";
import { type Robots, robotsOf } from "./robots.ts";
import {
  awaitTurn,
  claim,
  countAttempt,
  finishRun,
  type HeldRun,
  hold,
  isRunning,
  type NextPage,
  release,
  reserveTurn,
  type SourceRun,
  type stepColumns,
  takePage,
  waiting,
} from "./step-sql.ts";
import { visit } from "./visit.ts";

export type StepSource = SelectResultFields<typeof stepColumns> & { lease: string };

/** Pages and time one message may take. */
const MAX_PAGES = 25;
const MAX_MS = 30_000;
/** A turn at a host that comes within this is waited for here, in milliseconds. */
const WAIT_HERE_MS = 3_000;

export type Stepped = "done" | "finished" | "failed" | "busy" | "nothing to do";

/**
 * Goes on with a run. Messages that come twice, late or not at all harm nothing: a lease lets one work at a time, the run's
 * number tells old messages, and the sweeper sends lost ones again.
 * @throws AppError when database, storage or queue fail; what the web does ends in the pages' states
 */
export async function step(ctx: Ctx, run: SourceRun): Promise<Stepped> {
  const held: HeldRun = { ...run, lease: crypto.randomUUID() };
  const [[claimed], [running]] = await tenantBatch(ctx, (db) => [claim(db, held), isRunning(db, run)]);
  if (!claimed) return running ? "busy" : "nothing to do";
  const source: StepSource = { ...claimed, lease: held.lease };
  try {
    return await visitPages(ctx, source);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === "quota_full") {
      await failRun(ctx, run, error);
      ctx.log.add({ code: error.code });
      return "failed";
    }
    // The message comes again and must not find the lease of its own last try.
    await tenantBatch(ctx, (db) => [release(db, held, 0)]).catch(() => undefined);
    throw thrown;
  }
}

async function visitPages(ctx: Ctx, source: StepSource): Promise<Stepped> {
  const until = ctx.now().getTime() + MAX_MS;
  const known = new Map<string, Robots>();
  for (let pages = 0; pages < MAX_PAGES && ctx.now().getTime() < until; pages++) {
    const [[mine], { rows: next }] = await tenantBatch(ctx, (db) => [hold(db, source), takePage(db, source)]);
    if (!mine) return "nothing to do";
    const [page] = next;
    if (!page) return endOrWait(ctx, source);
    ctx.log.add({ pages: pages + 1 });
    const { origin } = new URL(page.url);
    const robots = known.get(origin) ?? (await robotsOf(ctx, origin));
    known.set(origin, robots);
    if (page.reserved || (await takeTurn(ctx, source, page, origin, robots))) {
      await visit(ctx, source, page, robots);
    }
  }
  return endOrWait(ctx, source);
}

/** @returns false when the turn comes later, in another message */
async function takeTurn(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  origin: string,
  robots: Robots,
): Promise<boolean> {
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    reserveTurn(db, source.orgId, origin, robots.paceMs),
    countAttempt(db, source, page.url),
  ]);
  const waitMs = rows[0]?.wait_ms ?? 0;
  page.attempt += 1;
  if (waitMs > WAIT_HERE_MS) {
    await tenantBatch(ctx, (db) => [awaitTurn(db, source, page.url, waitMs)]);
    return false;
  }
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  return true;
}

/** No page is left: the run is over. Some are: another message goes on, now or when the first of them may be asked. */
async function endOrWait(ctx: Ctx, source: StepSource): Promise<Stepped> {
  const [[over], { rows }] = await tenantBatch(ctx, (db) => [finishRun(db, source), waiting(db, source)]);
  if (over) {
    ctx.log.add({ status: over.status });
    if (over.status !== "failed") return "finished";
    ctx.log.add({ code: over.code });
    return "failed";
  }
  const seconds = rows[0]?.seconds ?? 0;
  await tenantBatch(ctx, (db) => [release(db, source, seconds)]);
  await enqueueStep(ctx, source, seconds);
  return "done";
}
