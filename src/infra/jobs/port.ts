/** Deferred work: what may be put on the queues. */
import * as z from "zod";

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
]);
export type Job = z.infer<typeof Job>;

/** `ingest` serves people who wait; `ingest-bulk` never delays them. */
export const LANES = ["ingest", "ingest-bulk"] as const;
export type Lane = (typeof LANES)[number];

export type Jobs = {
  /** @param delaySeconds how long the messages stay hidden; 0 to 43,200 */
  send(lane: Lane, jobs: readonly Job[], delaySeconds?: number): Promise<void>;
};
