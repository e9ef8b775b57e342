/** A batch as it goes: what happened to each line since a position, and how far the whole is. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { sleep } from "../sleep.ts";
import { changedItems, countItems, hasMoreChanges, type Position } from "./item-sql.ts";
import { findBatch } from "./sql.ts";
import { type CountedBatch, countedView, type ItemView, itemView } from "./view.ts";

/** Between two looks at the database: from the first to the second, longer while nothing happens. Milliseconds. */
const PAUSE_MS = { from: 500, to: 4_000 };
/** After this the reader comes back with the last id; a connection is not for ever. Milliseconds. */
const LIFE_MS = 10 * 60_000;
const PAGE = 200;

export type BatchEvent =
  | { event: "document"; id: string; data: ItemView }
  | { event: "progress" | "done"; id: string; data: CountedBatch };

const START: Position = { changed: "0", line: 0 };
const idOf = ({ changed, line }: Position) => `${changed}-${line}`;

/** @throws AppError `invalid_request` for an id that we did not give */
export function positionOf(id: string | undefined): Position {
  if (id === undefined || id === "") return START;
  const [, changed, line] = /^(\d{1,19})-(\d{1,9})$/.exec(id) ?? [];
  if (changed === undefined) {
    throw new AppError("invalid_request", { detail: "Last-Event-ID: use the id of an earlier event." });
  }
  return { changed, line: Number(line) };
}

/**
 * What the reader does not know yet, each change once, then what happens until the batch has ended. Ends with `done`;
 * without it when ten minutes are over or `ctx.signal` is aborted.
 * @throws AppError `not_found`, also later when the batch is deleted
 */
export async function* watch(
  ctx: Ctx,
  batchId: string,
  position: Position,
  { lifeMs = LIFE_MS, pauseMs = PAUSE_MS } = {},
): AsyncGenerator<BatchEvent> {
  const until = Date.now() + lifeMs;
  let at = position;
  let pause = pauseMs.from;
  let shown = "";
  while (!ctx.signal.aborted) {
    const { row, items, waiting } = await look(ctx, batchId, at);
    for (const item of items) {
      at = { changed: item.changed, line: item.line };
      yield { event: "document", id: idOf(at), data: itemView(item) };
    }
    const ended =
      (row.status === "completed" || row.status === "cancelled") && items.length === 0 && !waiting;
    const state = `${row.status} ${idOf(at)}`;
    if (items.length < PAGE && (ended || state !== shown)) {
      shown = state;
      const data = await counted(ctx, batchId);
      yield { event: ended ? "done" : "progress", id: idOf(at), data };
    }
    if (ended || Date.now() >= until) return;
    if (items.length === PAGE) continue;
    pause = items.length > 0 ? pauseMs.from : Math.min(pauseMs.to, pause * 1.5);
    await sleep(Math.min(pause, Math.max(0, until - Date.now())), ctx.signal);
  }
}

async function look(ctx: Ctx, batchId: string, position: Position) {
  const { orgId } = ctx.actor;
  const [[row], items, [more]] = await tenantBatch(ctx, (db) => [
    findBatch(db, orgId, batchId),
    changedItems(db, orgId, batchId, position, PAGE),
    hasMoreChanges(db, orgId, batchId, position),
  ]);
  if (!row) throw new AppError("not_found");
  return { row, items, waiting: more !== undefined && items.length === 0 };
}

async function counted(ctx: Ctx, batchId: string): Promise<CountedBatch> {
  const { orgId } = ctx.actor;
  const [[row], counts] = await tenantBatch(ctx, (db) => [
    findBatch(db, orgId, batchId),
    countItems(db, orgId, batchId),
  ]);
  if (!row) throw new AppError("not_found");
  return countedView(row, counts);
}
