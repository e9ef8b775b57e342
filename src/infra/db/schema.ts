/** The tables of migrations/ as Drizzle sees them; test/infra/db/schema.test.ts proves that the two agree. */
import {
  bigint,
  bit,
  boolean,
  customType,
  date,
  halfvec,
  integer,
  jsonb,
  numeric,
  pgSchema,
  real,
  smallint,
  sparsevec,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { ACCESS_LEVELS, ROLES, SCOPES } from "../../context.ts";
import { LANES } from "../jobs/port.ts";

const kalamna = pgSchema("kalamna");
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });
const bytea = customType<{ data: Uint8Array; driverData: string }>({
  dataType: () => "bytea",
  toDriver: (value) => `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}`,
});

/** The number of a transaction; as text, because it outgrows a number. */
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });

export const DOCUMENT_STATUSES = ["pending", "extracting", "embedding", "ready", "failed"] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

export const organizations = kalamna.table("organizations", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull(),
  status: text("status", { enum: ["active", "suspended", "deleting"] })
    .notNull()
    .default("active"),
  settings: jsonb("settings").notNull().default({}),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const users = kalamna.table("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  email: text("email").notNull(),
  passwordHash: text("password_hash"),
  role: text("role", { enum: ROLES }).notNull(),
  access: text("access", { enum: ACCESS_LEVELS }).notNull(),
  status: text("status", { enum: ["active", "deactivated"] })
    .notNull()
    .default("active"),
  tokenVersion: integer("token_version").notNull().default(1),
  createdAt: moment("created_at").notNull().defaultNow(),
  name: text("name"),
  emailVerifiedAt: moment("email_verified_at"),
  accessOverride: text("access_override", { enum: ACCESS_LEVELS }),
});

export const refreshTokens = kalamna.table("refresh_tokens", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  userId: uuid("user_id").notNull(),
  sessionId: uuid("session_id").notNull(),
  tokenHash: bytea("token_hash").notNull(),
  expiresAt: moment("expires_at").notNull(),
  spentAt: moment("spent_at"),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const sessions = kalamna.table("sessions", {
  id: uuid("id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  userId: uuid("user_id").notNull(),
  agent: text("agent"),
  address: text("address").notNull(),
  createdAt: moment("created_at").notNull(),
  usedAt: moment("used_at").notNull(),
  expiresAt: moment("expires_at").notNull(),
  revokedAt: moment("revoked_at"),
});

const CODE_PURPOSES = ["verify_email", "reset_password"] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

export const oneTimeCodes = kalamna.table("one_time_codes", {
  purpose: text("purpose", { enum: CODE_PURPOSES }).notNull(),
  address: bytea("address").notNull(),
  codeHash: bytea("code_hash").notNull(),
  attempts: smallint("attempts").notNull(),
  expiresAt: moment("expires_at").notNull(),
  sends: moment("sends").array().notNull(),
});

export const groups = kalamna.table("groups", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  name: text("name").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const groupMembers = kalamna.table("group_members", {
  orgId: uuid("org_id").notNull(),
  groupId: uuid("group_id").notNull(),
  userId: uuid("user_id").notNull(),
});

export const documents = kalamna.table("documents", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  name: text("name").notNull(),
  title: text("title"),
  contentType: text("content_type").notNull(),
  bytes: bigint("bytes", { mode: "number" }).notNull(),
  sha256: text("sha256").notNull(),
  accessLevel: text("access_level", { enum: ACCESS_LEVELS }).notNull(),
  access: smallint("access").notNull().generatedAlwaysAs(1),
  groups: uuid("groups").array(),
  metadata: jsonb("metadata").$type<Record<string, string | number | boolean | null>>().notNull().default({}),
  createdBy: uuid("created_by"),
  createdByKey: uuid("created_by_key"),
  status: text("status", { enum: DOCUMENT_STATUSES }).notNull().default("pending"),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  retryable: boolean("retryable"),
  version: integer("version").notNull().default(1),
  attempt: integer("attempt").notNull().default(0),
  leaseUntil: moment("lease_until"),
  deadlineAt: moment("deadline_at").notNull().defaultNow(),
  pages: integer("pages"),
  characters: integer("characters"),
  chunks: integer("chunks"),
  tokens: integer("tokens"),
  stepMs: jsonb("step_ms").$type<Record<string, number>>().notNull().default({}),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  readyAt: moment("ready_at"),
  lane: text("lane", { enum: LANES }).notNull().default("ingest"),
  externalId: text("external_id"),
  url: text("url"),
  sourceId: uuid("source_id"),
  batchId: uuid("batch_id"),
  publishedVersion: integer("published_version"),
  runAfter: moment("run_after"),
  reused: integer("reused"),
  embedded: integer("embedded"),
  queuedAt: moment("queued_at").notNull().defaultNow(),
  claimedAt: moment("claimed_at"),
  endedAt: moment("ended_at"),
});

export const bulkTurns = kalamna.table("bulk_turns", {
  orgId: uuid("org_id").notNull(),
  slot: smallint("slot").notNull(),
  nonce: uuid("nonce").notNull(),
  leaseUntil: moment("lease_until").notNull(),
  wakesAt: moment("wakes_at"),
});

export const VERSION_STATUSES = ["pending", "published", "superseded", "failed"] as const;

export const documentVersions = kalamna.table("document_versions", {
  orgId: uuid("org_id").notNull(),
  documentId: uuid("document_id").notNull(),
  version: integer("version").notNull(),
  name: text("name").notNull(),
  contentType: text("content_type").notNull(),
  bytes: bigint("bytes", { mode: "number" }).notNull(),
  sha256: text("sha256").notNull(),
  status: text("status", { enum: VERSION_STATUSES }).notNull(),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  pages: integer("pages"),
  characters: integer("characters"),
  chunks: integer("chunks"),
  tokens: integer("tokens"),
  reused: integer("reused"),
  embedded: integer("embedded"),
  createdAt: moment("created_at").notNull().defaultNow(),
  publishedAt: moment("published_at"),
});

export const SOURCE_KINDS = ["url", "sitemap", "crawl"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
export const SOURCE_STATUSES = ["idle", "running", "paused", "failed"] as const;
export const GONE_CHOICES = ["keep", "delete"] as const;
export const PAGE_STATES = [
  "queued",
  "fetched",
  "unchanged",
  "skipped",
  "failed",
  "disallowed",
  "gone",
] as const;
export type PageState = (typeof PAGE_STATES)[number];

/** How far a source goes; a `url` goes nowhere. */
export type SourceSettings = {
  depth?: number;
  limit?: number;
  same_host?: boolean;
  include?: string[];
  exclude?: string[];
};

export const sources = kalamna.table("sources", {
  orgId: uuid("org_id").notNull(),
  id: uuid("id").primaryKey().defaultRandom(),
  kind: text("kind", { enum: SOURCE_KINDS }).notNull(),
  url: text("url").notNull(),
  name: text("name"),
  externalId: text("external_id"),
  batchId: uuid("batch_id"),
  settings: jsonb("settings").$type<SourceSettings>().notNull().default({}),
  onGone: text("on_gone", { enum: GONE_CHOICES }).notNull().default("keep"),
  refreshEvery: integer("refresh_every"),
  accessLevel: text("access_level", { enum: ACCESS_LEVELS }).notNull(),
  access: smallint("access").notNull().generatedAlwaysAs(1),
  groups: uuid("groups").array(),
  metadata: jsonb("metadata").$type<Record<string, string | number | boolean | null>>().notNull().default({}),
  labelsVersion: integer("labels_version").notNull().default(1),
  createdBy: uuid("created_by"),
  createdByKey: uuid("created_by_key"),
  lane: text("lane", { enum: LANES }).notNull().default("ingest-bulk"),
  status: text("status", { enum: SOURCE_STATUSES }).notNull().default("running"),
  run: integer("run").notNull().default(1),
  lease: uuid("lease"),
  leaseUntil: moment("lease_until"),
  runAfter: moment("run_after"),
  startedAt: moment("started_at").notNull().defaultNow(),
  finishedAt: moment("finished_at"),
  nextRunAt: moment("next_run_at"),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  limitReached: boolean("limit_reached").notNull().default(false),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const sourcePages = kalamna.table("source_pages", {
  orgId: uuid("org_id").notNull(),
  sourceId: uuid("source_id").notNull(),
  url: text("url").notNull(),
  place: bigint("place", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
  kind: text("kind", { enum: ["page", "sitemap"] })
    .notNull()
    .default("page"),
  depth: smallint("depth").notNull().default(0),
  run: integer("run").notNull(),
  state: text("state", { enum: PAGE_STATES }).notNull().default("queued"),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  documentId: uuid("document_id"),
  attempt: smallint("attempt").notNull().default(0),
  notBefore: moment("not_before"),
  reserved: boolean("reserved").notNull().default(false),
  misses: smallint("misses").notNull().default(0),
  etag: text("etag"),
  lastModified: text("last_modified"),
  textHash: text("text_hash"),
  labelsVersion: integer("labels_version").notNull().default(0),
  checkedAt: moment("checked_at"),
  changedAt: moment("changed_at"),
});

export const sourceHosts = kalamna.table("source_hosts", {
  orgId: uuid("org_id").notNull(),
  origin: text("origin").notNull(),
  robots: text("robots"),
  robotsStatus: integer("robots_status"),
  robotsAt: moment("robots_at"),
  nextAt: moment("next_at").notNull().defaultNow(),
});

/** Columns that a chunk has from its draft onwards. */
const passage = {
  orgId: uuid("org_id").notNull(),
  documentId: uuid("document_id").notNull(),
  version: integer("version").notNull(),
  ordinal: integer("ordinal").notNull(),
  startOffset: integer("start_offset").notNull(),
  endOffset: integer("end_offset").notNull(),
  page: integer("page"),
  heading: text("heading").array().notNull().default([]),
  content: text("content").notNull(),
  contentHash: text("content_hash").notNull(),
  tokens: integer("tokens").notNull(),
};

const LEXICON_DIMENSIONS = 536_870_912;

export const chunkDrafts = kalamna.table("chunk_drafts", {
  ...passage,
  sv: sparsevec("sv", { dimensions: LEXICON_DIMENSIONS }).notNull(),
  terms: integer("terms").array().notNull(),
  lexemes: text("lexemes").array().notNull(),
  analyzer: smallint("analyzer").notNull().default(1),
  embeddingModel: text("embedding_model"),
  embedding: halfvec("embedding", { dimensions: 768 }),
  sameAs: integer("same_as"),
  reused: boolean("reused"),
});

export const chunks = kalamna.table("chunks", {
  id: uuid("id").primaryKey().defaultRandom(),
  ...passage,
  access: smallint("access").notNull(),
  groups: uuid("groups").array(),
});

export const chunkVec = kalamna.table("chunk_vec", {
  chunkId: uuid("chunk_id").notNull(),
  orgId: uuid("org_id").notNull(),
  documentId: uuid("document_id").notNull(),
  segmentId: uuid("segment_id").notNull(),
  access: smallint("access").notNull(),
  groups: uuid("groups").array(),
  embeddingModel: text("embedding_model").notNull(),
  contentHash: text("content_hash").notNull(),
  embedding: halfvec("embedding", { dimensions: 768 }).notNull(),
  code: bit("code", { dimensions: 3072 }).notNull(),
  cellId: uuid("cell_id"),
});

export const segments = kalamna.table("segments", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  documentId: uuid("document_id").notNull(),
  access: smallint("access").notNull(),
  groups: uuid("groups").array(),
  embeddingModel: text("embedding_model").notNull(),
  size: integer("size").notNull(),
  bq: bit("bq", { dimensions: 768 }).notNull(),
  cellId: uuid("cell_id"),
});

export const cells = kalamna.table("cells", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  embeddingModel: text("embedding_model").notNull(),
  center: halfvec("center", { dimensions: 768 }).notNull(),
  bq: bit("bq", { dimensions: 768 }).notNull(),
  code: bit("code", { dimensions: 3072 }).notNull(),
});

export const CHANGE_PHASES = ["embedding", "removing"] as const;

export const orgEmbedding = kalamna.table("org_embedding", {
  orgId: uuid("org_id").primaryKey(),
  model: text("model").notNull(),
  changeId: uuid("change_id"),
  phase: text("phase", { enum: CHANGE_PHASES }),
  target: text("target"),
  piece: integer("piece").notNull().default(0),
  leaseUntil: moment("lease_until"),
  runAfter: moment("run_after"),
  cursorDocument: uuid("cursor_document"),
  cursorOrdinal: integer("cursor_ordinal"),
  tokens: bigint("tokens", { mode: "number" }).notNull().default(0),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  startedAt: moment("started_at"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  recallTriedAt: moment("recall_tried_at"),
});

export const chunkLex = kalamna.table("chunk_lex", {
  chunkId: uuid("chunk_id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  documentId: uuid("document_id").notNull(),
  ordinal: integer("ordinal").notNull(),
  access: smallint("access").notNull(),
  groups: uuid("groups").array(),
  sv: sparsevec("sv", { dimensions: LEXICON_DIMENSIONS }).notNull(),
  terms: integer("terms").array().notNull(),
  analyzer: smallint("analyzer").notNull().default(1),
});

export const orgTerms = kalamna.table("org_terms", {
  orgId: uuid("org_id").notNull(),
  term: integer("term").notNull(),
  access: smallint("access").notNull(),
  groups: uuid("groups").array(),
  lexeme: text("lexeme").notNull(),
  df: integer("df").notNull(),
});

export const orgCorpus = kalamna.table("org_corpus", {
  orgId: uuid("org_id").notNull(),
  access: smallint("access").notNull(),
  groups: uuid("groups").array(),
  chunks: integer("chunks").notNull().default(0),
});

export const auditLog = kalamna.table("audit_log", {
  orgId: uuid("org_id").notNull(),
  seq: bigint("seq", { mode: "number" }).notNull(),
  at: moment("at").notNull(),
  actorKind: text("actor_kind").notNull(),
  actorId: uuid("actor_id"),
  action: text("action").notNull(),
  targetType: text("target_type"),
  targetId: text("target_id"),
  detail: jsonb("detail").$type<Record<string, string | number | boolean | null>>().notNull(),
  result: text("result", { enum: ["ok", "denied"] }).notNull(),
  address: text("address").notNull(),
  agent: text("agent"),
  requestId: text("request_id").notNull(),
  hash: bytea("hash").notNull(),
});

export const auditHeads = kalamna.table("audit_heads", {
  orgId: uuid("org_id").primaryKey(),
  entries: bigint("entries", { mode: "number" }).notNull(),
  hash: bytea("hash").notNull(),
});

export const apiKeys = kalamna.table("api_keys", {
  id: uuid("id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  name: text("name").notNull(),
  secretHash: bytea("secret_hash").notNull(),
  previousHash: bytea("previous_hash"),
  previousUntil: moment("previous_until"),
  scopes: text("scopes", { enum: SCOPES }).array().notNull(),
  access: text("access", { enum: ACCESS_LEVELS }).notNull(),
  groups: uuid("groups").array().notNull().default([]),
  createdBy: uuid("created_by"),
  createdAt: moment("created_at").notNull().defaultNow(),
  expiresAt: moment("expires_at"),
  lastUsedAt: moment("last_used_at"),
  revokedAt: moment("revoked_at"),
});

export const widgetKeys = kalamna.table("widget_keys", {
  id: uuid("id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  name: text("name").notNull(),
  allowedOrigins: text("allowed_origins").array().notNull(),
  createdBy: uuid("created_by"),
  createdAt: moment("created_at").notNull().defaultNow(),
  lastUsedAt: moment("last_used_at"),
  revokedAt: moment("revoked_at"),
});

export const identityProviders = kalamna.table("identity_providers", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  issuer: text("issuer").notNull(),
  audience: text("audience").notNull(),
  jwksUri: text("jwks_uri"),
  algorithms: text("algorithms").array().notNull(),
  claims: jsonb("claims").notNull(),
  domains: text("domains").array().notNull(),
  status: text("status", { enum: ["active", "disabled"] })
    .notNull()
    .default("active"),
  revision: integer("revision").notNull().default(1),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const identities = kalamna.table("identities", {
  orgId: uuid("org_id").notNull(),
  providerId: uuid("provider_id").notNull(),
  subject: text("subject").notNull(),
  userId: uuid("user_id").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const invitations = kalamna.table("invitations", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  email: text("email").notNull(),
  role: text("role", { enum: ROLES }).notNull(),
  access: text("access", { enum: ACCESS_LEVELS }),
  groups: uuid("groups").array().notNull().default([]),
  tokenHash: bytea("token_hash").notNull(),
  invitedBy: uuid("invited_by"),
  createdAt: moment("created_at").notNull().defaultNow(),
  expiresAt: moment("expires_at").notNull(),
  acceptedAt: moment("accepted_at"),
});

export const quotas = kalamna.table("quotas", {
  /** Null: the row for all organizations without a figure of their own. */
  orgId: uuid("org_id"),
  documents: integer("documents"),
  storageBytes: bigint("storage_bytes", { mode: "number" }),
  questions: integer("questions"),
  tokens: bigint("tokens", { mode: "number" }),
});

export const orgUsage = kalamna.table("org_usage", {
  orgId: uuid("org_id").notNull(),
  month: date("month").notNull(),
  questions: integer("questions").notNull(),
  tokens: bigint("tokens", { mode: "number" }).notNull(),
});

export const orgStorage = kalamna.table("org_storage", {
  orgId: uuid("org_id").primaryKey(),
  documents: integer("documents").notNull(),
  bytes: bigint("bytes", { mode: "number" }).notNull(),
});

export const loginAttempts = kalamna.table("login_attempts", {
  bucket: bytea("bucket").primaryKey(),
  failures: integer("failures").notNull(),
  blockedUntil: moment("blocked_until"),
  lastAt: moment("last_at").notNull(),
});

export const loginPlaces = kalamna.table("login_places", {
  place: bytea("place").primaryKey(),
  lastAt: moment("last_at").notNull(),
});

export const superadmins = kalamna.table("superadmins", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: text("email").notNull(),
  passwordHash: text("password_hash").notNull(),
  status: text("status", { enum: ["active", "deactivated"] })
    .notNull()
    .default("active"),
  tokenVersion: integer("token_version").notNull().default(1),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const deletionRequests = kalamna.table("deletion_requests", {
  orgId: uuid("org_id").notNull(),
  requestedBy: uuid("requested_by").notNull(),
  tokenHash: bytea("token_hash").notNull(),
  expiresAt: moment("expires_at").notNull(),
});

export const BATCH_KINDS = ["ndjson", "zip"] as const;
export const BATCH_STATUSES = ["open", "running", "completed", "cancelled"] as const;
export const ITEM_OUTCOMES = [
  "created",
  "replaced",
  "unchanged",
  "duplicate",
  "requeued",
  "refused",
] as const;

export const batches = kalamna.table("batches", {
  orgId: uuid("org_id").notNull(),
  id: uuid("id").primaryKey(),
  createdBy: uuid("created_by"),
  createdByKey: uuid("created_by_key"),
  kind: text("kind", { enum: BATCH_KINDS }).notNull(),
  status: text("status", { enum: BATCH_STATUSES }).notNull().default("open"),
  brokenOff: boolean("broken_off").notNull().default(false),
  idempotencyKey: text("idempotency_key"),
  lines: integer("lines").notNull().default(0),
  refused: integer("refused").notNull().default(0),
  createdAt: moment("created_at").notNull().defaultNow(),
  touchedAt: moment("touched_at").notNull().defaultNow(),
  closedAt: moment("closed_at"),
  completedAt: moment("completed_at"),
});

export const batchItems = kalamna.table("batch_items", {
  orgId: uuid("org_id").notNull(),
  batchId: uuid("batch_id").notNull(),
  line: integer("line").notNull(),
  fingerprint: text("fingerprint").notNull(),
  name: text("name"),
  externalId: text("external_id"),
  outcome: text("outcome", { enum: ITEM_OUTCOMES }).notNull(),
  documentId: uuid("document_id"),
  sourceId: uuid("source_id"),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  changed: xid8("changed").notNull(),
});

export const idempotencyKeys = kalamna.table("idempotency_keys", {
  orgId: uuid("org_id").notNull(),
  owner: uuid("owner").notNull(),
  key: text("key").notNull(),
  fingerprint: text("fingerprint").notNull(),
  documentId: uuid("document_id").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const deletedOrganizations = kalamna.table("deleted_organizations", {
  id: uuid("id").primaryKey(),
  deletedAt: moment("deleted_at").notNull().defaultNow(),
  requestedByKind: text("requested_by_kind", { enum: ["user", "superadmin"] }).notNull(),
  requestedBy: uuid("requested_by").notNull(),
  rows: jsonb("rows").$type<Record<string, number>>().notNull(),
  filesRemovedAt: moment("files_removed_at"),
  tokenHash: bytea("token_hash"),
  finishedAt: moment("finished_at"),
  files: bigint("files", { mode: "number" }).notNull().default(0),
});

export const WEBHOOK_EVENTS = ["document.ready", "document.failed", "batch.completed"] as const;
export const DELIVERY_STATUSES = ["pending", "delivered", "failed", "cancelled"] as const;

export const webhooks = kalamna.table("webhooks", {
  id: uuid("id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  url: text("url").notNull(),
  description: text("description").notNull().default(""),
  events: text("events", { enum: WEBHOOK_EVENTS }).array().notNull(),
  secret: text("secret").notNull(),
  previousSecret: text("previous_secret"),
  previousUntil: moment("previous_until"),
  enabled: boolean("enabled").notNull().default(true),
  disabledReason: text("disabled_reason", { enum: ["gone", "failing"] }),
  disabledAt: moment("disabled_at"),
  failures: integer("failures").notNull().default(0),
  failingSince: moment("failing_since"),
  turn: uuid("turn"),
  turnUntil: moment("turn_until"),
  createdBy: uuid("created_by"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const webhookDeliveries = kalamna.table("webhook_deliveries", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  webhookId: uuid("webhook_id").notNull(),
  event: text("event", { enum: [...WEBHOOK_EVENTS, "webhook.test"] }).notNull(),
  payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
  status: text("status", { enum: DELIVERY_STATUSES }).notNull().default("pending"),
  attempts: integer("attempts").notNull().default(0),
  nextAttemptAt: moment("next_attempt_at").notNull().defaultNow(),
  lastStatus: integer("last_status"),
  lastError: text("last_error"),
  response: text("response"),
  durationMs: integer("duration_ms"),
  createdAt: moment("created_at").notNull().defaultNow(),
  deliveredAt: moment("delivered_at"),
});

export const fileRemovals = kalamna.table("file_removals", {
  orgId: uuid("org_id").notNull(),
  key: text("key").notNull(),
  claim: uuid("claim"),
  askedAt: moment("asked_at").notNull().defaultNow(),
  removedAt: moment("removed_at"),
});

export const fileSweep = kalamna.table("file_sweep", {
  onlyRow: boolean("only_row").primaryKey().default(true),
  after: text("after"),
  runAfter: moment("run_after").notNull().defaultNow(),
  checked: bigint("checked", { mode: "number" }).notNull().default(0),
  orphansRemoved: bigint("orphans_removed", { mode: "number" }).notNull().default(0),
  lapFinishedAt: moment("lap_finished_at"),
});

export const deletions = kalamna.table("deletions", {
  orgId: uuid("org_id").notNull(),
  id: uuid("id").notNull().defaultRandom(),
  kind: text("kind", { enum: ["documents", "batch", "source"] }).notNull(),
  target: uuid("target"),
  documentIds: uuid("document_ids").array(),
  actorKind: text("actor_kind", { enum: ["user", "key", "service"] }).notNull(),
  actorId: uuid("actor_id"),
  role: text("role").notNull(),
  access: text("access").notNull(),
  groups: uuid("groups").array().notNull(),
  status: text("status", { enum: ["running", "done"] })
    .notNull()
    .default("running"),
  documents: integer("documents").notNull().default(0),
  versions: integer("versions").notNull().default(0),
  chunks: integer("chunks").notNull().default(0),
  drafts: integer("drafts").notNull().default(0),
  files: integer("files").notNull().default(0),
  bytes: bigint("bytes", { mode: "number" }).notNull().default(0),
  kept: integer("kept"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  finishedAt: moment("finished_at"),
});

export const chatSessions = kalamna.table("chat_sessions", {
  id: uuid("id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  userId: uuid("user_id"),
  keyId: uuid("key_id"),
  endUser: text("end_user"),
  visitorId: uuid("visitor_id"),
  title: text("title").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const MESSAGE_STATUSES = ["answering", "complete", "stopped", "failed"] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export const messages = kalamna.table("messages", {
  id: uuid("id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  sessionId: uuid("session_id"),
  channel: text("channel").notNull(),
  userId: uuid("user_id"),
  keyId: uuid("key_id"),
  visitorId: uuid("visitor_id"),
  access: smallint("access").notNull(),
  question: text("question").notNull(),
  standaloneQuestion: text("standalone_question"),
  answer: text("answer"),
  status: text("status", { enum: MESSAGE_STATUSES }).notNull(),
  failureCode: text("failure_code"),
  grounded: boolean("grounded").notNull().default(false),
  offTopic: boolean("off_topic").notNull().default(false),
  cache: text("cache", { enum: ["hit", "miss"] }),
  taughtId: uuid("taught_id"),
  model: text("model"),
  mode: text("mode"),
  promptTokens: integer("prompt_tokens"),
  completionTokens: integer("completion_tokens"),
  cost: numeric("cost", { mode: "number" }),
  ms: jsonb("ms").$type<Record<string, number>>().notNull().default({}),
  retrieval: jsonb("retrieval"),
  sources: jsonb("sources").notNull().default([]),
  citations: jsonb("citations").notNull().default([]),
  documentIds: uuid("document_ids").array().notNull().default([]),
  drawnFrom: uuid("drawn_from").array().notNull().default([]),
  embedding: halfvec("embedding", { dimensions: 768 }),
  embeddingModel: text("embedding_model"),
  createdAt: moment("created_at").notNull(),
  finishedAt: moment("finished_at"),
  aliveUntil: moment("alive_until"),
  stopRequested: boolean("stop_requested").notNull().default(false),
});

export const messageEvents = kalamna.table("message_events", {
  orgId: uuid("org_id").notNull(),
  messageId: uuid("message_id").notNull(),
  first: integer("first").notNull(),
  events: jsonb("events").$type<object[]>().notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

/** What an answer that was taught consists of, in each of its versions. */
const taught = {
  orgId: uuid("org_id").notNull(),
  version: integer("version").notNull(),
  question: text("question").notNull(),
  variants: text("variants").array().notNull(),
  answer: text("answer").notNull(),
  accessLevel: text("access_level", { enum: ACCESS_LEVELS }).notNull(),
  groups: uuid("groups").array(),
  expiresAt: moment("expires_at"),
  enabled: boolean("enabled").notNull(),
  note: text("note").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
};

export const taughtAnswers = kalamna.table("taught_answers", {
  ...taught,
  id: uuid("id").primaryKey().defaultRandom(),
  version: integer("version").notNull().default(1),
  access: smallint("access").notNull().generatedAlwaysAs(1),
  createdBy: uuid("created_by"),
  updatedBy: uuid("updated_by"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const taughtVersions = kalamna.table("taught_versions", {
  ...taught,
  taughtId: uuid("taught_id").notNull(),
  changedBy: uuid("changed_by"),
});

export const taughtPhrases = kalamna.table("taught_phrases", {
  orgId: uuid("org_id").notNull(),
  taughtId: uuid("taught_id").notNull(),
  ordinal: smallint("ordinal").notNull(),
  text: text("text").notNull(),
  exact: text("exact").notNull(),
  terms: integer("terms").array().notNull(),
  analyzer: smallint("analyzer").notNull(),
});

export const taughtVectors = kalamna.table("taught_vectors", {
  orgId: uuid("org_id").notNull(),
  taughtId: uuid("taught_id").notNull(),
  ordinal: smallint("ordinal").notNull(),
  embeddingModel: text("embedding_model").notNull(),
  embedding: halfvec("embedding", { dimensions: 768 }).notNull(),
});

export const feedback = kalamna.table("feedback", {
  messageId: uuid("message_id").primaryKey(),
  orgId: uuid("org_id").notNull(),
  rating: smallint("rating").notNull(),
  reason: text("reason"),
  comment: text("comment"),
  expectedAnswer: text("expected_answer"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const suggestionMarks = kalamna.table("suggestion_marks", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  terms: integer("terms").array().notNull(),
  taughtId: uuid("taught_id"),
  markedBy: uuid("marked_by"),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const evalCases = kalamna.table("eval_cases", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  question: text("question").notNull(),
  documentIds: uuid("document_ids").array().notNull().default([]),
  externalIds: text("external_ids").array().notNull().default([]),
  facts: text("facts").array().notNull().default([]),
  answerable: boolean("answerable").notNull().default(true),
  tags: text("tags").array().notNull().default([]),
  note: text("note").notNull().default(""),
  messageId: uuid("message_id"),
  access: smallint("access").notNull(),
  createdBy: uuid("created_by"),
  createdByKey: uuid("created_by_key"),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const EVAL_KINDS = ["answer", "search"] as const;
export const EVAL_STATUSES = ["running", "done", "failed", "cancelled"] as const;
export const EVAL_RESULT_STATUSES = ["waiting", "done", "failed"] as const;

export const evalRuns = kalamna.table("eval_runs", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull(),
  name: text("name").notNull().default(""),
  kind: text("kind", { enum: EVAL_KINDS }).notNull(),
  configurations: jsonb("configurations").notNull(),
  gate: jsonb("gate"),
  tags: text("tags").array().notNull().default([]),
  status: text("status", { enum: EVAL_STATUSES }).notNull().default("running"),
  userId: uuid("user_id"),
  keyId: uuid("key_id"),
  access: smallint("access").notNull(),
  cases: integer("cases").notNull(),
  piece: integer("piece").notNull().default(1),
  leaseUntil: moment("lease_until"),
  runAfter: moment("run_after").notNull(),
  figures: jsonb("figures"),
  passed: boolean("passed"),
  failureCode: text("failure_code"),
  failureDetail: text("failure_detail"),
  createdAt: moment("created_at").notNull().defaultNow(),
  finishedAt: moment("finished_at"),
});

export const evalResults = kalamna.table("eval_results", {
  orgId: uuid("org_id").notNull(),
  runId: uuid("run_id").notNull(),
  ordinal: integer("ordinal").notNull(),
  configuration: smallint("configuration").notNull(),
  caseId: uuid("case_id").notNull(),
  asked: jsonb("asked").notNull(),
  attempts: smallint("attempts").notNull().default(0),
  status: text("status", { enum: EVAL_RESULT_STATUSES }).notNull().default("waiting"),
  outcome: jsonb("outcome"),
  answer: text("answer"),
  drawnFrom: uuid("drawn_from").array().notNull().default([]),
  taughtId: uuid("taught_id"),
});

export const recallDays = kalamna.table("recall_days", {
  orgId: uuid("org_id").notNull(),
  day: date("day").notNull(),
  embeddingModel: text("embedding_model").notNull(),
  questions: integer("questions").notNull(),
  recall: real("recall"),
  worst: real("worst"),
  chunks: integer("chunks").notNull(),
  routedMs: real("routed_ms"),
  exactMs: real("exact_ms"),
  neighbours: real("neighbours"),
  strangers: real("strangers"),
  measuredAt: moment("measured_at").notNull().defaultNow(),
});

export const corpusChanges = kalamna.table("corpus_changes", {
  orgId: uuid("org_id").notNull(),
  change: xid8("change").notNull(),
  changes: bigint("changes", { mode: "number" }).notNull().default(1),
});

export const answerCache = kalamna.table("answer_cache", {
  orgId: uuid("org_id").notNull(),
  audience: text("audience").notNull(),
  asked: bytea("asked").notNull(),
  near: bytea("near").notNull(),
  corpusVersion: bigint("corpus_version", { mode: "number" }).notNull(),
  embeddingModel: text("embedding_model"),
  embedding: halfvec("embedding", { dimensions: 768 }),
  payload: jsonb("payload").notNull(),
  documentIds: uuid("document_ids").array().notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

export const logConnections = kalamna.table("log_connections", {
  orgId: uuid("org_id").primaryKey(),
  server: text("server").notNull(),
  origin: text("origin").notNull(),
  headerNames: text("header_names").array().notNull().default([]),
  tool: text("tool").notNull(),
  arguments: jsonb("arguments").notNull(),
  redaction: jsonb("redaction").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});
