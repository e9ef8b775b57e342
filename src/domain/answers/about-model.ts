/** What an answer says of the model that wrote it. */
import type { ChatModel, Spent } from "../../infra/chat-model/port.ts";
import type { Attempt } from "../../infra/openai/port.ts";
import type { Done, Usage } from "./events.ts";

export type Answering = { model: ChatModel; attempts: readonly Attempt[] };

export function aboutModel(
  { model: { model, mode, price }, attempts }: Answering,
  usage: Usage | null,
): Pick<Done, "model" | "mode" | "degraded" | "cost" | "attempts"> {
  const isFallback = mode === "offline" && attempts.length > 1;
  return {
    model,
    mode,
    ...(isFallback ? { degraded: "models_unavailable" as const } : {}),
    cost: mode === "offline" || (attempts.length === 0 && !usage) ? 0 : costOf(usage, price),
    attempts: [...attempts],
  };
}

/** In the currency of the price, to a hundred-millionth. */
function costOf(usage: Usage | null, price: ChatModel["price"]): number | null {
  if (!usage || !price) return null;
  const millionths = usage.prompt_tokens * price.input + usage.completion_tokens * price.output;
  return Math.round(millionths * 100) / 1e8;
}

/** The same with what finding the passages used up. Unknown figures stay unknown. */
export function withSpent(done: Done, spent: readonly Spent[]): Done {
  if (spent.length === 0) return done;
  const sum = (of: (one: Spent) => number) => spent.reduce((total, one) => total + of(one), 0);
  // Nobody was asked for the answer itself: then it cost nothing.
  const usage = done.usage ?? (done.cost === 0 ? { prompt_tokens: 0, completion_tokens: 0 } : null);
  const unknown = done.cost === null || spent.some(({ cost }) => cost === null);
  return {
    ...done,
    usage: usage && {
      prompt_tokens: usage.prompt_tokens + sum((one) => one.prompt_tokens),
      completion_tokens: usage.completion_tokens + sum((one) => one.completion_tokens),
    },
    cost: unknown ? null : Math.round(((done.cost ?? 0) + sum(({ cost }) => cost ?? 0)) * 1e8) / 1e8,
  };
}
