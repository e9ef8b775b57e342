/** What signing in needs of the runtime. */
import type { SessionConfig } from "../domain/accounts/session.ts";
import type { Runtime } from "../runtime.ts";

export const sessionConfig = ({ tokens, platformTokens, settings }: Runtime): SessionConfig => ({
  tokens,
  platformTokens,
  refreshTokenDays: settings.refreshTokenDays,
  requireVerifiedEmail: settings.requireVerifiedEmail,
  codeKey: settings.codeKey,
});
