/** What an answer cost, from the events it consists of. */
import { estimateTokens } from "../../text/tokens.ts";
import type { AnswerEvent } from "../answers/events.ts";

export type Spent = { spent: number; answered: boolean };

export type Meter = {
  see(event: AnswerEvent): void;
  /** @param abandoned the caller went away, so that nothing after the last event is known */
  total(abandoned: boolean): Spent;
};

/**
 * Counts what the model reports; where it reports nothing, because it does not or because the answer broke off, what was
 * sent and written is estimated. A question that failed before its first word is not counted as answered and cost nothing.
 * @param asked the question; null when no model that costs anything is asked
 * @param besides tokens that finding the passages used up
 */
export function meter(
  asked: { query: string; history: readonly { content: string }[] } | null,
  maxTokens: number,
  besides = 0,
): Meter {
  let prompt = 0;
  let written = "";
  let reported: number | undefined;
  let ended = false;
  return {
    see(event) {
      if (event.type === "token") written += event.text;
      else if (event.type === "sources" && asked && event.sources.length > 0 && !event.retrieval.off_topic) {
        const sent = [asked.query, ...asked.history, ...event.sources].map((part) =>
          typeof part === "string" ? part : part.content,
        );
        prompt = estimateTokens(sent.join("\n"));
      } else if (event.type === "done") {
        ended = true;
        // The last of a chain may be the one that costs nothing.
        if (event.done.mode === "offline") reported = 0;
        else if (event.done.usage)
          reported = event.done.usage.prompt_tokens + event.done.usage.completion_tokens;
      }
    },
    total(abandoned) {
      if (reported !== undefined) return { spent: besides + (asked ? reported : 0), answered: true };
      const failed = !ended && written === "" && !abandoned;
      if (failed) return { spent: besides, answered: false };
      const estimate = prompt === 0 ? 0 : prompt + Math.min(maxTokens, estimateTokens(written));
      return { spent: besides + estimate, answered: true };
    },
  };
}
