/** One question and its answer: text with chips, the sources behind them, thumbs, or what went wrong. */
import type { VNode } from "preact";
import type { Source } from "../client/types.ts";
import { prose } from "../ui/prose.ts";
import { type Conversation, type Exchange, isBusy } from "./conversation.ts";
import { Feedback } from "./feedback.tsx";
import { Icon } from "./icons.tsx";
import { fill, type StringKey, type Strings } from "./strings.ts";

type Props = {
  strings: Strings;
  exchange: Exchange;
  last: boolean;
  conversation: Conversation;
  onSource(source: Source): void;
};

export function ExchangeView({ strings, exchange, last, conversation, onSource }: Props): VNode {
  const { answer, question, state } = exchange;
  const busy = isBusy(exchange);
  const sourceOf = (index: number) => exchange.sources.find((source) => source.index === index);
  const cited = [...new Set(exchange.citations.map(({ index }) => index))];
  // A mark becomes a chip when its citation has come, and stays text when it never does.
  const marks = new Set(cited.filter((index) => sourceOf(index)));
  const chip = (index: number) => {
    const source = sourceOf(index);
    if (!source) return null;
    const name = `${fill(strings.source, { n: index })}: ${source.title ?? source.document_name}`;
    return (
      <button type="button" class="chip" title={name} aria-label={name} onClick={() => onSource(source)}>
        {index}
      </button>
    );
  };
  return (
    <article class="exchange">
      <h3 class="question">
        <span class="hidden">{strings.you}: </span>
        <span dir="auto">{question}</span>
      </h3>
      {answer !== "" && (
        <div class="prose answer" dir="auto" aria-busy={busy}>
          {prose(answer, marks, chip)}
        </div>
      )}
      {busy && state !== "answering" && (
        <p class="working">
          {state === "searching"
            ? strings.searching
            : state === "reading"
              ? strings.reading
              : strings.resuming}
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        </p>
      )}
      {state === "failed" && <Failed strings={strings} exchange={exchange} />}
      {exchange.unconfirmed && <p class="note">{strings.unconfirmed}</p>}
      {state === "stopped" && <p class="note">{strings.stopped}</p>}
      {!busy && marks.size > 0 && (
        <ul class="sources" aria-label={strings.sources}>
          {cited.map(sourceOf).map(
            (source) =>
              source && (
                <li key={source.index}>
                  <button type="button" class="source" onClick={() => onSource(source)}>
                    <b>{source.index}</b>
                    <span dir="auto">{source.title ?? source.document_name}</span>
                    {source.page !== null && <small>{fill(strings.page, { n: source.page })}</small>}
                  </button>
                </li>
              ),
          )}
        </ul>
      )}
      {!busy && (
        <div class="actions">
          {state === "done" && exchange.messageId && (
            <Feedback
              strings={strings}
              exchange={exchange}
              rate={(input) => conversation.rate(exchange, input)}
            />
          )}
          {last && state !== "done" && (
            <button type="button" class="pill" onClick={() => conversation.retry()}>
              <Icon name="again" />
              {strings.retry}
            </button>
          )}
        </div>
      )}
    </article>
  );
}

/** Codes of the API and of the client that share a sentence. */
const SENTENCES: Record<string, StringKey> = {
  network: "network",
  interrupted: "interrupted",
  answer_interrupted: "interrupted",
  // Only taking an answer up again says so: a question begins another conversation where its own is gone.
  not_found: "interrupted",
  rate_limited: "rate_limited",
  quota_exceeded: "quota_exceeded",
  quota_full: "quota_exceeded",
  origin_not_allowed: "origin_not_allowed",
  unauthenticated: "unauthenticated",
  forbidden: "unauthenticated",
  model_unavailable: "unavailable",
  model_failed: "unavailable",
  answer_running: "unavailable",
  embedder_unavailable: "unavailable",
  embedder_failed: "unavailable",
  database_unavailable: "unavailable",
  invalid_request: "too_long",
  too_large: "too_long",
};

/** Whoever is told of it by a visitor will want to look it up. */
const isOurs = (code: string) => ["failed", "unavailable"].includes(SENTENCES[code] ?? "failed");

/** What to say about a failure, in plain words. */
export function failureText(strings: Strings, failure: Exchange["failure"], now: number): string {
  const { code = "failed", retryAt = 0 } = failure ?? {};
  if (code === "network" && !navigator.onLine) return strings.offline;
  const seconds = Math.ceil((retryAt - now) / 1_000);
  if (code === "rate_limited" && seconds <= 0) return strings.rate_limited_over;
  return fill(strings[SENTENCES[code] ?? "failed"], { n: seconds, origin: location.origin });
}

function Failed({ strings, exchange: { failure } }: Pick<Props, "strings" | "exchange">): VNode {
  return (
    <div class="failed">
      <Icon name="warning" />
      <p>
        {failureText(strings, failure, Date.now())}
        {failure?.requestId && isOurs(failure.code) && (
          <small>{fill(strings.reference, { id: failure.requestId })}</small>
        )}
      </p>
    </div>
  );
}
