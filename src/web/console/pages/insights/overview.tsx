/** The figures of a period beside those of the one before, and their course. */
import { Link } from "wouter-preact";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { type Period, zone } from "./period.ts";
import { Tiles } from "./tiles.tsx";
import { TimeCharts } from "./time-charts.tsx";

const t = words({
  none: ["Nobody has asked yet", "لم يسأل أحد بعد"],
  noneText: [
    "As soon as people ask, here, through the API or the widget, you see how much your documents answered, how fast, and at what cost.",
    "ما إن يسأل الناس، هنا أو عبر الواجهة أو الأداة، ترى كم أجابت مستنداتكم وبأي سرعة وتكلفة.",
  ],
  ask: ["Ask the first question", "اسأل أول سؤال"],
  quiet: ["Nobody asked in this period", "لم يسأل أحد في هذه الفترة"],
  quietText: ["Choose a longer one above.", "اختر فترة أطول من الأعلى."],
});

export function Overview({ period }: { period: Period }) {
  const { query, interval } = period;
  const key = JSON.stringify(query);
  const summary = useData(`summary/${key}`, (signal) =>
    dataOf(client.GET("/api/v1/analytics/summary", { params: { query }, signal })),
  );
  const usage = useData(`series/${key}`, (signal) =>
    dataOf(
      client.GET("/api/v1/analytics/usage", {
        params: { query: { ...query, interval, time_zone: zone() } },
        signal,
      }),
    ),
  );
  const problem = summary.problem ?? usage.problem;
  if (problem) {
    const again = () => void Promise.all([summary.reload(), usage.reload()]);
    return <ProblemNote problem={problem} onRetry={again} />;
  }
  if (!summary.data || !usage.data) return <Skeleton lines={8} />;
  const { figures, before } = summary.data;
  if (figures.questions === 0 && before.questions === 0) {
    return period.name === "month" || period.name === "year" || period.name === "quarter" ? (
      <Empty
        icon="insights"
        title={t("none")}
        action={
          <Link class="button primary" href="/ask">
            {t("ask")}
          </Link>
        }
      >
        {t("noneText")}
      </Empty>
    ) : (
      <Empty icon="insights" title={t("quiet")}>
        {t("quietText")}
      </Empty>
    );
  }
  return (
    <div class="stack wide">
      <Tiles figures={figures} before={before} />
      <TimeCharts series={usage.data.data} period={period} />
    </div>
  );
}
