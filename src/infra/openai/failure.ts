/** What a provider's failure means to us: worth trying again, or not. */
import { APIError } from "openai/core/error";
import { AppError, type ErrorCode } from "../../errors.ts";
import { isLater, retryAfterSeconds } from "./post.ts";

export type FailureCodes = { unavailable: ErrorCode; failed: ErrorCode };

/**
 * Our error for whatever talking to a provider threw: lost connections, 408, 409, 429 and 5xx are `unavailable`, every
 * other status and every reply that cannot be read are `failed`. The provider's own words go to the log only.
 */
export function providerFailure(thrown: unknown, codes: FailureCodes): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof SyntaxError) return new AppError(codes.failed, { cause: thrown });
  // Without a status: the connection was lost, or an error came inside a stream that was fine a moment ago.
  const status = thrown instanceof APIError ? thrown.status : undefined;
  if (typeof status === "number" && !isLater(status)) {
    return new AppError(codes.failed, { detail: refusal(status), cause: thrown });
  }
  const retryAfter = thrown instanceof APIError ? retryAfterSeconds(thrown.headers) : null;
  return new AppError(codes.unavailable, { cause: thrown, ...(retryAfter === null ? {} : { retryAfter }) });
}

function refusal(status: number): string {
  if (status === 401 || status === 403) return "The model provider refused our key. Check OPENAI_API_KEY.";
  if (status === 404)
    return "The model provider does not know the model or the address. Check the model name and OPENAI_BASE_URL.";
  return `The model provider refused the request (${status}).`;
}
