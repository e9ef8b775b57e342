/** A webhook's secrets on their way into and out of the database, where they are sealed. */
import type { Ctx } from "../../context.ts";

const about = (ctx: Ctx, id: string) => ({ kind: "webhook", orgId: ctx.actor.orgId, id });

export const sealSecret = (ctx: Ctx, id: string, secret: string): Promise<string> =>
  ctx.ports.sealer.seal(secret, about(ctx, id));

/** @throws AppError `secret_unreadable` */
export const openSecret = (ctx: Ctx, id: string, sealed: string): Promise<string> =>
  ctx.ports.sealer.open(sealed, about(ctx, id));

/** What signs now: the secret, and during a rotation the one before. @throws AppError `secret_unreadable` */
export function openSecrets(
  ctx: Ctx,
  id: string,
  secret: string,
  previous: string | null,
): Promise<string[]> {
  const sealed = previous === null ? [secret] : [secret, previous];
  return Promise.all(sealed.map((one) => openSecret(ctx, id, one)));
}
