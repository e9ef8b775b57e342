/** One try to hand a message over to its receiver. */
import type { Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import type { WebAnswer } from "../../infra/net/port.ts";
import { retryAfterSeconds } from "../../text/retry-after.ts";
import type { Claimed, Held, Settled } from "./delivery-sql.ts";
import { pauseAfter } from "./schedule.ts";
import { openSecrets } from "./secrets.ts";
import { messageId, signedHeaders } from "./sign.ts";

/** Longest wait for an answer, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Characters of an answer that we keep, for whoever wonders why it failed. */
const EXCERPT = 500;

const GONE = 410;

export type Attempted = Settled & { gone: boolean };

/** Never throws: whatever happens is how the attempt went. */
export async function attempt(ctx: Ctx, webhookId: string, hook: Held, message: Claimed): Promise<Attempted> {
  const from = performance.now();
  const base = { id: message.id, gone: false, last_status: null, response: null };
  try {
    const answer = await post(ctx, webhookId, hook, message);
    const response = await excerpt(answer);
    const { status } = answer;
    const went = { ...base, last_status: status, response, duration_ms: since(from) };
    if (status >= 200 && status < 300) {
      return { ...went, status: "delivered", pause: null, last_error: null };
    }
    const last_error = reasonOf(status);
    if (status === GONE) return { ...went, gone: true, status: "failed", pause: null, last_error };
    const retryAfter = retryAfterSeconds(answer.headers.get("retry-after"), ctx.now());
    return { ...went, last_error, ...again(message, retryAfter) };
  } catch (thrown) {
    const last_error = toAppError(thrown).message.slice(0, EXCERPT);
    return { ...base, last_error, duration_ms: since(from), ...again(message, null) };
  }
}

async function post(ctx: Ctx, webhookId: string, hook: Held, message: Claimed): Promise<WebAnswer> {
  const secrets = await openSecrets(ctx, webhookId, hook.secret, hook.previous_secret);
  const { type, timestamp, data } = message.payload;
  const body = JSON.stringify({ type, timestamp, data });
  return ctx.ports.web.post(hook.url, {
    httpsOnly: true,
    timeoutMs: PATIENCE_MS,
    // However long the answer is, we read its beginning.
    maxBytes: Number.MAX_SAFE_INTEGER,
    headers: {
      "content-type": "application/json",
      ...signedHeaders(secrets, messageId(message.id), ctx.now(), body),
    },
    body: new TextEncoder().encode(body),
  });
}

const since = (from: number) => Math.round(performance.now() - from);

function again({ attempts }: Claimed, retryAfter: number | null): Pick<Settled, "status" | "pause"> {
  const pause = pauseAfter(attempts, retryAfter, Math.random());
  return { status: pause === null ? "failed" : "pending", pause };
}

function reasonOf(status: number): string {
  if (status >= 300 && status < 400) return `The receiver redirects (${status}); that is not followed.`;
  if (status === GONE) return "The receiver wants no more messages (410).";
  return `The receiver answered ${status}.`;
}

/** The beginning of the answer, as Postgres can store it; null when it is empty or breaks off. */
async function excerpt({ body }: WebAnswer): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of body) {
      text += decoder.decode(piece, { stream: true });
      if (text.length >= EXCERPT) break;
    }
  } catch {
    // The status has been said; what follows it is nothing but an explanation.
  }
  return text.slice(0, EXCERPT).replaceAll("\0", "").toWellFormed() || null;
}
