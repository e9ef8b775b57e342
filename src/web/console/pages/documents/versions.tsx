/** What a document was before, and the way back to it. */
import { List } from "../../../ui/list.tsx";
import { titleOfCode } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { bytes, dateTime, words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { downloadDocument } from "./download-document.ts";
import type { Document, Version } from "./types.ts";

const t = words({
  version: ["Version", "الإصدار"],
  state: ["State", "الحالة"],
  size: ["Size", "الحجم"],
  from: ["From", "بتاريخ"],
  pending: ["Being read", "قيد القراءة"],
  published: ["Published", "منشور"],
  superseded: ["Earlier", "سابق"],
  failed: ["Failed", "فشل"],
  current: ["answers now", "يجيب الآن"],
  passages: ["Passages", "المقاطع"],
  delta: ["{reused} kept, {embedded} new", "{reused} محفوظة، {embedded} جديدة"],
  actions: ["Actions", "إجراءات"],
  download: ["Download", "تنزيل"],
  back: ["Go back to it", "العودة إليه"],
  going: ["Going back to version {version}", "العودة إلى الإصدار {version}"],
});

const KINDS = { pending: "accent", published: "ok", superseded: "", failed: "danger" } as const;

type VersionsProps = { document: Document; onChange: (document: Document) => void };

export function Versions({ document, onChange }: VersionsProps) {
  const { id, version, status } = document;
  const pages = usePages<Version>(`versions/${id}/${version}/${status}`, (cursor, signal) =>
    dataOf(
      client.GET("/api/v1/documents/{id}/versions", {
        params: { path: { id }, query: cursor ? { cursor: Number(cursor) } : {} },
        signal,
      }),
    ),
  );
  const { run, busy, problem } = useAction(async (work: () => Promise<unknown>) => work());
  const goBack = (to: number) =>
    run(async () => {
      const params = { path: { id } };
      const answer = await dataOf(
        client.POST("/api/v1/documents/{id}/rollback", { params, body: { version: to } }),
      );
      toast(t("going", { version: to }));
      onChange(answer.document);
    });
  return (
    <List
      failure={problem}
      pages={pages}
      label={t("version")}
      keyOf={(row) => String(row.version)}
      empty={null}
      columns={[
        {
          head: t("version"),
          main: true,
          cell: (row) => (
            <div class="row">
              <strong class="number">{row.version}</strong>
              <span class="clip" dir="auto">
                {row.name}
              </span>
              {row.current && <span class="badge accent">{t("current")}</span>}
            </div>
          ),
        },
        {
          head: t("state"),
          cell: ({ status, failure }) => (
            <span class="stack tight">
              <span>
                <span class={`badge ${KINDS[status]}`}>{t(status)}</span>
              </span>
              {failure && <span class="small muted">{titleOfCode(failure.code)}</span>}
            </span>
          ),
        },
        {
          head: t("passages"),
          cell: ({ delta }) =>
            delta.reused === null || delta.embedded === null
              ? "–"
              : t("delta", { reused: delta.reused, embedded: delta.embedded }),
        },
        { head: t("size"), cell: (row) => bytes(row.bytes) },
        { head: t("from"), cell: (row) => dateTime(row.created_at) },
        {
          head: t("actions"),
          end: true,
          cell: (row) => (
            <div class="row">
              <button
                type="button"
                class="button quiet small"
                onClick={() => void run(() => downloadDocument(id, row.name, row.version))}
              >
                {t("download")}
              </button>
              {!row.current && row.published_at !== null && (
                <button
                  type="button"
                  class="button small"
                  disabled={busy}
                  onClick={() => void goBack(row.version)}
                >
                  {t("back")}
                </button>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}
