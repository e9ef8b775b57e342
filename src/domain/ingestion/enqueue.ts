/** Asks the queue to read a document. */
import type { Ctx } from "../../context.ts";
import { type Job, LANES, type Lane } from "../../infra/jobs/port.ts";

type Waiting = { id: string; version: number; lane: Lane };

/** A message that cannot be sent is not the caller's problem: the row says `pending` and the sweeper will find it. */
export const enqueueExtract = (ctx: Ctx, document: Waiting): Promise<void> =>
  enqueueExtracts(ctx, [document]);

/** The same for many at once. */
export async function enqueueExtracts(ctx: Ctx, documents: readonly Waiting[]): Promise<void> {
  for (const lane of LANES) {
    const jobs = documents
      .filter((document) => document.lane === lane)
      .map((document): Job => ({ kind: "document.extract", ...address(ctx, document) }));
    if (jobs.length > 0) await send(ctx, lane, jobs);
  }
}

/** Drafts a message: five calls to the embedding model, well within a lease. */
const EMBED_RANGE = 500;

/** Splits the embedding of `count` drafts into messages. @throws whatever the queue fails with */
export async function enqueueEmbed(
  ctx: Ctx,
  document: { id: string; version: number },
  count: number,
  lane: Lane,
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
  await ctx.ports.jobs.send(lane, jobs);
}

const address = (ctx: Ctx, { id, version }: { id: string; version: number }) => ({
  org_id: ctx.actor.orgId,
  document_id: id,
  version,
  request_id: ctx.requestId,
});

async function send(ctx: Ctx, lane: Lane, jobs: Job[]): Promise<void> {
  try {
    await ctx.ports.jobs.send(lane, jobs);
  } catch {
    ctx.log.add({ enqueue_failed: true });
  }
}
