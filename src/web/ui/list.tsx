/** A list from the API: its skeleton, its failure, its emptiness, its rows, and the button for more of them. */
import type { ComponentChildren } from "preact";
import { Skeleton } from "./empty.tsx";
import type { Problem } from "./problem.ts";
import { ProblemNote } from "./problem.tsx";
import type { usePages } from "./use-data.ts";
import { words } from "./words.ts";

const t = words({ more: ["Show more", "عرض المزيد"] });

export type Column<T> = {
  head: string;
  cell: (row: T) => ComponentChildren;
  /** The one that says what the row is; it heads the card on a phone. */
  main?: boolean;
  /** Buttons at the end, without a heading of their own. */
  end?: boolean;
};

type ListProps<T> = {
  pages: ReturnType<typeof usePages<T>>;
  columns: Column<T>[];
  keyOf: (row: T) => string;
  /** What the list is of, for those who do not see it. */
  label: string;
  empty: ComponentChildren;
  /** What went wrong with something done to a row. */
  failure?: Problem | null;
};

export function List<T>({ failure, ...of }: ListProps<T>) {
  return (
    <div class="stack">
      {failure && <ProblemNote problem={failure} />}
      <Body {...of} />
    </div>
  );
}

function Body<T>({ pages, columns, keyOf, label, empty }: ListProps<T>) {
  const { items, problem, more } = pages;
  if (items === null) {
    if (problem) return <ProblemNote problem={problem} onRetry={() => void pages.reload()} />;
    return <Skeleton lines={6} />;
  }
  if (items.length === 0) return <>{empty}</>;
  return (
    <div class="stack">
      <Rows rows={items} columns={columns} keyOf={keyOf} label={label} />
      {problem && <ProblemNote problem={problem} />}
      {more && (
        <div>
          <button type="button" class="button" disabled={more.loading} onClick={() => void more.load()}>
            {t("more")}
          </button>
        </div>
      )}
    </div>
  );
}

type RowsProps<T> = Pick<ListProps<T>, "columns" | "keyOf" | "label"> & { rows: T[] };

/** The table alone; cards below 720 px. */
export function Rows<T>({ rows, columns, keyOf, label }: RowsProps<T>) {
  return (
    <table class="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, end }) => (
            <th key={head} scope="col" class={end ? "end" : ""}>
              {end ? <span class="unseen">{head}</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ head, cell, main, end }) => (
              <td
                key={head}
                class={main ? "main" : end ? "end" : ""}
                {...(main || end ? {} : { "data-label": head })}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
