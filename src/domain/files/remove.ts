/** Removes claimed files from storage. */
import type { BaseCtx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { keyOf } from "../../infra/files/port.ts";
import { failureFields } from "../../log.ts";
import { type Claim, filesGone } from "./sql.ts";

/**
 * Call it right after the batch that claimed them. Never throws: what storage refuses now, the sweeper removes.
 * @returns whether they are gone
 */
export async function removeClaimed(ctx: BaseCtx, orgId: string, claims: readonly Claim[]): Promise<boolean> {
  if (claims.length === 0) return true;
  try {
    await ctx.ports.files.remove(claims.map(({ key }) => keyOf(orgId, key)));
  } catch (thrown) {
    ctx.log.add({ ...failureFields(toAppError(thrown)), files_left: claims.length });
    return false;
  }
  // Nobody waits for this but an upload of the same bytes; should it be lost, the sweeper removes them once more.
  const gone = systemBatch(ctx, (db) => [
    filesGone(
      db,
      claims.map(({ claim }) => claim),
    ),
  ]);
  ctx.waitUntil(gone.catch(() => undefined));
  return true;
}
