/** What an isolate builds once and every request shares. */
import type { Ports } from "./context.ts";
import type { AccessTokens } from "./domain/accounts/access-token.ts";
import type { Kept } from "./infra/email/port.ts";

export type Settings = {
  maxFileBytes: number;
  refreshTokenDays: number;
};

export type Runtime = {
  ports: Ports;
  tokens: AccessTokens;
  settings: Settings;
  /** Messages of the development mailbox; absent unless this is somebody's own machine. */
  mailbox?: () => readonly Kept[];
  /** Is this caller still under the limit? */
  limit(kind: "auth" | "api", key: string): Promise<boolean>;
};
