/** The model's deltas; the way to the model, the wait for the first one and for the rest are three steps of the log. */
import type { Ctx } from "../../context.ts";
import type { ChatDelta, ChatInput } from "../../infra/chat-model/port.ts";

/** The trace has the model's whole answer as one span (infra/chat-model). */
const IN_LOG_ONLY = { span: false } as const;

export async function* timed(
  ctx: Pick<Ctx, "ports" | "log" | "signal">,
  input: ChatInput,
): AsyncGenerator<ChatDelta, void, undefined> {
  const deltas = ctx.ports.chat.stream(input, ctx.signal)[Symbol.asyncIterator]();
  let step = "first_token";
  ctx.log.mark("until_model");
  try {
    while (true) {
      const { done, value } = await ctx.log.step(step, () => deltas.next(), IN_LOG_ONLY);
      if (done) return;
      step = "generate";
      yield value;
    }
  } finally {
    await deltas.return?.();
  }
}
