/** Thumbs, and after a thumb down the question what was wrong. */
import type { VNode } from "preact";
import type { FeedbackInput } from "../client/types.ts";
import type { Exchange } from "./conversation.ts";
import { Icon } from "./icons.tsx";
import type { Strings } from "./strings.ts";

const REASONS = ["wrong", "incomplete", "outdated"] as const;

type Props = { strings: Strings; exchange: Exchange; rate(input: FeedbackInput): void };

export function Feedback({ strings, exchange: { feedback }, rate }: Props): VNode {
  const thumb = (rating: "up" | "down") => (
    <button
      type="button"
      class="quiet"
      aria-label={strings[rating]}
      title={strings[rating]}
      aria-pressed={feedback?.rating === rating}
      onClick={() => rate({ rating })}
    >
      <Icon name={rating} />
    </button>
  );
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const comment = String(data.get("comment") ?? "").trim();
    rate({
      rating: "down",
      reason: String(data.get("reason") ?? "other"),
      ...(comment === "" ? {} : { comment }),
    });
  };
  return (
    <div class="feedback">
      <div class="thumbs">
        {thumb("up")}
        {thumb("down")}
        {feedback && !feedback.asksWhy && <span class="note">{strings.thanks}</span>}
      </div>
      {feedback?.asksWhy && (
        <form onSubmit={send}>
          <fieldset>
            <legend>{strings.why}</legend>
            {REASONS.map((reason) => (
              <label key={reason}>
                <input type="radio" name="reason" value={reason} />
                <span>{strings[reason]}</span>
              </label>
            ))}
          </fieldset>
          <textarea
            name="comment"
            rows={2}
            maxLength={1_000}
            dir="auto"
            aria-label={strings.comment}
            placeholder={strings.comment}
          />
          <button type="submit" class="pill">
            {strings.sendFeedback}
          </button>
        </form>
      )}
    </div>
  );
}
