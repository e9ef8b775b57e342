/** Who is calling, for which organization, with which ports: the one argument every verb takes. */
import type { ChatModel, Chats, Complete } from "./infra/chat-model/port.ts";
import type { Database } from "./infra/db/client.ts";
import type { Email } from "./infra/email/port.ts";
import type { Embedders } from "./infra/embedder/port.ts";
import type { Files } from "./infra/files/port.ts";
import type { Jobs, Pace } from "./infra/jobs/port.ts";
import type { Mcp } from "./infra/mcp/port.ts";
import type { Web } from "./infra/net/port.ts";
import type { Rerankers } from "./infra/reranker/port.ts";
import type { Sealer } from "./infra/sealing/port.ts";
import type { About, Span, Trace } from "./infra/trace/port.ts";

export const ROLES = ["admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** `internal` readers see everything their groups allow; `external` readers see external documents only. */
export const ACCESS_LEVELS = ["external", "internal"] as const;
export type Access = (typeof ACCESS_LEVELS)[number];

/** What an API key may be allowed. */
export const SCOPES = [
  "documents:read",
  "documents:write",
  "search",
  "chat",
  "analytics:read",
  "evals",
] as const;
export type Scope = (typeof SCOPES)[number];

/** A person, proved by an access token. */
export type UserActor = {
  kind: "user";
  orgId: string;
  userId: string;
  role: Role;
  access: Access;
  tokenVersion: number;
  /** The session the access token belongs to; absent when the person signs in elsewhere. */
  sessionId?: string;
  /** May do nothing but verify the e-mail (`REQUIRE_VERIFIED_EMAIL`). */
  unverified?: true;
};

/** Software of an organization, proved by an API key; `kalamna.enter_key` verifies it again in every batch. */
export type KeyActor = {
  kind: "key";
  orgId: string;
  keyId: string;
  /** Lower-case hex SHA-256 of the key's secret. */
  secretHash: string;
  scopes: readonly Scope[];
  access: Access;
  /** The one it asks for now, by whatever name its owner knows them. */
  endUser?: string;
};

/** A visitor of a web page that embeds an organization's widget: external documents, chat only. */
export type WidgetActor = { kind: "widget"; orgId: string; keyId: string; origin: string; visitorId: string };

/** Deferred work of one organization: a queue message re-entering through the tenant door. */
export type ServiceActor = { kind: "service"; orgId: string };

/** Everyone who acts inside one organization. */
export type Actor = UserActor | KeyActor | WidgetActor | ServiceActor;

/** Someone who runs the platform: organizations as such, never what is in them. */
export type SuperadminActor = { kind: "superadmin"; userId: string; tokenVersion: number };

export type Ports = {
  db: Database;
  files: Files;
  jobs: Jobs;
  pace: Pace;
  /** Answers that this isolate is giving, by message: whoever sets `stop` wants no more of it. */
  underWay: Map<string, { stop: boolean }>;
  embedders: Embedders;
  /** Answers for organizations that have chosen nothing. */
  chat: ChatModel;
  chats: Chats;
  /** Quotes without a model: for organizations that prefer that to no answer when their tokens are used up. */
  extractive: ChatModel;
  /** A short answer of a language model for work that goes on without it. */
  complete: Complete;
  /** Absent: the order of the search stands. */
  rerankers?: Rerankers;
  email: Email;
  web: Web;
  mcp: Mcp;
  sealer: Sealer;
};

/** What a step is called in the trace, where not as in the log; `false`: it is in the log only. */
export type StepAbout = About & { span?: string | false };

/** Collects what one log line will say; see http/log.ts and queue/consume.ts for who writes it. */
export type Log = {
  /** Adds fields to this request's line. Never document text, never a secret. */
  add(fields: Record<string, string | number | boolean | null | undefined>): void;
  /** Runs `work`, records its milliseconds under `step` and makes it a span of the trace. */
  step<T>(step: string, work: (span: Span) => Promise<T>, about?: StepAbout): Promise<T>;
  /** Records under `step` the milliseconds since the request came, of all steps before it and what was between them. */
  mark(step: string): void;
  /** Milliseconds per step so far. */
  steps(): Record<string, number>;
};

/** What is left of a quota, for the RateLimit headers of the answer. */
export type QuotaState = {
  name: string;
  quota: number;
  /** Seconds. */
  window: number;
  /** Unknown when whoever counts does not tell. */
  remaining?: number;
  /** Seconds until there is more. */
  reset?: number;
};

/** Everything but the caller: what a verb that runs before sign-in gets. */
export type BaseCtx = {
  ports: Ports;
  requestId: string;
  /** Where the request came from; for limits and the audit log. */
  client: {
    address: string;
    agent: string | null;
    /** A random name that the browser keeps for us; proves nothing but that it was here before. */
    device?: string;
  };
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  now(): Date;
  log: Log;
  trace: Trace;
  /** Where a verb says what is left of a quota; absent outside of HTTP. */
  onQuota?(state: QuotaState): void;
  /** Work that may outlive the response. */
  waitUntil(work: Promise<unknown>): void;
};

export type Ctx<A extends Actor = Actor> = BaseCtx & { actor: A };

export type PlatformCtx = BaseCtx & { actor: SuperadminActor };
