/** One polite request for a page, and what the answer means. */
import type { Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import type { WebAnswer } from "../../infra/net/port.ts";
import { retryAfterSeconds } from "../../text/retry-after.ts";

/** Whole exchange, redirects and body included. */
const TIMEOUT_MS = 30_000;
/** As long as we wait because a host asks for it; who wants to be left alone longer ends the visit. Seconds. */
const MAX_RETRY_AFTER = 3_600;

/** What is known of the page from its last visit. */
export type Validators = { etag: string | null; lastModified: string | null };

export type Asked =
  | { kind: "answer"; answer: WebAnswer }
  | { kind: "unchanged" }
  | { kind: "gone"; status: number }
  /** It may work later; `seconds` when the host says when. */
  | { kind: "later"; detail: string; seconds: number | null }
  | { kind: "failed"; code: string; detail: string };

/** Never throws for what the web does; an error of ours passes through. */
export async function askPage(
  ctx: Ctx,
  url: string,
  maxBytes: number,
  known: Validators | null,
): Promise<Asked> {
  const headers: Record<string, string> = {};
  if (known?.etag) headers["if-none-match"] = known.etag;
  else if (known?.lastModified) headers["if-modified-since"] = known.lastModified;
  try {
    const answer = await ctx.ports.web.get(url, {
      maxBytes,
      timeoutMs: TIMEOUT_MS,
      accept: "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
      headers,
      signal: ctx.signal,
    });
    if (answer.status >= 200 && answer.status < 300 && answer.status !== 204)
      return { kind: "answer", answer };
    await answer.body.cancel();
    return meaningOf(answer, known !== null, ctx.now());
  } catch (thrown) {
    return failureOf(thrown);
  }
}

/** A failure of the web as an outcome. @throws whatever else it is */
export function failureOf(thrown: unknown): Extract<Asked, { kind: "later" | "failed" }> {
  const { code, message } = toAppError(thrown);
  if (code === "fetch_failed") return { kind: "later", detail: message, seconds: null };
  if (code === "url_refused" || code === "too_large") return { kind: "failed", code, detail: message };
  throw thrown;
}

function meaningOf({ status, headers }: WebAnswer, isConditional: boolean, now: Date): Asked {
  if (status === 304 && isConditional) return { kind: "unchanged" };
  if (status === 404 || status === 410) return { kind: "gone", status };
  const detail = `The address answers ${status}.`;
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) {
    return { kind: "failed", code: "fetch_failed", detail };
  }
  const seconds = retryAfterSeconds(headers.get("retry-after"), now);
  if (seconds !== null && seconds > MAX_RETRY_AFTER) {
    return {
      kind: "failed",
      code: "fetch_failed",
      detail: `${detail} It wants to be left alone for ${seconds} seconds.`,
    };
  }
  return { kind: "later", detail, seconds };
}
