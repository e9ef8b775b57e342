/** What a document was cut into: the pieces that search finds. */
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { ProblemNote } from "../../../ui/problem.tsx";
import { tokens } from "../../../ui/tokens.ts";
import { usePages } from "../../../ui/use-data.ts";
import { number, words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import type { Chunk, Document } from "./types.ts";

const t = words({
  none: ["No passages yet", "لا توجد مقاطع بعد"],
  noneText: ["They appear as soon as the document has been read.", "تظهر بمجرد قراءة المستند."],
  failed: ["No passages", "لا توجد مقاطع"],
  failedText: ["The document could not be read; the reason is above.", "تعذرت قراءة المستند؛ السبب أعلاه."],
  page: ["Page {page}", "صفحة {page}"],
  more: ["Show more", "عرض المزيد"],
});

export function Passages({ document: { id, published_version, status } }: { document: Document }) {
  const { items, problem, more, reload } = usePages<Chunk>(
    `chunks/${id}/${published_version}`,
    (cursor, signal) => {
      const params = { path: { id }, query: { limit: 30, ...(cursor && { cursor: Number(cursor) }) } };
      return dataOf(client.GET("/api/v1/documents/{id}/chunks", { params, signal }));
    },
  );
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (items === null) return <Skeleton lines={6} />;
  if (items.length === 0) {
    return (
      <Empty icon="documents" title={t(status === "failed" ? "failed" : "none")}>
        {t(status === "failed" ? "failedText" : "noneText")}
      </Empty>
    );
  }
  return (
    <div class="stack">
      {items.map((chunk) => (
        <article class="chunk" key={chunk.id}>
          <p class="muted small" dir="auto">
            {dotted([
              number(chunk.ordinal + 1),
              chunk.page !== null && t("page", { page: chunk.page }),
              chunk.heading.join(" › "),
              tokens(chunk.tokens),
            ])}
          </p>
          <p dir="auto">{chunk.content}</p>
        </article>
      ))}
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
