/** Question by question: what was expected, what was found, and what was said. */
import { useState } from "preact/hooks";
import { Select } from "../../../ui/field.tsx";
import { number, words } from "../../../ui/words.ts";
import { ResultDetail } from "./result-detail.tsx";
import { configurationName } from "./run-words.ts";
import type { Configuration, Result, Run } from "./types.ts";
import { isMissed, verdictsOf } from "./verdict.ts";

const t = words({
  title: ["Questions", "الأسئلة"],
  which: ["Which questions", "أي أسئلة"],
  all: ["All ({count})", "الكل ({count})"],
  missed: ["Something missed ({count})", "فيها إخفاق ({count})"],
  apart: ["Configurations differ ({count})", "الإعدادان مختلفان ({count})"],
  more: ["Show all {count}", "عرض الكل ({count})"],
  nothing: ["None.", "لا شيء."],
});

/** More are a click away. */
const FIRST = 50;

type ResultsProps = {
  results: readonly Result[];
  configurations: readonly Configuration[];
  kind: Run["kind"];
};

/** One question with what came of it in each configuration. */
type Asked = { id: string; question: string; of: Result[] };

function byQuestion(results: readonly Result[]): Asked[] {
  const found = new Map<string, Asked>();
  for (const result of results) {
    const one = found.get(result.case_id);
    if (one) one.of.push(result);
    else found.set(result.case_id, { id: result.case_id, question: result.asked.question, of: [result] });
  }
  for (const { of } of found.values()) of.sort((a, b) => a.configuration - b.configuration);
  return [...found.values()];
}

const saysOf = (result: Result) =>
  verdictsOf(result)
    .map(({ text }) => text)
    .join();
const differ = ({ of: [first, second] }: Asked) => !!first && !!second && saysOf(first) !== saysOf(second);

export function Results({ results, configurations, kind }: ResultsProps) {
  const [which, setWhich] = useState<"all" | "missed" | "apart">("all");
  const [whole, setWhole] = useState(false);
  const all = byQuestion(results);
  const sets = {
    all,
    missed: all.filter(({ of }) => of.some(isMissed)),
    apart: all.filter(differ),
  };
  const chosen = sets[which];
  const names = (["all", "missed", ...(configurations.length > 1 ? (["apart"] as const) : [])] as const).map(
    (one) => [one, t(one, { count: sets[one].length })] as const,
  );
  return (
    <section class="stack">
      <div class="row spread">
        <h2>{t("title")}</h2>
        <Select aria-label={t("which")} value={which} options={names} onValue={setWhich} />
      </div>
      {chosen.length === 0 && <p class="muted">{t("nothing")}</p>}
      <ul class="plain-list results">
        {chosen.slice(0, whole ? undefined : FIRST).map((asked) => (
          <li key={asked.id}>
            <OneQuestion asked={asked} configurations={configurations} kind={kind} />
          </li>
        ))}
      </ul>
      {!whole && chosen.length > FIRST && (
        <div>
          <button type="button" class="button" onClick={() => setWhole(true)}>
            {t("more", { count: number(chosen.length) })}
          </button>
        </div>
      )}
    </section>
  );
}

type OneQuestionProps = Omit<ResultsProps, "results"> & { asked: Asked };

function OneQuestion({ asked: { id, question, of }, configurations, kind }: OneQuestionProps) {
  const [open, setOpen] = useState(false);
  const nameOf = (at: number) => {
    const configuration = configurations.length > 1 ? configurations[at] : undefined;
    return configuration && configurationName(configuration, at);
  };
  return (
    <details class="card result" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="wrap-anywhere title" dir="auto">
          {question}
        </span>
        {of.map((result) => (
          <span class="row" key={result.configuration}>
            {nameOf(result.configuration) && (
              <span class="muted small" dir="auto">
                {nameOf(result.configuration)}
              </span>
            )}
            {verdictsOf(result).map(({ text, kind: colour }) => (
              <span class={`badge ${colour}`} key={text}>
                {text}
              </span>
            ))}
          </span>
        ))}
      </summary>
      {open &&
        of.map((result) => (
          <ResultDetail
            key={result.configuration}
            name={nameOf(result.configuration)}
            caseId={id}
            result={result}
            kind={kind}
          />
        ))}
    </details>
  );
}
