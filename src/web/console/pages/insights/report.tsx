/** A list of figures: its skeleton, its failure, its emptiness, its rows, and the same as a file. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Skeleton } from "../../../ui/empty.tsx";
import { type Column, Rows } from "../../../ui/list.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { CsvButton, type Table } from "./csv-button.tsx";
import type { Period } from "./period.ts";

const t = words({ all: ["Show all {count}", "عرض الكل ({count})"] });

/** More are a click away. */
const FIRST = 25;

type ReportProps<T> = {
  title: string;
  about: ComponentChildren;
  period: Period;
  /** Below /analytics. */
  of: Table;
  read: (signal: AbortSignal) => Promise<{ data: T[] }>;
  columns: Column<T>[];
  keyOf: (row: T) => string;
  empty: ComponentChildren;
};

export function Report<T>({ title, about, period, of, read, columns, keyOf, empty }: ReportProps<T>) {
  const { data, problem, reload } = useData(`${of}/${JSON.stringify(period.query)}`, read);
  const [all, setAll] = useState(false);
  const rows = data?.data ?? [];
  return (
    <section class="stack">
      <div class="row spread">
        <div class="stack tight grow">
          <h2>{title}</h2>
          <p class="muted small">{about}</p>
        </div>
        {rows.length > 0 && <CsvButton name={title} of={of} query={period.query} />}
      </div>
      {problem && <ProblemNote problem={problem} onRetry={() => void reload()} />}
      {!data && !problem && <Skeleton lines={5} />}
      {data && rows.length === 0 && empty}
      {rows.length > 0 && (
        <Rows rows={all ? rows : rows.slice(0, FIRST)} columns={columns} keyOf={keyOf} label={title} />
      )}
      {!all && rows.length > FIRST && (
        <div>
          <button type="button" class="button" onClick={() => setAll(true)}>
            {t("all", { count: rows.length })}
          </button>
        </div>
      )}
    </section>
  );
}
