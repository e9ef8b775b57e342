/** Takes a batch in as it comes: several lines at once, never more in memory than a few of them. */
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Entry, LineResult } from "./entry.ts";
import { holdNoted, type NewItem, recordItems } from "./item-sql.ts";
import type { OpenBatch } from "./open.ts";
import { recordedBefore } from "./recorded.ts";
import { cancelDocuments, cancelSources, closeBatch, touchBatch } from "./sql.ts";
import { replay, type Taken, take } from "./take.ts";

/** Lines that are taken in at the same time, as long as their bytes together stay below {@link HELD_BYTES}. */
const WIDTH = 4;
const HELD_BYTES = 1024 * 1024;
/** Lines that are recorded together, and how long the first of them waits for the others, in milliseconds. */
const GROUP = 50;
const GROUP_MS = 300;

type Step = { next: IteratorResult<Entry, unknown> } | { failed: AppError } | "ended" | "time";

/** A line that was taken in, and whether it was there before. */
type Fresh = Taken & { again: boolean };

/**
 * Each line's result, as soon as it is recorded; lines that were refused never stop the others.
 * @throws AppError what ends the batch before its end: `idempotency_conflict`, `cut_off`, `not_found` (the batch was
 *   deleted), a broken archive, a database that is away. What was taken in until then stays, and the same key goes on from there.
 */
export async function* takeIn(
  ctx: Ctx,
  batch: OpenBatch,
  entries: AsyncGenerator<Entry>,
  maxFileBytes: number,
): AsyncGenerator<LineResult> {
  const before = batch.resumed ? recordedBefore(ctx, batch.id) : async () => undefined;
  const running = new Map<Promise<void>, { weight: number; keys: readonly string[] }>();
  const fresh: Fresh[] = [];
  const replayed: LineResult[] = [];
  let stop: AppError | undefined = batch.cancelled ? cancelled() : undefined;
  let fatal: AppError | undefined;
  let since = 0;

  const note = (taken: Fresh) => {
    if (fresh.length === 0) since = Date.now();
    fresh.push(taken);
  };
  const one = async (entry: Entry, others: readonly Promise<void>[]) => {
    try {
      await Promise.all(others);
      const known = await before(entry.line);
      if (known && !known.again) return void replayed.push(await replay(entry, known));
      if (known && entry.fingerprint !== null) await replay(entry, known);
      const taken = stop
        ? await take(ctx, batch.id, { ...entry, given: { kind: "refused", error: stop } }, maxFileBytes)
        : await take(ctx, batch.id, entry, maxFileBytes);
      if (taken.result.failure?.code === "quota_full" && !stop) stop = quotaFull(taken.result);
      note({ ...taken, again: known !== undefined });
    } catch (thrown) {
      fatal ??= toAppError(thrown);
    }
  };
  const start = (entry: Entry): Promise<void> => {
    const others = [...running].filter(([, { keys }]) => keys.some((key) => entry.keys.includes(key)));
    const work = one(
      entry,
      others.map(([promise]) => promise),
    ).finally(() => running.delete(work));
    running.set(work, entry);
    return work;
  };
  const hasRoom = (entry: Entry): boolean => {
    if (running.size === 0) return true;
    if (entry.given.kind === "stream" || running.size >= WIDTH) return false;
    const held = [...running.values()].reduce((sum, { weight }) => sum + weight, 0);
    return held + entry.weight <= HELD_BYTES;
  };
  const flush = async (): Promise<LineResult[]> => {
    const rows = fresh.splice(0);
    if (rows.length > 0 && (await record(ctx, batch.id, rows)) === "cancelled") stop ??= cancelled();
    return [...replayed.splice(0), ...rows.map(({ result }) => result)];
  };

  let next: Promise<Step> | undefined;
  let waiting: Entry | undefined;
  try {
    for (let ended = false; !ended || waiting || running.size > 0; ) {
      if (fatal) throw fatal;
      if (waiting && hasRoom(waiting)) {
        const work = start(waiting);
        // Its bytes must be read before the next entry can be.
        if (waiting.given.kind === "stream") await work;
        waiting = undefined;
      }
      if (!waiting && !ended) next ??= stepOf(entries);
      const step = await first(next, running.keys(), fresh.length > 0 ? since + GROUP_MS - Date.now() : null);
      if (typeof step === "object") {
        next = undefined;
        if ("failed" in step) throw step.failed;
        if (step.next.done) ended = true;
        else waiting = step.next.value;
      }
      if (replayed.length + fresh.length >= GROUP || (fresh.length > 0 && Date.now() >= since + GROUP_MS))
        yield* await flush();
    }
    if (fatal) throw fatal;
    yield* await flush();
    const { orgId } = ctx.actor;
    await tenantBatch(ctx, (db) => [
      // Those that came in while it was cancelled.
      ...(stop?.code === "cancelled"
        ? [cancelSources(db, orgId, batch.id), cancelDocuments(db, orgId, batch.id)]
        : []),
      closeBatch(db, orgId, batch.id),
    ]);
  } finally {
    // What has begun ends, and what is done is recorded, also when the sender or the reader went away.
    await Promise.allSettled(running.keys());
    if (fresh.length > 0) await flush().catch(() => undefined);
    await entries.return(undefined).catch(() => undefined);
  }
}

async function stepOf(entries: AsyncGenerator<Entry>): Promise<Step> {
  try {
    return { next: await entries.next() };
  } catch (thrown) {
    return { failed: thrown instanceof AppError ? thrown : brokenOff(thrown) };
  }
}

/** @param ms until it is time to record what there is; null when there is nothing */
async function first(
  next: Promise<Step> | undefined,
  running: Iterable<Promise<void>>,
  ms: number | null,
): Promise<Step> {
  const time = Promise.withResolvers<Step>();
  const timer = ms === null ? undefined : setTimeout(() => time.resolve("time"), Math.max(0, ms));
  try {
    const ends = [...running].map((work) => work.then((): Step => "ended"));
    return await Promise.race([
      ...(next ? [next] : []),
      ...ends,
      ...(timer === undefined ? [] : [time.promise]),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws AppError `not_found` when somebody has deleted the batch */
async function record(ctx: Ctx, batchId: string, rows: readonly Fresh[]): Promise<string> {
  const { orgId } = ctx.actor;
  const refused = (some: readonly Fresh[]) =>
    some.filter(({ result }) => result.outcome === "refused").length;
  const more = {
    lines: rows.filter(({ again }) => !again).length,
    refused: refused(rows) - rows.filter(({ again }) => again).length,
  };
  const items = rows.map(itemOf);
  const [, , [touched]] = await tenantBatch(ctx, (db) => [
    holdNoted(db, orgId, items),
    recordItems(db, orgId, batchId, items),
    touchBatch(db, orgId, batchId, more),
  ]);
  if (!touched) throw new AppError("not_found", { detail: "The batch was deleted meanwhile." });
  return touched.status;
}

const itemOf = ({ result, fingerprint }: Fresh): NewItem => ({
  line: result.line,
  fingerprint,
  name: result.name,
  external_id: result.external_id,
  outcome: result.outcome,
  document_id: result.document_id,
  source_id: result.source_id,
  failure_code: result.failure?.code ?? null,
  failure_detail: result.failure?.detail ?? null,
});

const cancelled = () => new AppError("cancelled", { detail: "The batch was cancelled." });
const quotaFull = ({ failure }: Pick<LineResult, "failure">) =>
  new AppError("quota_full", failure ? { detail: failure.detail } : {});
const brokenOff = (cause: unknown) => new AppError("cut_off", { cause });
