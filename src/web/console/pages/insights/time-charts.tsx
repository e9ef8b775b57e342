/** How a period went: questions, speed, tokens and cost, cache, satisfaction. */
import { number, words } from "../../../ui/words.ts";
import type { Schemas } from "../../typed.ts";
import { Chart } from "./chart.tsx";
import { CsvButton } from "./csv-button.tsx";
import { cost, milliseconds, periodLabel } from "./formats.ts";
import { type Period, zone } from "./period.ts";
import { Recall } from "./recall.tsx";

const t = words({
  questions: ["Questions over time", "الأسئلة عبر الزمن"],
  questionsAbout: [
    "Its CSV also holds the figures of the charts below.",
    "ملف CSV يضم أيضًا أرقام الرسوم أدناه.",
  ],
  grounded: ["From documents or taught", "من المستندات أو مُعلَّمة"],
  open: ["Not in the documents", "ليست في المستندات"],
  failed: ["Failed", "فشلت"],
  stopped: ["Stopped", "أُوقفت"],
  latency: ["Time to the complete answer", "الوقت حتى اكتمال الإجابة"],
  p50: ["Half of them (p50)", "نصفها (p50)"],
  p95: ["95 of 100 (p95)", "95 من 100 (p95)"],
  tokens: ["Model tokens", "رموز النموذج"],
  tokensAbout: ["Questions and answers together.", "الأسئلة والإجابات معًا."],
  cost: ["Cost", "التكلفة"],
  costAbout: ["In the currency the models are priced in.", "بالعملة التي سُعّرت بها النماذج."],
  cache: ["Answered from the cache", "أُجيبت من الذاكرة المؤقتة"],
  cacheAbout: [
    "Asked before by somebody who reads the same; no model was asked.",
    "سألها من قبل من يقرأ الشيء نفسه؛ لم يُسأل نموذج.",
  ],
  votes: ["Verdicts", "التقييمات"],
  up: ["Thumbs up", "مؤيد"],
  down: ["Thumbs down", "معارض"],
});

type TimeChartsProps = { series: Schemas["QuestionPeriod"][]; period: Period };

export function TimeCharts({ series, period: { query, interval } }: TimeChartsProps) {
  const labels = series.map(({ period }) => periodLabel(period, interval));
  const of = <K extends keyof Schemas["QuestionPeriod"]>(name: K) => series.map((one) => one[name]);
  const whole = (value: number) => number(value);
  return (
    <>
      <Chart
        title={t("questions")}
        about={t("questionsAbout")}
        kind="bars"
        labels={labels}
        format={whole}
        series={[
          { name: t("grounded"), colour: "accent", values: of("grounded") },
          { name: t("open"), colour: "warn", values: of("not_in_documents") },
          { name: t("failed"), colour: "danger", values: of("failed") },
          { name: t("stopped"), colour: "grey", values: of("stopped") },
        ]}
        actions={
          <CsvButton name={t("questions")} of="usage" query={{ ...query, interval, time_zone: zone() }} />
        }
      />
      <div class="charts">
        <Chart
          title={t("latency")}
          kind="lines"
          labels={labels}
          format={milliseconds}
          series={[
            { name: t("p50"), colour: "accent", values: of("p50_ms") },
            { name: t("p95"), colour: "warn", values: of("p95_ms") },
          ]}
        />
        <Chart
          title={t("votes")}
          kind="bars"
          labels={labels}
          format={whole}
          series={[
            { name: t("up"), colour: "accent", values: of("up") },
            { name: t("down"), colour: "danger", values: of("down") },
          ]}
        />
        <Chart
          title={t("tokens")}
          about={t("tokensAbout")}
          kind="bars"
          labels={labels}
          format={whole}
          series={[{ name: t("tokens"), colour: "accent", values: of("tokens") }]}
        />
        <Chart
          title={t("cost")}
          about={t("costAbout")}
          kind="bars"
          labels={labels}
          format={cost}
          series={[{ name: t("cost"), colour: "accent", values: of("cost") }]}
        />
        <Chart
          title={t("cache")}
          about={t("cacheAbout")}
          kind="bars"
          labels={labels}
          format={whole}
          series={[{ name: t("cache"), colour: "accent", values: of("cache_hits") }]}
        />
        <Recall />
      </div>
    </>
  );
}
