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
export type Lane = "ingest" | "ingest-bulk";

export type Jobs = {
  send(lane: Lane, jobs: readonly Job[]): Promise<void>;
};
