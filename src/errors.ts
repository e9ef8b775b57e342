/** Every failure we can name: its HTTP answer and what the queue does with it, in one table. */

type Row = { status: number; title: string; retry: boolean };

const failure = (status: number, title: string, retry = false): Row => ({ status, title, retry });

/** `retry` says whether the queue tries the message again; HTTP callers read `status`. */
export const ERRORS = {
  invalid_request: failure(400, "The request is not valid"),
  invalid_code: failure(400, "The code is wrong, used or no longer valid"),
  invalid_confirmation: failure(400, "The confirmation is wrong, used or no longer valid"),
  invalid_invitation: failure(400, "The invitation is wrong, used or no longer valid"),
  cut_off: failure(400, "The body broke off before its end"),
  malformed_json: failure(400, "The body is not JSON"),
  unauthenticated: failure(401, "Sign in first"),
  invalid_credentials: failure(401, "E-mail or password is wrong"),
  session_revoked: failure(401, "This session no longer holds; sign in again"),
  email_verification_required: failure(403, "Verify your e-mail first"),
  forbidden: failure(403, "Your role does not allow this"),
  email_unverified: failure(403, "The identity provider has not verified this e-mail"),
  domain_not_allowed: failure(403, "This e-mail domain may not sign in here"),
  not_found: failure(404, "There is nothing here for you"),
  method_not_allowed: failure(405, "This path does not answer that method"),
  email_taken: failure(409, "An account with this e-mail exists"),
  identity_conflict: failure(409, "This identity belongs to another account"),
  issuer_taken: failure(409, "This issuer and audience are connected already"),
  already_member: failure(409, "This person is in the organization already"),
  last_admin: failure(409, "An organization keeps at least one active admin"),
  name_taken: failure(409, "That name is taken"),
  case_exists: failure(409, "There is a case with this question already"),
  no_cases: failure(409, "There is no case to ask"),
  idempotency_conflict: failure(409, "This Idempotency-Key was used for something else"),
  external_id_taken: failure(409, "Another document has this external id"),
  cancelled: failure(409, "Reading was stopped on request"),
  too_many_webhooks: failure(409, "An organization may have no more webhooks"),
  webhook_disabled: failure(409, "The webhook is switched off"),
  duplicate_document: failure(409, "The same document is there already for those who may read it"),
  change_running: failure(409, "The embedding model is being changed already"),
  answer_running: failure(409, "The conversation is being answered; wait for it or stop it"),
  telemetry_not_connected: failure(409, "No log server is connected"),
  telemetry_tool_missing: failure(409, "The log server does not have that tool"),
  not_ready: failure(409, "The document is not ready yet"),
  edit_conflict: failure(409, "Somebody else changed this at the same moment; look again"),
  not_in_progress: failure(409, "There is nothing going on to be stopped"),
  too_large: failure(413, "That is too large"),
  unsupported_type: failure(415, "We cannot read this type of document"),
  empty_document: failure(422, "The document has no text"),
  encrypted_document: failure(422, "The document is protected by a password"),
  model_required: failure(422, "That needs a language model, and none is configured"),
  needs_ocr: failure(422, "The document has pictures of pages but no text"),
  url_refused: failure(422, "We do not fetch from that address"),
  broken_document: failure(422, "The document is damaged and cannot be read"),
  document_too_complex: failure(422, "The document unpacks to more than we read"),
  file_missing: failure(422, "The stored file is gone; upload it again"),
  ingestion_timeout: failure(422, "Reading the document took too many tries"),
  quota_full: failure(402, "Your organization may hold no more"),
  rate_limited: failure(429, "Too many requests", true),
  quota_exceeded: failure(429, "Your organization has used up its month"),
  embedding_model_gone: failure(503, "The organization's embedding model is not offered any more"),
  secret_unreadable: failure(500, "A stored secret cannot be opened with the configured keys", true),
  internal: failure(500, "Something went wrong on our side", true),
  model_failed: failure(502, "The language model did not answer", true),
  answer_unfit: failure(502, "The language model's answer does not have the form that was asked for", true),
  embedder_failed: failure(502, "The embedding model did not answer", true),
  fetch_failed: failure(502, "The address did not answer as expected", true),
  identity_provider_failed: failure(502, "The identity provider did not answer as expected", true),
  telemetry_refused: failure(502, "The log server does not accept our credentials"),
  telemetry_failed: failure(502, "The log server did not answer as expected", true),
  telemetry_tool_failed: failure(502, "The log server could not do that search"),
  telemetry_too_large: failure(502, "The log server answered with more than we read; ask for less"),
  telemetry_timeout: failure(504, "The log server did not answer in time", true),
  database_unavailable: failure(503, "The database cannot be reached", true),
  email_unavailable: failure(503, "E-mail cannot be sent", true),
  storage_unavailable: failure(503, "File storage cannot be reached", true),
  answer_interrupted: failure(503, "The answer broke off on our side; ask again"),
  answer_goes_on: failure(503, "The answer takes longer than it can be followed at once; follow it again"),
  model_unavailable: failure(503, "The language model is overloaded or unreachable", true),
  embedder_unavailable: failure(503, "The embedding model is overloaded or unreachable", true),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof ERRORS;

export type ErrorOptions = {
  /** One sentence for the person who reads it: what happened and what to do. */
  detail?: string;
  /** Machine-readable members added to the problem document, e.g. `errors`, `supported`. */
  extra?: Record<string, unknown>;
  /** Seconds until trying again makes sense. */
  retryAfter?: number;
  /** What really happened; goes to the log, never to the caller. */
  cause?: unknown;
};

/** The one error class of the product: a code from {@link ERRORS} and what the caller may know. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly extra: Record<string, unknown>;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    super(options.detail ?? ERRORS[code].title, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.extra = options.extra ?? {};
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get title(): string {
    return ERRORS[this.code].title;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retry;
  }
}

/** Any thrown value as an {@link AppError}: ours stays, everything else is `internal` with the original as cause. */
export function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError("internal", { cause: thrown });
}
