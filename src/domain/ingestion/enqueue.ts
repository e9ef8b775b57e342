/** Asks the queue to read documents. */
import type { Ctx } from "../../context.ts";
import type { Job, Lane } from "../../infra/jobs/port.ts";
import { startTurns } from "./start-turns.ts";

type Waiting = { id: string; version: number; lane: Lane };

/** A message that cannot be sent is not the caller's problem: the row says `pending` and the sweeper will find it. */
export const enqueueExtract = (ctx: Ctx, document: Waiting): Promise<void> =>
  enqueueExtracts(ctx, [document]);

/** The same for many at once. Those of the bulk lane wait for their organization's turns. */
export async function enqueueExtracts(ctx: Ctx, documents: readonly Waiting[]): Promise<void> {
  const waited = documents.filter(({ lane }) => lane === "ingest");
  try {
    if (waited.length > 0) {
      const jobs = waited.map((each): Job => ({ kind: "document.extract", ...address(ctx, each) }));
      await ctx.ports.jobs.send("ingest", jobs);
    }
    if (waited.length < documents.length) await startTurns(ctx);
  } catch {
    ctx.log.add({ enqueue_failed: true });
  }
}

/** Drafts a message: five calls to the embedding model, well within a lease. */
const EMBED_RANGE = 500;

/** Splits the embedding of `count` drafts into messages. @throws whatever the queue fails with */
export async function enqueueEmbed(
  ctx: Ctx,
  document: { id: string; version: number },
  count: number,
): Promise<void> {
  const jobs: Job[] = [];
  for (let from = 0; from < count; from += EMBED_RANGE) {
    jobs.push({
      kind: "document.embed",
      ...address(ctx, document),
      from,
      to: Math.min(from + EMBED_RANGE, count),
    });
  }
  await ctx.ports.jobs.send("ingest", jobs);
}

const address = (ctx: Ctx, { id, version }: { id: string; version: number }) => ({
  org_id: ctx.actor.orgId,
  document_id: id,
  version,
  request_id: ctx.requestId,
});
