/** What an isolate builds once and every request shares. */
import type { KeyActor, Ports } from "./context.ts";
import type { AccessTokens } from "./domain/accounts/access-token.ts";
import type { Memory } from "./domain/keys/memory.ts";
import type { WidgetTokens } from "./domain/keys/widget-token.ts";
import type { Receipts } from "./domain/organizations/receipt.ts";
import type { PlatformTokens } from "./domain/platform/token.ts";
import type { Kept } from "./infra/email/port.ts";
import type { Tracing } from "./infra/trace/port.ts";

export type Settings = {
  maxFileBytes: number;
  refreshTokenDays: number;
  requireVerifiedEmail: boolean;
  /** Seals one-time codes. */
  codeKey: Uint8Array;
  /** `iss` of the tokens we issue; a token that names another comes from somebody else. */
  issuer: string;
};

/** What bursts are counted by; http/limits.ts says how many are allowed. */
export type Burst = "auth" | "api" | "org" | "widget";

export type Runtime = {
  ports: Ports;
  tokens: AccessTokens;
  widgetTokens: WidgetTokens;
  platformTokens: PlatformTokens;
  receipts: Receipts;
  /** What this isolate remembers for a minute, to prove callers without asking the database each time. */
  known: { keys: Memory<KeyActor>; origins: Memory<boolean> };
  settings: Settings;
  tracing: Tracing;
  /** Messages of the development mailbox; absent unless this is somebody's own machine. */
  mailbox?: () => readonly Kept[];
  /** Files of dist/web by address; absent where they are not deployed along. */
  pages?: (address: URL) => Promise<Response>;
  /** Is this caller still under the limit? */
  limit(kind: Burst, key: string): Promise<boolean>;
};
