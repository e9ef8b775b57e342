/** May a web page of this origin call the API of this organization? */
import type { BaseCtx } from "../../context.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import type { Memory } from "./memory.ts";
import { allowsOrigin } from "./sql.ts";

/** Remembers the answer for a minute per isolate, so a change of the list takes that long. */
export async function mayCallFrom(
  ctx: BaseCtx,
  known: Memory<boolean>,
  orgId: string,
  origin: string,
): Promise<boolean> {
  // No web page has a longer origin, and whoever sends one must not fill our memory.
  if (origin.length > 255) return false;
  const name = `${orgId} ${origin}`;
  const before = known.get(name, ctx.now());
  if (before !== undefined) return before;
  const [{ rows }] = await accountBatch(ctx, (db) => [allowsOrigin(db, orgId, origin)]);
  const allowed = rows[0]?.allowed === true;
  known.set(name, allowed, ctx.now());
  return allowed;
}
