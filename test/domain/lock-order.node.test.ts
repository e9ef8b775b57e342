/**
 * Nobody waits in a circle: each verb is stopped before each of its statements, another runs until it has ended or waits
 * for a lock, and the first goes on. Needs a native Postgres, where sessions wait for each other.
 */
import { setTimeout as pause } from "node:timers/promises";
import { NeonDbError } from "@neondatabase/serverless";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import type { Ctx } from "../../src/context.ts";
import { migrate } from "../../src/dev/migrate.ts";
import { cancel as cancelBatch } from "../../src/domain/batches/cancel.ts";
import type { Entry } from "../../src/domain/batches/entry.ts";
import { holdNoted, type NewItem, recordItems } from "../../src/domain/batches/item-sql.ts";
import { requeue as requeueBatch } from "../../src/domain/batches/requeue.ts";
import { touchBatch } from "../../src/domain/batches/sql.ts";
import { sweepBatches } from "../../src/domain/batches/sweep.ts";
import { takeIn } from "../../src/domain/batches/take-in.ts";
import { startDeletion } from "../../src/domain/deletions/start.ts";
import { cancel } from "../../src/domain/documents/cancel.ts";
import { remove } from "../../src/domain/documents/delete.ts";
import { reindex } from "../../src/domain/documents/reindex.ts";
import { requeue } from "../../src/domain/documents/requeue.ts";
import { update } from "../../src/domain/documents/update.ts";
import { giveUp } from "../../src/domain/ingestion/give-up.ts";
import { publish } from "../../src/domain/ingestion/publish.ts";
import { change } from "../../src/domain/models/change.ts";
import { holdStatisticsOf, settleSegments } from "../../src/domain/retrieval/settle-sql.ts";
import { changeWebhook } from "../../src/domain/webhooks/change.ts";
import { cancelOfDisabled, takeTurns } from "../../src/domain/webhooks/delivery-sql.ts";
import { drain } from "../../src/domain/webhooks/drain.ts";
import { removeWebhook } from "../../src/domain/webhooks/remove.ts";
import { AppError } from "../../src/errors.ts";
import { nameDatabaseFailure } from "../../src/infra/db/client.ts";
import { systemBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { nativeServer } from "../faults/engine.ts";
import { type Shelf, shelf } from "../support/shelf.ts";
import { type Stepped, stepped } from "../support/stepped.ts";

type Verb = (ctx: Ctx<any>, on: Shelf) => Promise<unknown>;

const version = ({ orgId }: Shelf, id: string) => ({ orgId, id, version: 1 });

/** A line that replaces the document that answers. */
async function* line(): AsyncGenerator<Entry> {
  const bytes = Uint8Array.from(new TextEncoder().encode("# Two\n\nAnother edition.\n"));
  const labels = { name: "two.md", external_id: "two" };
  yield {
    line: 5,
    name: "two.md",
    externalId: "two",
    weight: 1,
    keys: [],
    fingerprint: "1".repeat(64),
    given: { kind: "bytes", labels, bytes },
  };
}

async function drained(results: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of results);
}

/** As domain/batches/take-in.ts records them: lines about documents of the batch and about an address. */
const noted = ({ embedded, ready, pending, failed, sourceId }: Shelf): NewItem[] =>
  [embedded, ready, pending, failed, null].map((document_id, at) => ({
    line: 20 + at,
    fingerprint: "2".repeat(64),
    name: null,
    external_id: null,
    outcome: "unchanged",
    document_id,
    source_id: document_id ? null : sourceId,
    failure_code: null,
    failure_detail: null,
  }));

const VERBS: Record<string, Verb> = {
  publish: (ctx, on) =>
    publish(ctx, version(on, on.embedded), { store: (db: Stepped["db"]) => db.execute("select 1") } as never),
  "give up": (ctx, on) => giveUp(ctx, version(on, on.embedded), new AppError("broken_document")),
  "take a line in": (ctx, { batchId }) =>
    drained(takeIn(ctx, { id: batchId, resumed: false, cancelled: false }, line(), 1_000)),
  "note lines": (ctx, on) =>
    tenantBatch(ctx, (db) => [
      holdNoted(db, on.orgId, noted(on)),
      recordItems(db, on.orgId, on.batchId, noted(on)),
      touchBatch(db, on.orgId, on.batchId, { lines: 5, refused: 0 }),
    ]),
  "cancel the batch": (ctx, { batchId }) => cancelBatch(ctx, batchId),
  "requeue the batch": (ctx, { batchId }) => requeueBatch(ctx, batchId),
  "delete the batch": (ctx, { batchId: id }) => startDeletion(ctx, RECEIPTS, { kind: "batch", id }),
  "delete the batch as a member": (ctx, { batchId: id }) =>
    startDeletion(ctx, RECEIPTS, { kind: "batch", id }),
  "delete what answers": (ctx, { ready }) => remove(ctx, ready),
  "delete all": (ctx, { ready, pending, embedded, failed }) =>
    startDeletion(ctx, RECEIPTS, { kind: "documents", ids: [ready, pending, embedded, failed] }),
  cancel: (ctx, { embedded }) => cancel(ctx, embedded),
  "change readers": (ctx, { ready }) => update(ctx, ready, { access_level: "external", name: "other" }),
  reindex: (ctx, { ready }) => reindex(ctx, ready),
  requeue: (ctx) => requeue(ctx, {}),
  "change the model": (ctx) => change(ctx, { model: "two" }),
  // As domain/retrieval/settle.ts does, which takes whatever organization comes first.
  settle: (ctx, { orgId }) =>
    systemBatch(ctx, (db) => [holdStatisticsOf(db, orgId), settleSegments(db, orgId, "one", 500)]),
  // No message leaves: what signs it is missing, which each attempt notes.
  "send what waits": (ctx, { orgId, webhookId: id }) => drain(ctx, { orgId, id }, crypto.randomUUID()),
  // As domain/webhooks/sweep.ts does for each organization.
  "sweep the webhooks": (ctx, { orgId }) =>
    tenantBatch(ctx, (db) => [takeTurns(db, orgId), cancelOfDisabled(db, orgId)]),
  "switch the webhook off": (ctx, { webhookId }) => changeWebhook(ctx, webhookId, { enabled: false }),
  "remove the webhook": (ctx, { webhookId }) => removeWebhook(ctx, webhookId),
};

const RECEIPTS = { sign: async () => "receipt" } as never;
const server = await nativeServer();
const missing = "missing" in server;
const url = missing ? "" : server.connectionString;
const admin = missing ? undefined : new pg.Pool({ connectionString: url, max: 4 });

if (admin) await migrate(url);
afterAll(async () => {
  await admin?.end();
  if (!missing) await server.stop();
});

const sql = async (text: string) => (await admin?.query(text))?.rows ?? [];

/** Whoever does it: an admin, or deferred work in the organization's name. */
function ctxOf(db: Stepped["db"], { orgId, userId: adminId, memberId }: Shelf, verb: string): Ctx {
  const embedder = { model: "one", segmentThreshold: 0.5 };
  const isWork = ["publish", "give up", "settle", "send what waits", "sweep the webhooks"].includes(verb);
  const person = verb.endsWith("as a member")
    ? { userId: memberId, role: "member" }
    : { userId: adminId, role: "admin" };
  return {
    actor: isWork
      ? { kind: "service", orgId }
      : { kind: "user", orgId, ...person, access: "internal", tokenVersion: 1 },
    ports: {
      db,
      jobs: { send: async () => undefined },
      pace: { slots: 2, together: 4, sliceMs: 250, started: new Map() },
      embedders: { of: () => embedder, guess: () => "one", default: embedder, list: () => [embedder] },
      files: {
        store: async () => ({
          sha256: "f".repeat(64),
          size: 10,
          head: new TextEncoder().encode("# Two"),
          restore: async () => undefined,
          release: async () => undefined,
        }),
        remove: async () => undefined,
      },
    },
    requestId: "test",
    client: { address: "192.0.2.1", agent: null },
    signal: new AbortController().signal,
    now: () => new Date(),
    log: {
      add: () => undefined,
      step: (_: string, work: (span: never) => Promise<unknown>) => work(undefined as never),
      mark: () => undefined,
      steps: () => ({}),
    },
    waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined),
  } as unknown as Ctx;
}

const codeOf = (thrown: unknown): string | undefined => {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if ("code" in error && error.code === "40P01") return "deadlock";
  return undefined;
};

/** @returns whether `first` had a statement to stop at, and whether they waited for each other */
async function meet(first: string, second: string, at: number): Promise<"over" | "fine" | string> {
  const { shelf: on, sql: make } = shelf();
  await sql(`begin; ${make}; commit`);
  const go = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<string>();
  const one = await stepped(url, async (nth, text) => {
    if (nth !== at) return;
    stopped.resolve(text);
    await go.promise;
  });
  const other = await stepped(url, async () => undefined);
  const failure = (work: Promise<unknown>) => work.then(() => undefined, codeOf);
  try {
    const running = failure(VERBS[first]?.(ctxOf(one.db, on, first), on) as Promise<unknown>);
    const where = await Promise.race([stopped.promise, running.then(() => undefined)]);
    if (where === undefined) return "over";
    let ended = false;
    const meanwhile = failure(VERBS[second]?.(ctxOf(other.db, on, second), on) as Promise<unknown>).finally(
      () => {
        ended = true;
      },
    );
    for (let waits = false; !ended && !waits; ) {
      await pause(3);
      const [row] = await sql(`select pg_blocking_pids(${other.pid()}) <> '{}' as waits`);
      waits = row?.waits === true;
    }
    go.resolve();
    const results = await Promise.all([running, meanwhile]);
    return results.includes("deadlock") ? `before ${where.replaceAll(/\s+/g, " ").slice(0, 120)}` : "fine";
  } finally {
    go.resolve();
    await one.close();
    await other.close();
  }
}

/** Those that met once, and what is like them; all with each other take minutes: `LOCK_ORDER=all`. */
const SUSPECTS = [
  ["publish", "take a line in"],
  ["take a line in", "publish"],
  ["publish", "note lines"],
  ["note lines", "publish"],
  ["delete what answers", "cancel the batch"],
  ["cancel the batch", "delete what answers"],
  ["note lines", "cancel the batch"],
  ["cancel the batch", "note lines"],
  ["delete all", "note lines"],
  ["note lines", "delete all"],
  ["requeue the batch", "give up"],
  ["settle", "delete what answers"],
  ["delete what answers", "settle"],
] as const;
const names = Object.keys(VERBS);
const PAIRS =
  process.env.LOCK_ORDER === "all"
    ? names.flatMap((first) => names.map((second) => [first, second] as const))
    : SUSPECTS;

test.skipIf(missing).concurrent.each(PAIRS)(
  "%s, and meanwhile %s",
  { timeout: 120_000 },
  async (first, second) => {
    const circles: string[] = [];
    for (let at = 1; ; at++) {
      const met = await meet(first, second, at);
      if (met === "over") break;
      if (met !== "fine") circles.push(met);
    }
    expect(circles).toEqual([]);
  },
);

test.skipIf(missing)("the sweeper leaves a batch that somebody holds for its next round", async () => {
  const { shelf: on, sql: make } = shelf();
  await sql(`begin; ${make}; commit`);
  await sql(`update kalamna.batches set status = 'open', touched_at = now() - interval '11 minutes'
              where id = '${on.batchId}'`);
  const closed = async () => {
    const [row] = await sql(`select broken_off from kalamna.batches where id = '${on.batchId}'`);
    return row?.broken_off;
  };
  const rival = await admin?.connect();
  const one = await stepped(url, async () => undefined);
  const ctx = ctxOf(one.db, on, "sweep");
  try {
    await rival?.query(`begin; select from kalamna.batches where id = '${on.batchId}' for no key update`);
    await sweepBatches(ctx);
    expect(await closed()).toBe(false);
    await rival?.query("commit");
    await sweepBatches(ctx);
    expect(await closed()).toBe(true);
  } finally {
    rival?.release();
    await one.close();
  }
});

test.skipIf(missing)(
  "lines noted while a rival deletes their batch are not found, and no fault of ours",
  async () => {
    const { shelf: on, sql: make } = shelf();
    await sql(`begin; ${make}; commit`);
    const rival = await admin?.connect();
    const one = await stepped(url, async () => undefined);
    try {
      await rival?.query(`begin; delete from kalamna.batches where id = '${on.batchId}'`);
      const noting = VERBS["note lines"]?.(ctxOf(one.db, on, "note lines"), on).catch((thrown) => thrown);
      for (let waits = false; !waits; ) {
        await pause(3);
        const [row] = await sql(`select pg_blocking_pids(${one.pid()}) <> '{}' as waits`);
        waits = row?.waits === true;
      }
      await rival?.query("commit");
      const { code, constraint } = (await noting) as pg.DatabaseError;
      // As the Worker's driver says the same.
      const failure = Object.assign(new NeonDbError("a foreign key"), { code, constraint });
      expect(nameDatabaseFailure(failure)).toMatchObject({ code: "not_found" });
    } finally {
      rival?.release();
      await one.close();
    }
  },
);
