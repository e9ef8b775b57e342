/** A question, its answer, what supports it, and what to do with it. */
import { useState } from "preact/hooks";
import { CopyButton } from "../../../ui/copy.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { ProblemNote } from "../../../ui/problem.tsx";
import { number, words } from "../../../ui/words.ts";
import { AnswerText } from "./answer-text.tsx";
import { isRunning } from "./exchanges.ts";
import { Feedback } from "./feedback.tsx";
import { GoneMeanwhile } from "./gone.tsx";
import type { Exchange as ExchangeData, Shown, Source } from "./types.ts";

const t = words({
  searching: ["Searching your documents …", "يبحث في مستنداتك …"],
  stopped: ["Stopped", "تم الإيقاف"],
  withheld: [
    "This answer came from a document that is gone or that you may not read any more.",
    "جاءت هذه الإجابة من مستند حُذف أو لم يعد مسموحًا لك بقراءته.",
  ],
  retry: ["Ask again", "اسأل مجددًا"],
  sources: [
    { one: "{count} source", other: "{count} sources" },
    { one: "مصدر واحد", two: "مصدران", few: "{count} مصادر", many: "{count} مصدرًا", other: "{count} مصدر" },
  ],
  ungrounded: [
    "No passage of your documents supports this answer.",
    "لا يوجد مقطع في مستنداتك يدعم هذه الإجابة.",
  ],
  taught: ["Verified by your organization", "إجابة تحققت منها مؤسستك"],
  degraded: ["Quoted from the documents without a language model.", "مقتبس من المستندات دون نموذج لغوي."],
  seconds: ["{seconds} s", "{seconds} ث"],
  page: ["p. {page}", "ص {page}"],
  ready: ["The answer is complete", "اكتملت الإجابة"],
});

type ExchangeProps = {
  exchange: ExchangeData;
  last: boolean;
  onShow: (shown: Shown) => void;
  onRetry: () => void;
};

export function Exchange({ exchange, last, onShow, onRetry }: ExchangeProps) {
  const { answer, citations, done, key, messageId, problem, sources, state } = exchange;
  const cited = sources.filter(({ index }) => citations.some((citation) => citation.index === index));
  const [rest, showRest] = useState(false);
  const shown = rest || cited.length === 0 ? sources : cited;
  const open = (n: number, nth: number) => {
    const ordered = [...citations].sort((a, b) => a.answer_start - b.answer_start);
    const hit = ordered[nth]?.index === n ? ordered[nth] : ordered.find(({ index }) => index === n);
    onShow({ exchange: key, index: n, quote: hit ?? null });
  };
  return (
    <article class="exchange">
      <h2 class="question" dir="auto">
        {exchange.question}
      </h2>
      {state === "searching" && (
        <p class="row muted">
          <span class="spinner" /> {t("searching")}
        </p>
      )}
      {answer !== "" && (
        <div class={state === "answering" ? "answer growing" : "answer"} aria-busy={isRunning(exchange)}>
          <AnswerText text={answer} onCite={open} />
        </div>
      )}
      <p class="unseen" role="status">
        {last && state === "complete" ? t("ready") : ""}
      </p>
      {exchange.withheld && <p class="muted">{t("withheld")}</p>}
      {problem?.status === 404 && <GoneMeanwhile onAgain={last ? onRetry : undefined} />}
      {problem && problem.status !== 404 && (
        <ProblemNote problem={problem} onRetry={last ? onRetry : undefined} />
      )}
      {state === "stopped" && <p class="badge warn">{t("stopped")}</p>}
      {done && !done.grounded && sources.length > 0 && <p class="muted small">{t("ungrounded")}</p>}
      {done?.mode === "taught" && <p class="badge accent">{t("taught")}</p>}
      {done?.degraded && <p class="muted small">{t("degraded")}</p>}
      {!isRunning(exchange) && sources.length > 0 && answer !== "" && (
        <div class="chips">
          {shown.map((source) => (
            <SourceChip key={source.index} source={source} onOpen={() => open(source.index, -1)} />
          ))}
          {shown.length < sources.length && (
            <button type="button" class="chip" onClick={() => showRest(true)}>
              {t("sources", { count: sources.length })}
            </button>
          )}
        </div>
      )}
      {!isRunning(exchange) && (
        <div class="exchange-foot row">
          {state === "complete" && messageId && <Feedback messageId={messageId} />}
          {answer !== "" && <CopyButton text={answer} />}
          {last && !problem && (
            <button type="button" class="button quiet small" onClick={onRetry}>
              <Icon name="retry" />
              {t("retry")}
            </button>
          )}
          {done && <span class="muted small number">{about(done)}</span>}
        </div>
      )}
    </article>
  );
}

/** Which model, and how long it took. */
function about({ model, ms }: NonNullable<ExchangeData["done"]>): string {
  const total = ms.total ?? Object.values(ms).reduce((sum, one) => sum + one, 0);
  return dotted([model, t("seconds", { seconds: number(total / 1000, { maximumFractionDigits: 1 }) })]);
}

function SourceChip({ source, onOpen }: { source: Source; onOpen: () => void }) {
  return (
    <button type="button" class="chip" onClick={onOpen}>
      <span class="chip-number">{source.index}</span>
      <span class="clip" dir="auto">
        {source.title ?? source.document_name}
      </span>
      {source.page !== null && <span class="muted">{t("page", { page: source.page })}</span>}
    </button>
  );
}
