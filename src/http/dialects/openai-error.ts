/** Failures in OpenAI's shape, which its clients turn into their own errors. */
import type { AppError } from "../../errors.ts";
import { failed } from "../problem.ts";

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

export const openAiFailure = (error: AppError, requestId: string): Response =>
  failed(error, requestId, { error: openAiError(error) });

function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 402) return "insufficient_quota";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
