/** The one database driver: Drizzle over Neon's SQL-over-HTTP, with its failures named. */
import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import * as z from "zod";
import { AppError, type ErrorCode } from "../../errors.ts";

export type Database = NeonHttpDatabase;

/** Longest wait for one batch, in milliseconds; Neon resumes a sleeping database well within it. */
const TIMEOUT_MS = 20_000;

const NEON_ENDPOINT = neonConfig.fetchEndpoint;
const gateways = new Map<string, string>();

// The driver's settings are global to the isolate: gateways are told apart by the host of their connection string.
neonConfig.fetchEndpoint = (host, port, options) =>
  gateways.get(host) ??
  (typeof NEON_ENDPOINT === "function" ? NEON_ENDPOINT(host, port, options) : NEON_ENDPOINT);
neonConfig.fetchFunction = async (input: string, init: RequestInit) => {
  const response = await fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  // Read here, where the driver knows a broken connection as one; it would read everything at once anyway.
  return new Response(await response.arrayBuffer(), { status: response.status });
};

/**
 * A database handle; nothing connects before the first batch.
 * @param endpoint URL of a gateway that speaks the Neon protocol; absent on Neon itself.
 */
export function connect(url: string, endpoint?: string): Database {
  if (endpoint) gateways.set(new URL(url).hostname, endpoint);
  return drizzle({ client: neon(url) });
}

/** SQLSTATEs our own functions and constraints raise, and what they mean to a caller. */
const BY_SQLSTATE: Record<string, ErrorCode> = {
  "28000": "session_revoked",
  P0002: "not_found",
  "22007": "invalid_request",
  "22008": "invalid_request",
  KQ001: "quota_exceeded",
  KQ002: "quota_full",
  KT001: "edit_conflict",
  "40001": "database_unavailable",
  "40P01": "database_unavailable",
  "55P03": "database_unavailable",
  "53300": "database_unavailable",
  "57014": "database_unavailable",
  "57P01": "database_unavailable",
  "57P03": "database_unavailable",
};

const SESSION_REASONS: Record<string, string> = {
  key_inactive: "This key is revoked or expired, or this page is no longer allowed to use it.",
  account_inactive: "This account is deactivated.",
  organization_suspended: "This organization is suspended.",
  session_ended: "You signed out of this session; sign in again.",
  token_outdated: "Your password or your rights changed since you signed in; sign in again.",
};

/** The Postgres error inside whatever the driver or Drizzle wrapped around it. */
export function databaseError(thrown: unknown): NeonDbError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof NeonDbError) return error;
  }
  return undefined;
}

/** SQLSTATEs that say: somebody else was in the way. */
const IN_THE_WAY = ["40001", "40P01", "55P03"];

/** Did Postgres undo the whole transaction for no fault of its own, a deadlock or a conflict of serialization? */
export function isUndone(thrown: unknown): boolean {
  const code = databaseError(thrown)?.code;
  return code === "40P01" || code === "40001";
}

/** Does `thrown` say that the unique or foreign-key constraint `name` was violated? */
export function violates(thrown: unknown, name: string): boolean {
  return databaseError(thrown)?.constraint === name;
}

/** What documents and lines belong to; somebody may delete it while they come. */
const PARENTS = [
  "documents_org_id_batch_id_fkey",
  "documents_source_fkey",
  "batch_items_org_id_batch_id_fkey",
  "sources_org_id_batch_id_fkey",
];

/** Text that JSON can carry and Postgres cannot: U+0000 in text or jsonb, a lone surrogate in jsonb. */
function unstorable({ code, message }: NeonDbError): boolean {
  return code === "22021" || code === "22P05" || (code === "22P02" && message.endsWith("for type json"));
}

/** A failed batch as an {@link AppError} where we can name it; anything else unchanged. */
export function nameDatabaseFailure(thrown: unknown): unknown {
  const error = databaseError(thrown);
  // Without a SQLSTATE the statement never reached Postgres.
  if (error && !error.code) return new AppError("database_unavailable", { retryAfter: 5, cause: thrown });
  if (error && unstorable(error)) {
    return new AppError("invalid_request", {
      detail: "A text contains U+0000 or half a character (a lone surrogate), which cannot be stored.",
      cause: thrown,
    });
  }
  if (PARENTS.includes(error?.constraint ?? "")) {
    return new AppError("not_found", { detail: "The batch or source was deleted meanwhile.", cause: thrown });
  }
  const code = error?.code ? BY_SQLSTATE[error.code] : undefined;
  if (!code) return thrown;
  if (code === "quota_exceeded" || code === "quota_full") return quotaFailure(code, error?.detail, thrown);
  const detail =
    code === "invalid_request"
      ? "A date does not exist."
      : IN_THE_WAY.includes(error?.code ?? "")
        ? "Others are changing the same at this moment; try again."
        : SESSION_REASONS[error?.message ?? ""];
  return new AppError(code, {
    cause: thrown,
    ...(detail ? { detail } : {}),
    ...(code === "database_unavailable" ? { retryAfter: 5 } : {}),
  });
}

const QuotaDetail = z.object({
  quota: z.string(),
  limit: z.number(),
  used: z.number(),
  resets_at: z.string().nullable(),
});

/** Which quota, how much of it, and when there is more; as `kalamna.refuse_quota` says it. */
function quotaFailure(code: ErrorCode, detail: string | undefined, cause: unknown): AppError {
  const { resets_at, ...figures } = QuotaDetail.parse(JSON.parse(detail ?? "null"));
  const retryAfter = resets_at
    ? Math.max(1, Math.ceil((Date.parse(resets_at) - Date.now()) / 1000))
    : undefined;
  const name = figures.quota.replaceAll("_", " ");
  return new AppError(code, {
    detail: resets_at
      ? `Your organization has used its ${name} of this month; there are more from ${resets_at}.`
      : `Your organization's ${name} are limited to ${figures.limit}. Delete something, or ask for more.`,
    extra: { ...figures, ...(resets_at ? { resets_at } : {}) },
    ...(retryAfter === undefined ? {} : { retryAfter }),
    cause,
  });
}
