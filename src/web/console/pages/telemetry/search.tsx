/** The search: what, since when, how bad; its words stand in the address, so that a search can be passed on. */
import { useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { Line } from "./line.tsx";
import { type LogLine, SEVERITIES, type Severity } from "./types.ts";

const t = words({
  query: ["Search the logs", "ابحث في السجلات"],
  range: ["Time", "الوقت"],
  "15": ["Last 15 minutes", "آخر 15 دقيقة"],
  "60": ["Last hour", "آخر ساعة"],
  "1440": ["Last 24 hours", "آخر 24 ساعة"],
  "10080": ["Last 7 days", "آخر 7 أيام"],
  severity: ["Severity", "الخطورة"],
  anySeverity: ["Any severity", "أي خطورة"],
  atLeast: ["{severity} or worse", "{severity} أو أسوأ"],
  search: ["Search", "بحث"],
  help: [
    'Lucene: status:[500 TO 599], route:*search*, NOT level:info, "exact words"',
    'بصيغة Lucene: ‎status:[500 TO 599]‎، ‎route:*search*‎، ‎NOT level:info‎، ‎"exact words"‎',
  ],
  found: [
    { one: "{count} line", other: "{count} lines" },
    {
      zero: "لا أسطر",
      one: "سطر واحد",
      two: "سطران",
      few: "{count} أسطر",
      many: "{count} سطرًا",
      other: "{count} سطر",
    },
  ],
  most: [
    { one: "The newest line; there may be more", other: "The newest {count} lines; there may be more" },
    {
      one: "أحدث سطر؛ وقد يوجد المزيد",
      two: "أحدث سطرين؛ وقد يوجد المزيد",
      few: "أحدث {count} أسطر؛ وقد يوجد المزيد",
      many: "أحدث {count} سطرًا؛ وقد يوجد المزيد",
      other: "أحدث {count} سطر؛ وقد يوجد المزيد",
    },
  ],
  none: ["No lines", "لا أسطر"],
  noneText: [
    "Nothing in this time matches. Look further back, or for less.",
    "لا شيء يطابق في هذا الوقت. ابحث أبعد أو بشروط أقل.",
  ],
});

const RANGES = ["15", "60", "1440", "10080"] as const;
const LIMIT = 200;

type Asked = { query: string; minutes: (typeof RANGES)[number]; severity: Severity | "" };

function askedIn(search: URLSearchParams): Asked {
  const range = search.get("range");
  const severity = search.get("severity");
  return {
    query: search.get("q") ?? "",
    minutes: RANGES.find((one) => one === range) ?? "60",
    severity: SEVERITIES.find((one) => one === severity) ?? "",
  };
}

async function searchLogs({ query, minutes, severity }: Asked, signal: AbortSignal): Promise<LogLine[]> {
  const now = Date.now();
  const body = {
    query: query.trim() || "*",
    from: new Date(now - Number(minutes) * 60_000).toISOString(),
    to: new Date(now).toISOString(),
    limit: LIMIT,
    ...(severity ? { severity } : {}),
  };
  const lines = await dataOf(client.POST("/api/v1/logs/search", { body, parseAs: "text", signal }));
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine);
}

export function LogSearch() {
  const params = useSearch();
  const asked = askedIn(new URLSearchParams(params));
  const [, go] = useLocation();
  const [query, setQuery] = useState(asked.query);
  const found = useData(`logs ${params}`, (signal) => searchLogs(asked, signal));
  const ask = (change: Partial<Asked>) => {
    const next = { ...asked, query, ...change };
    const search = new URLSearchParams();
    if (next.query.trim()) search.set("q", next.query.trim());
    if (next.minutes !== "60") search.set("range", next.minutes);
    if (next.severity) search.set("severity", next.severity);
    if (search.toString() === params) void found.reload();
    else go(`/telemetry${search.size > 0 ? `?${search}` : ""}`, { replace: true });
  };
  const lines = found.problem ? null : found.data;
  return (
    <>
      <search>
        <form class="log-search" onSubmit={onSubmit(() => ask({}))}>
          <input
            class="input mono"
            type="search"
            name="query"
            dir="ltr"
            autocomplete="off"
            spellcheck={false}
            maxLength={2_000}
            aria-label={t("query")}
            aria-describedby="log-help"
            placeholder="level:error AND route:*query*"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
          <Select
            aria-label={t("range")}
            value={asked.minutes}
            options={RANGES.map((one) => [one, t(one)] as const)}
            onValue={(minutes) => ask({ minutes })}
          />
          <Select
            aria-label={t("severity")}
            value={asked.severity}
            options={[
              ["", t("anySeverity")] as const,
              ...SEVERITIES.map((one) => [one, t("atLeast", { severity: one })] as const),
            ]}
            onValue={(severity) => ask({ severity })}
          />
          <button type="submit" class="button primary">
            <Icon name="search" />
            {t("search")}
          </button>
        </form>
      </search>
      <p class="muted small" id="log-help" dir="auto">
        {t("help")}
      </p>
      {found.problem && <ProblemNote problem={found.problem} onRetry={() => void found.reload()} />}
      {found.loading && <Skeleton lines={8} />}
      {lines && (
        <p class="small muted" role="status">
          {lines.length === LIMIT ? t("most", { count: LIMIT }) : t("found", { count: lines.length })}
        </p>
      )}
      {lines?.length === 0 && (
        <Empty icon="telemetry" title={t("none")}>
          {t("noneText")}
        </Empty>
      )}
      {lines && lines.length > 0 && (
        <ol class="log-lines" aria-label={t("query")}>
          {lines.map((line, at) => (
            <Line key={`${at} ${line.time}`} line={line} />
          ))}
        </ol>
      )}
    </>
  );
}
