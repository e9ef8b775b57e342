/** A secret whose key nobody has any more holds up none of the others. */
import type { Ctx } from "../context.ts";
import { toAppError } from "../errors.ts";

/**
 * Does `work` that opens a sealed secret of the organization; one that does not open is noted in the log.
 * @returns whether it was done
 * @throws whatever else `work` fails with
 */
export async function unlessUnreadable(
  ctx: Pick<Ctx, "actor" | "log">,
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    if (toAppError(thrown).code !== "secret_unreadable") throw thrown;
    ctx.log.add({ secret_unreadable: ctx.actor.orgId });
    return false;
  }
}
