/** Everything that a run measured; of two configurations side by side, with who is ahead. */
import { number, words } from "../../../ui/words.ts";
import { FIGURES, type Figure, figureHints, figureWords, kindOf, lessIsBetter, shown } from "./figures.ts";
import { configurationName } from "./run-words.ts";
import type { Configuration, Figures } from "./types.ts";

const t = words({
  title: ["Figures", "المقاييس"],
  figure: ["Figure", "المقياس"],
  value: ["Value", "القيمة"],
  difference: ["Difference", "الفرق"],
  over: [
    { one: "Over one question.", other: "Over {count} questions." },
    {
      one: "عن سؤال واحد.",
      two: "عن سؤالين.",
      few: "عن {count} أسئلة.",
      many: "عن {count} سؤالًا.",
      other: "عن {count} سؤال.",
    },
  ],
  unanswerable: [
    "{count} of them without an answer in the documents.",
    {
      one: "واحد منها بلا إجابة في المستندات.",
      two: "اثنان منها بلا إجابة في المستندات.",
      other: "{count} منها بلا إجابة في المستندات.",
    },
  ],
  taught: [
    "{count} of them answered by a taught answer.",
    {
      one: "واحد منها أُجيب بإجابة مُعلَّمة.",
      two: "اثنان منها أُجيبا بإجابة مُعلَّمة.",
      other: "{count} منها أُجيبت بإجابة مُعلَّمة.",
    },
  ],
  gone: [
    {
      one: "One of them not asked: its documents are gone.",
      other: "{count} of them not asked: their documents are gone.",
    },
    {
      one: "واحد منها لم يُسأل: لم تعد مستنداته موجودة.",
      two: "اثنان منها لم يُسألا: لم تعد مستنداتهما موجودة.",
      other: "{count} منها لم تُسأل: لم تعد مستنداتها موجودة.",
    },
  ],
  better: ["better", "أفضل"],
  worse: ["worse", "أسوأ"],
});

type MeasuresProps = { figures: readonly Figures[]; configurations: readonly Configuration[] };

export function Measures({ figures, configurations }: MeasuresProps) {
  const [first, second] = figures;
  if (!first) return null;
  const measured = FIGURES.filter((one) => figures.some((of) => of[one] !== null));
  const unanswerable = first.cases - first.answerable - first.gone;
  return (
    <section class="stack tight">
      <h2>{t("title")}</h2>
      <p class="muted small">
        {[
          t("over", { count: first.cases }),
          unanswerable > 0 && t("unanswerable", { count: unanswerable }),
          first.taught > 0 && t("taught", { count: first.taught }),
          first.gone > 0 && t("gone", { count: first.gone }),
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
      <table class="measures" aria-label={t("title")}>
        <thead>
          <tr>
            <th scope="col">{t("figure")}</th>
            {figures.map((_, at) => (
              <th scope="col" key={at} dir="auto">
                {second && configurations[at] ? configurationName(configurations[at], at) : t("value")}
              </th>
            ))}
            {second && <th scope="col">{t("difference")}</th>}
          </tr>
        </thead>
        <tbody>
          {measured.map((figure) => (
            <tr key={figure}>
              <th scope="row">
                {figureWords(figure)} <span class="muted small">{figureHints(figure)}</span>
              </th>
              {figures.map((of, at) => (
                <td class="number" key={at}>
                  {shown(figure, of[figure])}
                </td>
              ))}
              {second && (
                <td>
                  <Difference figure={figure} from={first[figure]} to={second[figure]} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type DifferenceProps = { figure: Figure; from: number | null; to: number | null };

function Difference({ figure, from, to }: DifferenceProps) {
  if (from === null || to === null || from === to) return <span class="muted">–</span>;
  const better = to > from !== lessIsBetter(figure);
  const points = kindOf(figure) === "share";
  const size = points
    ? number(Math.abs(to - from) * 100, { maximumFractionDigits: 1 })
    : shown(figure, Math.abs(to - from));
  return (
    <span class={better ? "badge ok number" : "badge danger number"}>
      <span>
        {/* The mark of direction keeps the sign before its number where an Arabic unit follows. */}
        {`\u200e${to > from ? "+" : "−"}${size}`}
      </span>
      <span class="unseen">{better ? t("better") : t("worse")}</span>
    </span>
  );
}
