/** Errors as RFC 9457 problem documents. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AppError } from "../errors.ts";

export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  request_id: string;
  [extra: string]: unknown;
};

/** The problem document of `error`; its cause stays in the log. */
export function problem(error: AppError, requestId: string): Problem {
  const members = {
    type: `https://kalamna.dev/errors/${error.code}`,
    title: error.title,
    status: error.status,
    code: error.code,
    detail: error.message,
    request_id: requestId,
  };
  // Ours come first for whoever reads it, and win over an extra of the same name.
  return { ...members, ...error.extra, ...members };
}

export function problemResponse(error: AppError, requestId: string): Response {
  return failed(error, requestId, problem(error, requestId), "application/problem+json");
}

/** A failure as whatever `body` its dialect has for it, with Retry-After where waiting helps. */
export function failed(
  error: AppError,
  requestId: string,
  body: object,
  type = "application/json",
): Response {
  const headers: Record<string, string> = { "content-type": type, "x-request-id": requestId };
  if (error.retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(error.retryAfter));
  const challenge = challengeOf(error);
  if (challenge !== undefined) headers["www-authenticate"] = challenge;
  return Response.json(body, { status: error.status as ContentfulStatusCode, headers });
}

/** RFC 6750 §3: who is asked for a credential, and a key that lacks a scope for a better one. */
function challengeOf({ status, extra }: AppError): string | undefined {
  if (status === 401) return 'Bearer realm="kalamna"';
  if (status !== 403 || typeof extra.scope !== "string") return undefined;
  return `Bearer realm="kalamna", error="insufficient_scope", scope="${extra.scope}"`;
}
