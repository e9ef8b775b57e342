/** Turns a secret key into the software that holds it. */
import * as z from "zod";
import { ACCESS_LEVELS, type BaseCtx, type KeyActor, SCOPES } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { readApiKey } from "./key-text.ts";
import type { Memory } from "./memory.ts";
import { resolveKey } from "./sql.ts";

const Resolved = z.object({
  org_id: z.uuid(),
  scopes: z.array(z.enum(SCOPES)),
  access: z.enum(ACCESS_LEVELS),
  expires_at: z.string().nullable(),
});

/**
 * Asks the database once a minute per key and isolate. What is remembered opens nothing by itself: `kalamna.enter_key`
 * verifies the key again in every batch, so a revoked key is out at its next request.
 * @param mayAsk spends one look-up of the caller's address; false when there were too many
 * @throws AppError `unauthenticated` for a key that is malformed, unknown, revoked or expired | `rate_limited`
 */
export async function resolveApiKey(
  ctx: BaseCtx,
  known: Memory<KeyActor>,
  text: string,
  mayAsk: () => Promise<boolean>,
): Promise<KeyActor> {
  const proof = readApiKey(text);
  if (!proof) throw refused();
  const now = ctx.now();
  const name = `${proof.id}.${proof.secretHash}`;
  const before = known.get(name, now);
  if (before) return before;
  if (!(await mayAsk())) throw new AppError("rate_limited", { retryAfter: 60 });
  const [{ rows }] = await accountBatch(ctx, (db) => [resolveKey(db, proof)]);
  if (!rows[0]) throw refused();
  const { org_id: orgId, scopes, access, expires_at: expiresAt } = Resolved.parse(rows[0]);
  const actor: KeyActor = {
    kind: "key",
    orgId,
    keyId: proof.id,
    secretHash: proof.secretHash,
    scopes,
    access,
  };
  known.set(name, actor, now, expiresAt === null ? undefined : new Date(expiresAt).getTime());
  return actor;
}

function refused(): AppError {
  return new AppError("unauthenticated", {
    detail: "This API key is not valid: unknown, revoked or expired.",
  });
}
