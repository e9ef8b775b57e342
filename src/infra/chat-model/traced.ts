/** One model's answer as one span, from the question to the last word. */

import { activeSpan } from "../trace/active.ts";
import { codeOf } from "../trace/code.ts";
import { type About, NO_SPAN, type Span } from "../trace/port.ts";
import type { ChatDelta } from "./port.ts";

/** @param stream gets the span, for what only it sees */
export function traced(
  name: string,
  about: About,
  stream: (span: Span) => AsyncIterable<ChatDelta>,
): AsyncIterable<ChatDelta> {
  const span = activeSpan().open(name, about);
  return span === NO_SPAN ? stream(span) : follow(span, stream(span)[Symbol.asyncIterator]());
}

async function* follow(
  span: Span,
  deltas: AsyncIterator<ChatDelta>,
): AsyncGenerator<ChatDelta, void, undefined> {
  let silent = true;
  try {
    for (;;) {
      const { done, value } = await span.within(() => deltas.next());
      if (done) return;
      if (value.type === "text" && silent) span.event("gen_ai.first_token");
      if (value.type === "text") silent = false;
      if (value.type === "usage") {
        span.set({
          "gen_ai.usage.input_tokens": value.promptTokens,
          "gen_ai.usage.output_tokens": value.completionTokens,
        });
      }
      yield value;
    }
  } catch (thrown) {
    span.fail(codeOf(thrown));
    throw thrown;
  } finally {
    span.end();
    await deltas.return?.();
  }
}
