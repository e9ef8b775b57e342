/** What a provider's failure means to us: what kind it is, and whether another try or another provider may help. */
import { APIConnectionError, APIError } from "openai/core/error";
import { AppError, type ErrorCode, type ErrorOptions } from "../../errors.ts";
import { isLater, retryAfterSeconds } from "./post.ts";

export type FailureCodes = { unavailable: ErrorCode; failed: ErrorCode };

/** What went wrong with one provider. */
export type Fault =
  /** 429. */
  | "rate_limited"
  /** 408, 409, 425, 5xx, or an error object in a stream that was fine a moment ago. */
  | "overloaded"
  /** No connection. */
  | "unreachable"
  /** Nothing came in the time allowed. */
  | "timeout"
  /** The connection broke, or the answer ended before its end. */
  | "cut"
  /** Not what the protocol says: no stream of events, no JSON. */
  | "unreadable"
  /** Not a word. */
  | "empty"
  /** Our key, our address or the name of our model: 401, 402, 403, 404. */
  | "misconfigured"
  /** More than this model reads at once. */
  | "too_long"
  /** 400, 422 and other statuses that speak of the request; whoever is asked next would get the same. */
  | "refused"
  /** Refused for what it says. */
  | "content_policy";

/** What another provider would answer just the same. */
const OF_THE_REQUEST: ReadonlySet<Fault> = new Set(["refused", "content_policy"]);

export const isOfTheRequest = (fault: Fault): boolean => OF_THE_REQUEST.has(fault);

export class ProviderError extends AppError {
  readonly fault: Fault;

  constructor(code: ErrorCode, fault: Fault, options: ErrorOptions = {}) {
    super(code, options);
    this.fault = fault;
  }
}

/**
 * Our error for whatever talking to a provider threw: lost connections, 408, 409, 429 and 5xx are `unavailable`, every
 * other status and every reply that cannot be read are `failed`. The provider's own words go to the log only.
 * @param keyName variable that holds the key, for whoever has to look after it
 */
export function providerFailure(
  thrown: unknown,
  codes: FailureCodes,
  keyName = "OPENAI_API_KEY",
): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (thrown instanceof AppError)
    return new ProviderError(thrown.code, "unreadable", { detail: thrown.message, cause: thrown });
  const fault = faultOf(thrown);
  const options = { cause: thrown, ...retryAfterOf(thrown) };
  switch (fault) {
    case "rate_limited":
    case "overloaded":
    case "unreachable":
    case "timeout":
    case "cut":
      return new ProviderError(codes.unavailable, fault, options);
    case "unreadable":
    case "empty":
      return new ProviderError(codes.failed, fault, options);
    default: {
      const status = thrown instanceof APIError ? thrown.status : undefined;
      return new ProviderError(codes.failed, fault, { ...options, detail: refusal(fault, status, keyName) });
    }
  }
}

function faultOf(thrown: unknown): Fault {
  if (thrown instanceof SyntaxError) return "unreadable";
  if (thrown instanceof APIConnectionError) return "unreachable";
  if (!(thrown instanceof APIError)) return "cut";
  const { status, code, message } = thrown as APIError;
  const said = `${code ?? ""} ${message}`;
  if (/content_?(filter|policy)|responsible_?ai/i.test(`${code ?? ""}`)) return "content_policy";
  if (typeof status !== "number") return "overloaded";
  if (status === 429) return "rate_limited";
  if (isLater(status)) return "overloaded";
  // Gemini says 400 to a wrong key.
  if ((status >= 401 && status <= 404) || /api[ _-]?key/i.test(said)) return "misconfigured";
  if (status === 413 || /context_length|context length|maximum context|too many tokens/i.test(said))
    return "too_long";
  return "refused";
}

function retryAfterOf(thrown: unknown): { retryAfter?: number } {
  const retryAfter = thrown instanceof APIError ? retryAfterSeconds(thrown.headers) : null;
  return retryAfter === null ? {} : { retryAfter };
}

function refusal(fault: Fault, status: number | undefined, keyName: string): string {
  if (fault === "content_policy") return "The model provider refuses to answer this.";
  if (fault === "too_long")
    return "That is more than the model reads at once. Ask for fewer passages, or with less history.";
  if (status === 404)
    return "The model provider does not know the model or the address. Check the model name and its base URL.";
  if (fault === "misconfigured") return `The model provider refused our key. Check ${keyName}.`;
  return `The model provider refused the request${status === undefined ? "" : ` (${status})`}.`;
}
