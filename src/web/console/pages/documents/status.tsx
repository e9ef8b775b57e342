/** How a document is doing, in a word, and why when it is not well. */
import { titleOfCode } from "../../../ui/problem-words.ts";
import { words } from "../../../ui/words.ts";
import { type Failure, isBeingRead, type Status } from "./types.ts";

export const statusWords = words({
  pending: ["Waiting", "في الانتظار"],
  extracting: ["Reading", "قيد القراءة"],
  embedding: ["Indexing", "قيد الفهرسة"],
  ready: ["Ready", "جاهز"],
  failed: ["Failed", "فشل"],
});

const t = words({ previous: ["version {version} answers", "الإصدار {version} يجيب"] });

type StatusProps = {
  status: Status;
  failure: Failure | null;
  /** The one that answers meanwhile. */
  published?: number | null;
};

export function StatusBadge({ status, failure, published }: StatusProps) {
  const reading = isBeingRead({ status });
  const kind = status === "ready" ? "ok" : status === "failed" ? "danger" : "accent";
  return (
    <span class="stack tight">
      <span class="row">
        <span class={`badge ${kind}`}>
          {reading && <span class="spinner tiny" />}
          {statusWords(status)}
        </span>
        {status !== "ready" && published != null && (
          <span class="muted small">{t("previous", { version: published })}</span>
        )}
      </span>
      {failure && <span class="small muted">{titleOfCode(failure.code)}</span>}
    </span>
  );
}
