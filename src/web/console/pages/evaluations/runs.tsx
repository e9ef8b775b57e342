/** Earlier runs, and those that are going on. */
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { removeLater } from "../../remove-later.ts";
import { client, dataOf, given } from "../../typed.ts";
import { figureWords, shown } from "./figures.ts";
import { badgeOf, configurationName, runWords as r, runName } from "./run-words.ts";
import type { Run } from "./types.ts";

const t = words({
  label: ["Runs", "مرات التشغيل"],
  run: ["Run", "التشغيل"],
  state: ["State", "الحالة"],
  when: ["When", "متى"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  progress: ["{done} of {total}", "{done} من {total}"],
  none: ["No runs yet", "لا مرات تشغيل بعد"],
  noneText: [
    "A run asks every golden question and says how many found their document, what the answers said and left out, and how long they took. With two configurations it shows which one is better.",
    "يسأل التشغيل كل الأسئلة الذهبية ويبيّن كم منها وجد مستنده، وما قالته الإجابات وما أغفلته، وكم استغرقت. وبإعدادين يبيّن أيهما أفضل.",
  ],
  start: ["Start the first run", "ابدأ أول تشغيل"],
});

const WATCH_MS = 2_000;

export function Runs() {
  const [hidden, setHidden] = useState<string[]>([]);
  const pages = usePages<Run>("runs", (cursor, signal) => {
    const query = given({ limit: 30, cursor });
    return dataOf(client.GET("/api/v1/evals/runs", { params: { query }, signal }));
  });
  const running = pages.items?.some(({ status }) => status === "running") ?? false;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void pages.reload(), WATCH_MS);
    return () => clearInterval(timer);
  }, [running, pages.reload]);
  const cancel = useAction(async ({ id }: Run) => {
    await client.POST("/api/v1/evals/runs/{id}/cancel", { params: { path: { id } } });
    await pages.reload();
  });
  const remove = ({ id }: Run) => {
    setHidden((all) => [...all, id]);
    removeLater(
      r("removed"),
      () => client.DELETE("/api/v1/evals/runs/{id}", { params: { path: { id } } }),
      () => setHidden((all) => all.filter((one) => one !== id)),
    );
  };
  const value = (run: Run, figure: "hit_at_5" | "mrr") =>
    run.figures === null ? "–" : run.figures.map((figures) => shown(figure, figures[figure])).join(" / ");
  return (
    <List
      failure={cancel.problem}
      pages={{ ...pages, items: pages.items?.filter(({ id }) => !hidden.includes(id)) ?? null }}
      label={t("label")}
      keyOf={({ id }) => id}
      empty={
        <Empty
          icon="evaluations"
          title={t("none")}
          action={
            <Link class="button primary" href="/evaluations/runs?open=new">
              {t("start")}
            </Link>
          }
        >
          {t("noneText")}
        </Empty>
      }
      columns={[
        {
          head: t("run"),
          main: true,
          cell: (run) => (
            <>
              <div class="clip" dir="auto">
                <Link class="title" href={`/evaluations/runs/${run.id}`}>
                  {runName(run)}
                </Link>
              </div>
              <div class="clip muted small" dir="auto">
                {dotted([
                  r(run.kind),
                  ...(run.configurations.length > 1 ? run.configurations.map(configurationName) : []),
                ])}
              </div>
            </>
          ),
        },
        {
          head: t("state"),
          cell: (run) => (
            <span class="row">
              <span class={badgeOf(run)}>{r(run.status)}</span>
              {run.status === "running" && <span class="muted small">{t("progress", run.progress)}</span>}
              {run.gate && run.gate.passed !== null && (
                <span class={run.gate.passed ? "badge ok" : "badge danger"}>
                  {run.gate.passed ? r("passed") : r("missed")}
                </span>
              )}
            </span>
          ),
        },
        {
          head: figureWords("hit_at_5"),
          cell: (run) => <span class="number nobreak">{value(run, "hit_at_5")}</span>,
        },
        { head: "MRR", cell: (run) => <span class="number nobreak">{value(run, "mrr")}</span> },
        { head: t("when"), cell: (run) => <span class="nobreak">{ago(run.created_at)}</span> },
        {
          head: t("actions", { name: "" }),
          end: true,
          cell: (run) => (
            <Menu
              label={t("actions", { name: runName(run) })}
              items={[
                run.status === "running" && {
                  label: r("callOff"),
                  icon: "stop",
                  onChoose: () => void cancel.run(run),
                },
                { label: r("remove"), icon: "trash", danger: true, onChoose: () => remove(run) },
              ]}
            />
          ),
        },
      ]}
    />
  );
}
