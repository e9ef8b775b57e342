/** What an isolate builds once and every request shares. */
import type { Ports } from "./context.ts";
import type { AccessTokens } from "./domain/accounts/access-token.ts";

export type Settings = {
  maxFileBytes: number;
  refreshTokenDays: number;
};

export type Runtime = {
  ports: Ports;
  tokens: AccessTokens;
  settings: Settings;
  /** Is this caller still under the limit? */
  limit(kind: "auth" | "api", key: string): Promise<boolean>;
};
