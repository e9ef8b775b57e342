/** What sign-in hands out: an access token, a refresh token and who they are for. */
import { createHash, randomBytes } from "node:crypto";
import type { Access, BaseCtx, Role, UserActor } from "../../context.ts";
import type { AccessTokens } from "./access-token.ts";
import type { Account } from "./sql.ts";

export type SignIn = {
  token: string;
  token_type: "Bearer";
  /** Seconds the access token holds. */
  expires_in: number;
  refresh_token: string;
  user: { id: string; email: string; role: Role; access: Access };
  org: { id: string; name: string };
};

/** What the accounts verbs need besides the context. */
export type SessionConfig = { tokens: AccessTokens; refreshTokenDays: number };

/** A new refresh token: 256 random bits for the caller, their SHA-256 for the database. */
export function newRefreshToken(
  ctx: BaseCtx,
  days: number,
): { secret: string; hash: Uint8Array; expiresAt: string } {
  const secret = `kal_rt_${randomBytes(32).toString("base64url")}`;
  const expiresAt = new Date(ctx.now().getTime() + days * 86_400_000).toISOString();
  return { secret, hash: hashRefreshToken(secret), expiresAt };
}

export function hashRefreshToken(secret: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}

export function actorOf(account: Account): UserActor {
  return {
    kind: "user",
    orgId: account.orgId,
    userId: account.userId,
    role: account.role,
    access: account.access,
    tokenVersion: account.tokenVersion,
  };
}

/** Who an account is, without anything secret. */
export function profile(account: Account): Pick<SignIn, "user" | "org"> {
  return {
    user: { id: account.userId, email: account.email, role: account.role, access: account.access },
    org: { id: account.orgId, name: account.orgName },
  };
}

export async function signIn(
  ctx: BaseCtx,
  config: SessionConfig,
  account: Account,
  refresh: string,
): Promise<SignIn> {
  const { token, expiresIn } = await config.tokens.issue(actorOf(account), ctx.now());
  return { token, token_type: "Bearer", expires_in: expiresIn, refresh_token: refresh, ...profile(account) };
}
