/** Keeps an answer for the next who asks the same. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Kept, keepAnswer } from "./sql.ts";

/** As the organization: the asker may be gone. Never throws: the answer was given, and costs another time what it cost now. */
export async function keep(ctx: Ctx, kept: Kept): Promise<void> {
  try {
    const service = { ...ctx, actor: { kind: "service", orgId: ctx.actor.orgId } } as const;
    await tenantBatch(service, (db) => [keepAnswer(db, kept)]);
  } catch {
    ctx.log.add({ keep_failed: true });
  }
}
