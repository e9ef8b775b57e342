/** One run: how far it is, whether it passed, what it measured, and question by question what came of it. */
import { useEffect } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { useDetail } from "../../../ui/detail.ts";
import { Skeleton } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { reasonOf } from "../../../ui/problem-words.ts";
import { useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { dateTime, words } from "../../../ui/words.ts";
import { download } from "../../download.ts";
import { Page } from "../../page.tsx";
import { removeLater } from "../../remove-later.ts";
import { client, dataOf } from "../../typed.ts";
import { Gate } from "./gate.tsx";
import { Measures } from "./measures.tsx";
import { Results } from "./results.tsx";
import { badgeOf, runWords as r, runName } from "./run-words.ts";
import type { Run } from "./types.ts";

const t = words({
  back: ["Runs", "مرات التشغيل"],
  csv: ["CSV", "CSV"],
  again: ["Run again", "شغّل مجددًا"],
  actions: ["Actions", "إجراءات"],
  progress: [
    { one: "{done} of one question asked", other: "{done} of {count} questions asked" },
    {
      one: "سُئل {done} من سؤال واحد",
      two: "سُئل {done} من سؤالين",
      few: "سُئل {done} من {count} أسئلة",
      many: "سُئل {done} من {count} سؤالًا",
      other: "سُئل {done} من {count} سؤال",
    },
  ],
});

const WATCH_MS = 1_500;

const runOf = (id: string, signal: AbortSignal) =>
  dataOf(client.GET("/api/v1/evals/runs/{id}", { params: { path: { id } }, signal }));

/** The same once more, over the golden questions as they are now. */
const again = ({ name, kind, tags, configurations, gate }: Run) =>
  dataOf(
    client.POST("/api/v1/evals/run", {
      body: {
        name,
        kind,
        tags,
        configurations,
        ...(gate && { gate: Object.fromEntries(gate.checks.map(({ figure, wanted }) => [figure, wanted])) }),
      },
    }),
  );

export function OneRun({ id }: { id: string }) {
  const detail = useDetail();
  const { data, problem, reload } = useData(`run/${id}`, (signal) => runOf(id, signal));
  const [, go] = useLocation();
  const action = useAction(async (work: () => Promise<unknown>) => work());
  const params = { path: { id } };
  const wrong = action.problem ?? problem;
  const running = data?.run.status === "running";
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void reload(), WATCH_MS);
    return () => clearInterval(timer);
  }, [running, reload]);
  if (!data) {
    return (
      <div class="page">
        <BackLink />
        {problem ? <ProblemNote problem={problem} onRetry={() => void reload()} /> : <Skeleton lines={8} />}
      </div>
    );
  }
  const { run, results } = data;
  const cancel = async () => {
    await client.POST("/api/v1/evals/runs/{id}/cancel", { params });
    await reload();
  };
  const remove = () => {
    go("/evaluations/runs");
    removeLater(
      r("removed"),
      () => client.DELETE("/api/v1/evals/runs/{id}", { params }),
      (regretted) => regretted && go(`/evaluations/runs/${id}`),
    );
  };
  const csv = () => {
    const query = { format: "csv" as const };
    return download(
      client.GET("/api/v1/evals/runs/{id}", { params: { ...params, query }, parseAs: "blob" }),
      "evals.csv",
    );
  };
  return (
    <Page
      title={runName(run)}
      about={
        <>
          <BackLink />
          <span class="row">
            <span class={badgeOf(run)}>{r(run.status)}</span>
            <span>{r(run.kind)}</span>
            <span class="small">{dateTime(run.created_at)}</span>
          </span>
        </>
      }
      actions={
        <>
          {running ? (
            <button
              type="button"
              class="button"
              disabled={action.busy}
              onClick={() => void action.run(cancel)}
            >
              <Icon name="stop" />
              {r("callOff")}
            </button>
          ) : (
            <button
              type="button"
              class="button"
              disabled={action.busy}
              onClick={() =>
                void action.run(async () => go(`/evaluations/runs/${(await again(run)).run.id}`))
              }
            >
              <Icon name="retry" />
              {t("again")}
            </button>
          )}
          <Menu
            label={t("actions")}
            class="button icon"
            items={[
              { label: t("csv"), icon: "download", onChoose: () => void action.run(csv) },
              { label: r("remove"), icon: "trash", danger: true, onChoose: remove },
            ]}
          />
        </>
      }
    >
      {wrong && <ProblemNote problem={wrong} />}
      {running && <Progress {...run.progress} />}
      {run.failure && (
        <p class="callout danger wrap-anywhere" dir="auto">
          {detail(reasonOf(run.failure))}
        </p>
      )}
      {run.gate && run.gate.passed !== null && <Gate passed={run.gate.passed} checks={run.gate.checks} />}
      {run.figures && <Measures figures={run.figures} configurations={run.configurations} />}
      <Results results={results} configurations={run.configurations} kind={run.kind} />
    </Page>
  );
}

function Progress({ done, total }: Run["progress"]) {
  return (
    <div class="stack tight" role="status">
      <span>{t("progress", { done, count: total })}</span>
      <progress class="progress" aria-label={r("running")} max={Math.max(1, total)} value={done} />
    </div>
  );
}

function BackLink() {
  return (
    <Link class="row small" href="/evaluations/runs">
      <Icon name="back" />
      {t("back")}
    </Link>
  );
}
