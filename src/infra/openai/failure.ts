/** What a provider's failure means to us: worth trying again, or not. */
import { APIConnectionError, APIError } from "openai/core/error";
import { AppError, type ErrorCode } from "../../errors.ts";
import { pauseSeconds } from "./client.ts";

export type FailureCodes = { unavailable: ErrorCode; failed: ErrorCode };

/** Beyond 5xx: the statuses that say "later" rather than "never". */
const LATER = new Set([408, 409, 425, 429]);

/**
 * Our error for whatever the client threw: lost connections, timeouts, 408, 409, 429 and 5xx are `unavailable`, every
 * other status and every reply that cannot be read are `failed`. The provider's own words go to the log only.
 */
export function providerFailure(thrown: unknown, codes: FailureCodes): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof APIConnectionError) return new AppError(codes.unavailable, { cause: thrown });
  if (thrown instanceof APIError) {
    const status = typeof thrown.status === "number" ? thrown.status : undefined;
    const headers: unknown = thrown.headers;
    const retryAfter = headers instanceof Headers ? pauseSeconds(headers) : 0;
    // An error inside a stream has no status of its own; such a provider was reachable a moment ago.
    const later = status === undefined || LATER.has(status) || status >= 500;
    return new AppError(later ? codes.unavailable : codes.failed, {
      cause: thrown,
      ...(retryAfter > 0 ? { retryAfter } : {}),
      ...(later ? {} : { detail: refusal(status) }),
    });
  }
  if (thrown instanceof SyntaxError) return new AppError(codes.failed, { cause: thrown });
  // What is left comes from the network: a body that broke off, a socket that closed.
  return new AppError(codes.unavailable, { cause: thrown });
}

function refusal(status: number | undefined): string {
  if (status === 401 || status === 403) return "The model provider refused our key. Check OPENAI_API_KEY.";
  if (status === 404)
    return "The model provider does not know the model or the address. Check the model name and OPENAI_BASE_URL.";
  return `The model provider refused the request (${status}).`;
}
