/** One request to a provider, tried again while that makes sense. */
import { APIConnectionError, APIError } from "openai/core/error";
import { tracedFetch } from "../trace/fetch.ts";
import type { Patience, ProviderConfig } from "./provider.ts";

const OPENAI = "https://api.openai.com/v1";
const RETRIES = 2;
const FIRST_PAUSE_MS = 500;
/** Nobody waits longer than this for a provider that says when to come back; the caller is told instead. */
const LONGEST_PAUSE_MS = 5_000;
/** Enough of an error's body to log. */
const LONGEST_ERROR = 10_000;

type Init = Parameters<typeof tracedFetch>[1];

/** Beyond 5xx: the statuses that say "later" rather than "never". */
const LATER = new Set([408, 409, 425, 429]);

export function isLater(status: number): boolean {
  return LATER.has(status) || status >= 500;
}

/**
 * Posts JSON and returns the answer once its headers are there.
 * @param path below the base URL, e.g. `/embeddings`
 * @throws APIError any other status than 2xx · APIConnectionError no connection · the signal's reason when it is aborted
 */
export async function post(
  config: ProviderConfig,
  path: string,
  body: object,
  signal: AbortSignal,
  patience: Patience = {},
): Promise<Response> {
  const url = addressOf(config, path);
  const init = {
    method: "POST",
    headers: { ...keyOf(config), "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  };
  const tries = 1 + Math.min(config.maxRetries ?? RETRIES, patience.maxRetries ?? RETRIES);
  const longest = patience.longestPauseMs ?? LONGEST_PAUSE_MS;
  for (let attempt = 1; ; attempt++) {
    const result = await once(url, init, attempt - 1);
    if (result instanceof Response) return result;
    signal.throwIfAborted();
    const pause = pauseAfter(result, attempt, longest);
    if (attempt >= tries || pause === null) throw result;
    await sleep(pause, signal);
  }
}

function addressOf({ baseURL = OPENAI, azure }: ProviderConfig, path: string): string {
  const base = baseURL.replace(/\/+$/, "");
  if (!azure) return base + path;
  const version = encodeURIComponent(azure.apiVersion);
  return `${base}/openai/deployments/${encodeURIComponent(azure.deployment)}${path}?api-version=${version}`;
}

function keyOf({ apiKey, azure }: ProviderConfig): Record<string, string> {
  if (apiKey === "") return {};
  return azure ? { "api-key": apiKey } : { authorization: `Bearer ${apiKey}` };
}

async function once(url: string, init: Init, resent: number): Promise<Response | APIError> {
  try {
    const response = await tracedFetch(url, init, resent > 0 ? { "http.request.resend_count": resent } : {});
    if (response.ok) return response;
    const text = (await response.text()).slice(0, LONGEST_ERROR);
    return APIError.generate(response.status, parsed(text), text || response.statusText, response.headers);
  } catch (cause) {
    return new APIConnectionError({ cause: cause instanceof Error ? cause : new Error(String(cause)) });
  }
}

function parsed(text: string): object | undefined {
  try {
    // Gemini wraps its error in a list.
    const [value]: unknown[] = [JSON.parse(text)].flat();
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds to wait before the next try, or null when there should be none. */
function pauseAfter(error: APIError, attempt: number, longest: number): number | null {
  if (error.status !== undefined && !isLater(error.status)) return null;
  const asked = retryAfterSeconds(error.headers);
  // Not all of those that it sent away at the same moment come back at the same moment.
  if (asked !== null) return asked * 1000 <= longest ? asked * 1000 * (1 + Math.random() / 10) : null;
  return Math.min(longest, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.75 + Math.random() / 4);
}

/** Seconds that Retry-After asks for, in either of its forms; null when it does not ask. */
export function retryAfterSeconds(headers: Headers | undefined, now = Date.now()): number | null {
  const value = headers?.get("retry-after")?.trim();
  if (!value) return null;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
