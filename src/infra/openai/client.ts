/** One client of a provider that speaks the OpenAI protocol: OpenAI, Azure, Gemini's compatible endpoint, Workers AI, Ollama. */
import { OpenAI } from "openai/client";

export type ProviderConfig = {
  apiKey: string;
  /** OpenAI itself when absent. */
  baseURL?: string;
  model: string;
  /** How long to wait for the first byte of an answer, retries included, and between two pieces of it. */
  timeoutMs: number;
  /** Further tries after 408, 409, 429, 5xx or a lost connection, before the first byte. */
  maxRetries?: number;
};

const RETRIES = 2;
/** Nobody waits longer than this for a provider that says when to come back; the caller is told instead. */
const LONGEST_PAUSE_SECONDS = 5;

/** Build it once per isolate, not per request. */
export function openaiClient(config: ProviderConfig): OpenAI {
  return new OpenAI({
    apiKey: config.apiKey,
    baseURL: config.baseURL ?? "https://api.openai.com/v1",
    timeout: config.timeoutMs,
    maxRetries: config.maxRetries ?? RETRIES,
    // Explicit, because the package reads what is absent from process.env, which holds our own variables.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: "off",
    fetch: fetchWithBoundedPauses,
  });
}

async function fetchWithBoundedPauses(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.ok || pauseSeconds(response.headers) <= LONGEST_PAUSE_SECONDS) return response;
  const headers = new Headers(response.headers);
  headers.set("x-should-retry", "false");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** Seconds that Retry-After asks for, in either of its forms; 0 when it does not ask. */
export function pauseSeconds(headers: Headers, now = Date.now()): number {
  const value = headers.get("retry-after");
  if (value === null) return 0;
  const seconds = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
