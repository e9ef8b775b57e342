/** Insights: how questions are answered over time, what people ask, what documents give, who asks. */
import { useSearch } from "wouter-preact";
import { words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import type { PageProps } from "../../routes.ts";
import { Tabs } from "../../tabs.tsx";
import { DocumentUse } from "./documents.tsx";
import "./insights.css";
import { Overview } from "./overview.tsx";
import { People } from "./people.tsx";
import { periodOf } from "./period.ts";
import { PeriodPicker } from "./period-picker.tsx";
import { Questions } from "./questions.tsx";

const t = words({
  title: ["Insights", "الإحصاءات"],
  about: [
    "How well your documents answer, and where an answer from you would help most.",
    "مدى إجابة مستنداتكم، وأين تفيد إجابة منكم أكثر.",
  ],
  overview: ["Overview", "نظرة عامة"],
  questions: ["Questions", "الأسئلة"],
  documents: ["Documents", "المستندات"],
  people: ["Who asks", "من يسأل"],
});

const PARTS = { overview: Overview, questions: Questions, documents: DocumentUse, people: People };
const TABS = Object.keys(PARTS) as (keyof typeof PARTS)[];

export default function InsightsPage({ params }: PageProps) {
  const tab = TABS.find((one) => one === params.tab) ?? "overview";
  const search = new URLSearchParams(useSearch());
  const period = periodOf(search);
  const Part = PARTS[tab];
  const path = tab === "overview" ? "/insights" : `/insights/${tab}`;
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={<PeriodPicker path={path} search={search} chosen={period.name} />}
    >
      <Tabs
        label={t("title")}
        home="/insights"
        search={search.toString()}
        open={tab}
        tabs={TABS.map((one) => [one, t(one)] as const)}
      />
      <Part key={JSON.stringify(period.query)} period={period} />
    </Page>
  );
}
