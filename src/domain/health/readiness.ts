/** Is everything we depend on reachable, and does every document move? */
import type { BaseCtx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import type { CircuitReport } from "../../infra/openai/port.ts";
import { sweepFigures } from "../files/sql.ts";
import { recallOfAll } from "../retrieval/recall-sql.ts";
import { type LaneFigures, lanesOf } from "./lanes.ts";
import { countLanes, countWithoutModel } from "./sql.ts";

export type Readiness = {
  status: "ready" | "not_ready";
  database: { status: "ok" | "down"; ms: number };
  files: {
    status: "ok" | "down";
    ms: number;
    /** Files that nothing needs any more and that are still to be removed. */
    to_remove: number | null;
    /** Files that nobody had noted and the sweeper found, since the beginning. */
    orphans_removed: number | null;
  };
  queue: {
    /** Documents not yet ready or failed. */
    unfinished: number;
    /** Seconds the oldest of them has been waiting. */
    oldest_seconds: number;
    /** Past their deadline; must be 0. */
    overdue: number;
    lanes: Record<Lane, LaneFigures>;
  } | null;
  /** As last measured, of the organizations whose questions were compared in the last week; null when unknown. */
  recall: {
    organizations: number;
    /** Of ten nearest chunks, the share found, in the organization where it is lowest; null without any. */
    lowest: number | null;
    /** Organizations in which it is lower than .95. */
    below_95: number;
  } | null;
  models: {
    /** The default, and how its providers are doing in this isolate; organizations may have others. */
    embedder: { model: string; mode: string; providers: CircuitReport[] };
    /** Organizations whose embedding model is not offered any more; null when unknown. Words alone find there. */
    without_embedder: number | null;
    /** The first that is asked, and how each of the chain is doing in this isolate. */
    chat: { model: string; mode: string; chain: ({ model: string } & CircuitReport)[] };
    /** Absent without one, and where the chat model reranks. */
    reranker?: { model: string } & CircuitReport;
  };
};

/** Never throws: what cannot be reached is `down` in the report. */
export async function readiness(ctx: BaseCtx): Promise<Readiness> {
  const { files, embedders, chat, chats, rerankers } = ctx.ports;
  const offered = embedders.list().map(({ model }) => model);
  const [database, storage] = await Promise.all([
    timed(ctx, () =>
      systemBatch(ctx, (db) => [
        countLanes(db),
        countWithoutModel(db, offered),
        sweepFigures(db),
        recallOfAll(db, ctx.now()),
      ]),
    ),
    timed(ctx, () => files.ping()),
  ]);
  const [swept] = database.value?.[2] ?? [];
  const lanes = database.value && lanesOf(database.value[0]);
  return {
    status: database.ok && storage.ok ? "ready" : "not_ready",
    database: { status: database.ok ? "ok" : "down", ms: database.ms },
    files: {
      status: storage.ok ? "ok" : "down",
      ms: storage.ms,
      to_remove: swept?.waiting ?? null,
      orphans_removed: swept?.orphansRemoved ?? null,
    },
    queue: lanes ? { ...summed(Object.values(lanes)), lanes } : null,
    recall: database.value?.[3].rows[0] ?? null,
    models: {
      embedder: {
        model: embedders.default.model,
        mode: embedders.default.mode,
        providers: embedders.default.circuits?.() ?? [],
      },
      without_embedder: database.value?.[1][0]?.organizations ?? null,
      chat: {
        model: chat.model,
        mode: chat.mode,
        chain: chats.list().map((one) => ({ model: one.model, ...one.circuit() })),
      },
      ...(rerankers?.report ? { reranker: rerankers.report() } : {}),
    },
  };
}

const summed = (lanes: readonly LaneFigures[]) => ({
  unfinished: lanes.reduce((sum, { unfinished }) => sum + unfinished, 0),
  oldest_seconds: Math.max(...lanes.map(({ oldest_seconds }) => oldest_seconds)),
  overdue: lanes.reduce((sum, { overdue }) => sum + overdue, 0),
});

async function timed<T>(
  ctx: BaseCtx,
  work: () => Promise<T>,
): Promise<{ ok: boolean; ms: number; value?: T }> {
  const from = ctx.now().getTime();
  try {
    const value = await work();
    return { ok: true, ms: ctx.now().getTime() - from, value };
  } catch (thrown) {
    ctx.log.add({ [`not_ready_${toAppError(thrown).code}`]: true });
    return { ok: false, ms: ctx.now().getTime() - from };
  }
}
