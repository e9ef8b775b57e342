/** What sign-in hands out: an access token, a refresh token and who they are for. */
import type { Access, BaseCtx, Role, UserActor } from "../../context.ts";
import type { PlatformTokens } from "../platform/token.ts";
import type { AccessTokens } from "./access-token.ts";
import { type BearerSecret, newBearerSecret } from "./bearer-secret.ts";
import type { Account } from "./sql.ts";

export type Profile = {
  user: {
    id: string;
    email: string;
    name: string | null;
    role: Role;
    access: Access;
    email_verified: boolean;
  };
  org: { id: string; name: string };
};

export type SignIn = {
  token: string;
  token_type: "Bearer";
  /** Seconds the access token holds. */
  expires_in: number;
  refresh_token: string;
} & Profile;

/** What the accounts verbs need besides the context. */
export type SessionConfig = {
  tokens: AccessTokens;
  /** For those who run the platform, who sign in at the same place. */
  platformTokens: PlatformTokens;
  refreshTokenDays: number;
  /** May people whose e-mail is not verified do nothing but verify it? */
  requireVerifiedEmail: boolean;
  /** Seals one-time codes (accounts/code.ts). */
  codeKey: Uint8Array;
};

export type NewRefreshToken = BearerSecret & { expiresAt: string };

export type NewSession = NewRefreshToken & { id: string };

/** @param days how long it may be exchanged */
export function newRefreshToken(ctx: BaseCtx, days: number): NewRefreshToken {
  const expiresAt = new Date(ctx.now().getTime() + days * 86_400_000).toISOString();
  return { ...newBearerSecret("kal_rt_"), expiresAt };
}

/** To be stored with `openSession`. */
export function newSession(ctx: BaseCtx, config: SessionConfig): NewSession {
  return { id: crypto.randomUUID(), ...newRefreshToken(ctx, config.refreshTokenDays) };
}

/** Who an account is, without anything secret. */
export function profile(account: Account): Profile {
  const { userId: id, email, name, role, access, emailVerified } = account;
  return {
    user: { id, email, name, role, access, email_verified: emailVerified },
    org: { id: account.orgId, name: account.orgName },
  };
}

/** Tokens for a session that is stored already; `secret` is its refresh token. */
export async function signIn(
  ctx: BaseCtx,
  config: SessionConfig,
  account: Account,
  session: { id: string; secret: string },
): Promise<SignIn> {
  const actor: UserActor = {
    kind: "user",
    orgId: account.orgId,
    userId: account.userId,
    role: account.role,
    access: account.access,
    tokenVersion: account.tokenVersion,
    sessionId: session.id,
    ...(config.requireVerifiedEmail && !account.emailVerified ? { unverified: true } : {}),
  };
  const { token, expiresIn } = await config.tokens.issue(actor, ctx.now());
  return {
    token,
    token_type: "Bearer",
    expires_in: expiresIn,
    refresh_token: session.secret,
    ...profile(account),
  };
}
