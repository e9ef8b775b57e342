/** Deferred work: what may be put on the queues. */
import * as z from "zod";
import type { Carrier } from "../trace/port.ts";

const common = {
  org_id: z.uuid(),
  document_id: z.uuid(),
  version: z.int().positive(),
  request_id: z.string().max(100),
};

/** The messages our queues carry; parsed again on the way out (queue/consume.ts). */
export const Job = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("document.extract"), ...common }),
  /** Embed the drafts with `from <= ordinal < to`. */
  z.object({
    kind: z.literal("document.embed"),
    ...common,
    from: z.int().nonnegative(),
    to: z.int().positive(),
  }),
  /** One turn of an organization on the bulk lane (domain/ingestion/turns.ts). */
  z.object({
    kind: z.literal("bulk.turn"),
    org_id: common.org_id,
    slot: z.int().positive(),
    nonce: z.uuid(),
    request_id: common.request_id,
  }),
  /** Go on with a deletion of many documents. */
  z.object({
    kind: z.literal("documents.delete"),
    org_id: common.org_id,
    deletion_id: z.uuid(),
    request_id: common.request_id,
  }),
  /** Send what waits for one webhook; `turn` keeps others from doing so at the same time. */
  z.object({
    kind: z.literal("webhook.deliver"),
    org_id: common.org_id,
    webhook_id: z.uuid(),
    turn: z.uuid(),
    request_id: common.request_id,
  }),
  /** One piece of an organization's change of embedding model. */
  z.object({
    kind: z.literal("organization.reembed"),
    org_id: common.org_id,
    change_id: z.uuid(),
    piece: z.int().positive(),
    request_id: common.request_id,
  }),
  /** Ask some of the questions of a run over golden questions. */
  z.object({
    kind: z.literal("eval.step"),
    org_id: common.org_id,
    run_id: z.uuid(),
    piece: z.int().positive(),
    request_id: common.request_id,
  }),
  /** Fetch some of the pages that a run of a source still has to visit. */
  z.object({
    kind: z.literal("source.step"),
    org_id: common.org_id,
    source_id: z.uuid(),
    run: z.int().positive(),
    request_id: common.request_id,
  }),
]);
export type Job = z.infer<typeof Job>;

const Carried = z.object({
  trace: z.object({ traceparent: z.string(), tracestate: z.string().optional() }).optional(),
});

/** The trace that a message goes on with; it travels beside the job and says nothing about it. */
export const traceOf = (body: unknown): Carrier | undefined => {
  const { trace } = Carried.safeParse(body).data ?? {};
  return (
    trace && { traceparent: trace.traceparent, ...(trace.tracestate ? { tracestate: trace.tracestate } : {}) }
  );
};

/** What all spans about messages say. */
export const MESSAGING = { "messaging.system": "cloudflare_queues" } as const;

/** `ingest` serves people who wait; `ingest-bulk` never delays them. */
export const LANES = ["ingest", "ingest-bulk"] as const;
export type Lane = (typeof LANES)[number];

/** Webhooks have a queue of their own: a slow receiver delays nobody's document. */
export type QueueName = Lane | "webhooks";

/** How organizations take turns on the bulk lane. */
export type Pace = {
  /** Messages that one organization may have on the lane at a time. */
  slots: number;
  /** Small documents that a turn reads at the same time. */
  together: number;
  /** Milliseconds for which a turn goes on to more documents. */
  sliceMs: number;
  /** Organizations whose turns this isolate has just started: when, and whether it will look again. */
  started: Map<string, { at: number; again: boolean }>;
};

export type Jobs = {
  /** @param delaySeconds how long the messages stay hidden; 0 to 43,200 */
  send(queue: QueueName, jobs: readonly Job[], delaySeconds?: number): Promise<void>;
};
