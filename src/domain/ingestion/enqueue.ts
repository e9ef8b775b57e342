/** Asks the queue to read a document. */
import type { Ctx } from "../../context.ts";
import type { Job, Lane } from "../../infra/jobs/port.ts";

/** A message that cannot be sent is not the caller's problem: the row says `pending` and the sweeper will find it. */
export async function enqueueExtract(
  ctx: Ctx,
  document: { id: string; version: number; lane: Lane },
): Promise<void> {
  await send(ctx, document.lane, [{ kind: "document.extract", ...address(ctx, document) }]);
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
