/** All that is known of one question in one configuration. */
import { Link } from "wouter-preact";
import { useDetail } from "../../../ui/detail.ts";
import { Icon } from "../../../ui/icons.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { reasonOf } from "../../../ui/problem-words.ts";
import { tokens } from "../../../ui/tokens.ts";
import { words } from "../../../ui/words.ts";
import { milliseconds } from "../insights/formats.ts";
import { DocumentLink } from "./document-name.tsx";
import type { Result, Run } from "./types.ts";

const t = words({
  expected: ["Expected", "المتوقع"],
  byName: ["by external id: {ids}", "بالمعرّف الخارجي: {ids}"],
  nothing: ["That the documents do not say", "أن المستندات لا تذكره"],
  any: ["Any answer with evidence", "أي إجابة بدليل"],
  found: ["Found", "وُجد"],
  none: ["Nothing", "لا شيء"],
  facts: ["Facts", "حقائق"],
  said: ["said", "ذُكرت"],
  unsaid: ["not said", "لم تُذكر"],
  answer: ["Answer", "الإجابة"],
  citations: ["Citations", "الاستشهادات"],
  citationsText: [
    "{all}, of them {expected} of an expected document; {dropped} dropped",
    "{all}، منها {expected} من مستند متوقع؛ أُسقط {dropped}",
  ],
  effort: ["Effort", "الجهد"],
  error: ["Failed", "فشل"],
  edit: ["Open the golden question", "افتح السؤال الذهبي"],
});

type DetailProps = { name: string | undefined; caseId: string; result: Result; kind: Run["kind"] };

export function ResultDetail({ name, caseId, result: { asked, outcome, answer }, kind }: DetailProps) {
  const detail = useDetail();
  return (
    <section class="stack tight result-detail">
      {name && <h3 dir="auto">{name}</h3>}
      <dl class="facts">
        <dt>{t("expected")}</dt>
        <dd>
          <Expected asked={asked} />
        </dd>
        {outcome && !outcome.error && (
          <>
            <dt>{t("found")}</dt>
            <dd>
              {outcome.documents.length === 0 && t("none")}
              <ol class="found">
                {outcome.documents.slice(0, 10).map((id) => (
                  <li key={id}>
                    <DocumentLink id={id} />
                    {asked.document_ids.includes(id) && <Icon name="check" />}
                  </li>
                ))}
              </ol>
            </dd>
          </>
        )}
        {asked.facts.length > 0 && (
          <>
            <dt>{t("facts")}</dt>
            <dd>
              <ul class="plain-list">
                {asked.facts.map((fact, at) => (
                  <li class="row nowrap" key={fact}>
                    <Icon name={outcome?.facts[at] ? "check" : "close"} />
                    <span class="unseen">{outcome?.facts[at] ? t("said") : t("unsaid")}</span>
                    <span dir="auto">{fact}</span>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {answer !== null && (
          <>
            <dt>{t("answer")}</dt>
            <dd class="answer-text" dir="auto">
              {answer}
            </dd>
          </>
        )}
        {outcome && kind === "answer" && !outcome.error && (
          <>
            <dt>{t("citations")}</dt>
            <dd>{t("citationsText", outcome.citations)}</dd>
          </>
        )}
        {outcome?.error && (
          <>
            <dt>{t("error")}</dt>
            <dd dir="auto">{detail(reasonOf(outcome.error))}</dd>
          </>
        )}
        {outcome && (
          <>
            <dt>{t("effort")}</dt>
            <dd>
              {dotted([
                milliseconds(outcome.ms),
                outcome.tokens > 0 && tokens(outcome.tokens),
                outcome.model,
              ])}
            </dd>
          </>
        )}
      </dl>
      <Link class="small" href={`/evaluations?open=${caseId}`}>
        {t("edit")}
      </Link>
    </section>
  );
}

function Expected({ asked }: { asked: Result["asked"] }) {
  const { answerable, document_ids, external_ids, facts } = asked;
  if (!answerable) return <>{t("nothing")}</>;
  if (document_ids.length + external_ids.length === 0) return <>{facts.length > 0 ? "–" : t("any")}</>;
  return (
    <ul class="plain-list">
      {document_ids.map((id) => (
        <li key={id}>
          <DocumentLink id={id} />
        </li>
      ))}
      {external_ids.length > 0 && <li dir="auto">{t("byName", { ids: external_ids.join(", ") })}</li>}
    </ul>
  );
}
