/** What the organization has used of what it may. */
import { Skeleton } from "../../../ui/empty.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { bytes, date, number, words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({
  documents: ["Documents", "المستندات"],
  storage_bytes: ["Storage", "التخزين"],
  questions: ["Questions this month", "أسئلة هذا الشهر"],
  tokens: ["Model tokens this month", "رموز النموذج هذا الشهر"],
  of: ["{used} of {limit}", "{used} من {limit}"],
  unlimited: ["{used}, no limit", "{used}، بلا حد"],
  limits: ["Whoever runs the platform sets the limits.", "يحدد مشغّل المنصة الحدود."],
  resets: ["Questions and tokens start anew on {date}.", "تبدأ الأسئلة والرموز من جديد في {date}."],
});

const MEASURES = ["documents", "storage_bytes", "questions", "tokens"] as const;

export function Usage() {
  const { data, problem, reload } = useData("usage", (signal) =>
    dataOf(client.GET("/api/v1/usage", { signal })),
  );
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (!data) return <Skeleton />;
  return (
    <section class="card stack wide form">
      {MEASURES.map((name) => {
        const { used, limit } = data[name];
        const show = name === "storage_bytes" ? bytes : (value: number) => number(value);
        return (
          <div class="meter" key={name}>
            <div class="row spread">
              <strong>{t(name)}</strong>
              <span class="number">
                {limit === null
                  ? t("unlimited", { used: show(used) })
                  : t("of", { used: show(used), limit: show(limit) })}
              </span>
            </div>
            {limit !== null && (
              <progress class="progress" aria-label={t(name)} max={Math.max(1, limit)} value={used} />
            )}
          </div>
        );
      })}
      <p class="muted small">
        {t("resets", { date: date(data.resets_at) })} {t("limits")}
      </p>
    </section>
  );
}
