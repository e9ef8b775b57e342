/** What a superadmin gets for the right password. There is no refresh token: a sign-in ends with its access token. */
import type { BaseCtx, SuperadminActor } from "../../context.ts";
import type { PlatformTokens } from "./token.ts";

export type PlatformSignIn = {
  token: string;
  token_type: "Bearer";
  /** Seconds the access token holds. */
  expires_in: number;
  refresh_token?: undefined;
  user: { id: string; email: string; role: "superadmin" };
};

/** @param person whose password has been checked */
export async function platformSignIn(
  ctx: BaseCtx,
  tokens: PlatformTokens,
  person: { id: string; email: string; tokenVersion: number },
): Promise<PlatformSignIn> {
  const actor: SuperadminActor = {
    kind: "superadmin",
    userId: person.id,
    tokenVersion: person.tokenVersion,
  };
  const { token, expiresIn } = await tokens.issue(actor, ctx.now());
  ctx.log.add({ superadmin: person.id });
  return {
    token,
    token_type: "Bearer",
    expires_in: expiresIn,
    user: { id: person.id, email: person.email, role: "superadmin" },
  };
}
