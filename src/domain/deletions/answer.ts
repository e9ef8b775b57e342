/** What is said about a deletion: how far it is, and once it is done a signed receipt. */
import type { Ctx } from "../../context.ts";
import type { Receipts } from "../organizations/receipt.ts";
import { type DeletionRow, type DeletionView, view } from "./view.ts";

export type Answer = { deletion: DeletionView; receipt?: string };

export async function answerOf(ctx: Ctx, receipts: Receipts, row: DeletionRow): Promise<Answer> {
  const deletion = view(row);
  const { finished_at } = deletion;
  if (finished_at === null) return { deletion };
  const receipt = await receipts.sign({
    organization: { id: ctx.actor.orgId },
    requested_by: { kind: row.actorKind, id: row.actorId },
    deletion,
    deleted_at: finished_at,
  });
  return { deletion, receipt };
}
