/** Failures in OpenAI's shape, which its clients turn into their own errors. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AppError } from "../../errors.ts";

export type OpenAiError = { message: string; type: string; param: string | null; code: string };

/** https://platform.openai.com/docs/guides/error-codes; `code` is ours, so that one table explains all dialects. */
export function openAiError(error: AppError): OpenAiError {
  const errors = error.extra?.errors as readonly { path: string }[] | undefined;
  return {
    message: error.message,
    type: typeOf(error.status),
    param: errors?.[0]?.path || null,
    code: error.code,
  };
}

export function openAiFailure(error: AppError, requestId: string): Response {
  const headers: Record<string, string> = { "x-request-id": requestId };
  if (error.retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(error.retryAfter));
  if (error.status === 401) headers["www-authenticate"] = 'Bearer realm="kalamna"';
  return Response.json(
    { error: openAiError(error) },
    { status: error.status as ContentfulStatusCode, headers },
  );
}

function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 402) return "insufficient_quota";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
