/** Exchanges a refresh token for new tokens; each works once. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { hashBearerSecret } from "./bearer-secret.ts";
import { newRefreshToken, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { endReusedSession, findByRefreshToken, rotateRefreshToken } from "./sql.ts";

export const RefreshInput = z.object({ refresh_token: z.string().min(1).max(200) });
export type RefreshInput = z.infer<typeof RefreshInput>;

/** @throws AppError `session_revoked` for a token that is unknown, expired, revoked or used before */
export async function refresh(ctx: BaseCtx, config: SessionConfig, input: RefreshInput): Promise<SignIn> {
  const spent = hashBearerSecret(input.refresh_token);
  const next = newRefreshToken(ctx, config.refreshTokenDays);
  const [, , [account]] = await accountBatch(ctx, (db) => [
    endReusedSession(db, spent, ctx.now().toISOString()),
    rotateRefreshToken(db, ctx, spent, next),
    findByRefreshToken(db, next.hash),
  ]);
  if (!account) throw new AppError("session_revoked");
  ctx.log.add({ org: account.orgId, user: account.userId });
  return signIn(ctx, config, account, { id: account.sessionId, secret: next.secret });
}
