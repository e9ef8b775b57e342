/** Several chat models as one: until the first word, whoever fails hands the question to the next. */
import { AppError } from "../../errors.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { Circuit } from "../openai/circuit.ts";
import { type Fault, isOfTheRequest, ProviderError } from "../openai/failure.ts";
import type { Attempt, AttemptCode } from "../openai/port.ts";
import type { Patience } from "../openai/provider.ts";
import { emptyAnswer } from "./openai.ts";
import type { ChatDelta, ChatInput, ChatModel } from "./port.ts";

export type Link = { model: ChatModel; circuit: Circuit };
export type Links = readonly [Link, ...Link[]];

/** With somebody else to turn to, a provider gets one more try and no long pause before it. */
const RETRIES = 1;
const LONGEST_PAUSE_MS = 1_000;
/** Said to whoever asked in vain, where no provider says better. */
const RETRY_AFTER_SECONDS = 5;

/**
 * @param totalMs until the first word, all attempts together; each gets an equal share of what is left
 */
export function chain(links: Links, totalMs: number): ChatModel {
  const [first] = links;
  return {
    ...first.model,
    // It may cost something if any of them does.
    mode: links.some(({ model }) => model.mode === "openai") ? "openai" : "offline",
    stream: (input, signal) => run(links, totalMs, input, signal),
  };
}

/**
 * @throws AppError `model_unavailable` with a Retry-After and the attempts when nobody answered; what the provider said
 *   when it refuses the request itself; after the first word whatever ends the answer
 */
async function* run(
  links: Links,
  totalMs: number,
  input: ChatInput,
  signal: AbortSignal,
): AsyncGenerator<ChatDelta, void, undefined> {
  const due = Date.now() + totalMs;
  const attempts: Attempt[] = [];
  let last: AppError | undefined;
  for (const [at, { model, circuit }] of links.entries()) {
    if (signal.aborted) return;
    const started = Date.now();
    const note = (code: AttemptCode) => attempts.push({ model: model.model, code, ms: Date.now() - started });
    if (isTooLong(model, input)) {
      note("too_long");
      last = new ProviderError("model_failed", "too_long", {
        detail: "That is more than the model reads at once. Ask for fewer passages, or with less history.",
      });
      continue;
    }
    const pass = circuit.enter();
    if (!pass) {
      note("circuit_open");
      last = circuit.lastError() ?? last;
      continue;
    }
    let before: string | undefined = ""; // white space is no word; undefined once there was one
    try {
      for await (const delta of model.stream(input, signal, patience(links.slice(at + 1), input, due))) {
        if (before === undefined) yield delta;
        else if (delta.type === "text") {
          before += delta.text;
          if (before.trim() === "") continue;
          const text = before;
          before = undefined;
          pass.began();
          note("ok");
          yield { type: "model", model, attempts };
          yield { type: "text", text };
        }
      }
      if (signal.aborted) return;
      if (before !== undefined) throw emptyAnswer();
      pass.succeeded();
      return;
    } catch (thrown) {
      if (signal.aborted) return;
      pass.failed(thrown);
      if (before === undefined) throw thrown;
      const fault = faultOf(thrown);
      note(fault);
      last = thrown instanceof AppError ? thrown : new AppError("model_failed", { cause: thrown });
      if (isOfTheRequest(fault)) throw told(last, attempts);
    } finally {
      pass.left();
    }
  }
  throw exhausted(links, attempts, last);
}

const faultOf = (thrown: unknown): Fault => (thrown instanceof ProviderError ? thrown.fault : "cut");

/** An equal share of the time that is left, when others may be asked after this one. */
function patience(rest: readonly Link[], input: ChatInput, due: number): Patience {
  const others = rest.filter(
    ({ model, circuit }) =>
      !isTooLong(model, input) && ["closed", "half_open"].includes(circuit.report().state),
  );
  const slow = others.filter(({ model }) => model.mode !== "offline");
  const firstMs = Math.max(1, (due - Date.now()) / (slow.length + 1));
  return others.length === 0
    ? { firstMs }
    : { firstMs, maxRetries: RETRIES, longestPauseMs: LONGEST_PAUSE_MS };
}

function isTooLong({ limits }: ChatModel, { messages, maxTokens }: ChatInput): boolean {
  if (limits?.context === undefined) return false;
  const prompt = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  return prompt + Math.min(maxTokens, limits.maxOutput ?? maxTokens) > limits.context;
}

/** Nobody answered: later when that may help, otherwise what is wrong. */
function exhausted(links: Links, attempts: readonly Attempt[], last: AppError | undefined): AppError {
  const hopeless = attempts.every(({ code }, at) => {
    const seen = code === "circuit_open" ? links[at]?.circuit.report().state : code;
    return seen === "misconfigured" || seen === "too_long";
  });
  if (last && (hopeless || (links.length === 1 && last.code === "model_failed"))) return told(last, attempts);
  const waits = links
    .map(({ circuit }) => circuit.report())
    .filter(({ state }) => state !== "misconfigured")
    .map(({ retry_in_seconds }) => retry_in_seconds ?? last?.retryAfter ?? RETRY_AFTER_SECONDS);
  return new AppError("model_unavailable", {
    detail:
      links.length === 1 && last
        ? last.message
        : "None of the language models answered. Please try again in a moment.",
    retryAfter: Math.max(1, Math.ceil(Math.min(...waits))),
    extra: { attempts },
    cause: last,
  });
}

/** The same failure with what was tried. */
function told(error: AppError, attempts: readonly Attempt[]): AppError {
  const { code, message: detail, retryAfter, extra } = error;
  return new AppError(code, {
    detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    extra: { ...extra, attempts },
    cause: error,
  });
}
