/** What an answer says of the model that wrote it. */
import type { ChatModel } from "../../infra/chat-model/port.ts";
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
