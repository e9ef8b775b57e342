/** Evaluations: golden questions, runs that ask all of them, and questions from feedback that want to become one. */
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import type { PageProps } from "../../routes.ts";
import { Tabs } from "../../tabs.tsx";
import { Candidates } from "./candidates.tsx";
import { CaseDialog } from "./case-dialog.tsx";
import { newCaseLink, PREFILL, prefillOf } from "./case-link.ts";
import { Cases } from "./cases.tsx";
import "./evaluations.css";
import { OneRun } from "./one-run.tsx";
import { RunDialog } from "./run-dialog.tsx";
import { Runs } from "./runs.tsx";

const t = words({
  title: ["Evaluations", "التقييمات"],
  about: [
    "Questions whose answers you know, asked all at once: before a setting or a model changes, and after it.",
    "أسئلة تعرفون إجاباتها، تُسأل كلها دفعة واحدة: قبل تغيير إعداد أو نموذج وبعده.",
  ],
  add: ["Add a question", "أضف سؤالًا"],
  run: ["Run", "تشغيل"],
  cases: ["Golden questions", "الأسئلة الذهبية"],
  runs: ["Runs", "مرات التشغيل"],
  feedback: ["From feedback", "من آراء القرّاء"],
});

const TABS = ["cases", "runs", "feedback"] as const;

export default function EvaluationsPage({ params }: PageProps) {
  const tab = TABS.find((one) => one === params.tab) ?? "cases";
  if (tab === "runs" && params.run) return <OneRun key={params.run} id={params.run} />;
  return <Lists tab={tab} />;
}

function Lists({ tab }: { tab: (typeof TABS)[number] }) {
  const search = new URLSearchParams(useSearch());
  const open = search.get("open");
  const [changed, setChanged] = useState(0);
  const [, go] = useLocation();
  const close = () => {
    for (const name of ["open", ...PREFILL]) search.delete(name);
    go(`/evaluations${tab === "cases" ? "" : `/${tab}`}${search.size > 0 ? `?${search}` : ""}`);
  };
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        <>
          <Link class="button" href={newCaseLink}>
            <Icon name="plus" />
            {t("add")}
          </Link>
          <Link class="button primary" href="/evaluations/runs?open=new">
            <Icon name="next" />
            {t("run")}
          </Link>
        </>
      }
    >
      <Tabs
        label={t("title")}
        home="/evaluations"
        open={tab}
        tabs={TABS.map((one) => [one, t(one)] as const)}
      />
      {tab === "cases" && <Cases search={search} version={changed} />}
      {tab === "runs" && <Runs />}
      {tab === "feedback" && <Candidates version={changed} />}
      {open &&
        (tab === "runs" ? (
          <RunDialog onClose={close} />
        ) : (
          <CaseDialog
            key={open}
            id={open === "new" ? null : open}
            prefill={prefillOf(search)}
            onSaved={() => setChanged(changed + 1)}
            onClose={close}
          />
        ))}
    </Page>
  );
}
