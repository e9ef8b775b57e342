/** The files on their way in, each with how far it is and, if it failed, why. */
import { Link } from "wouter-preact";
import { useDetail } from "../../../ui/detail.ts";
import { Icon } from "../../../ui/icons.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { adviceOf, detailOf, reasonOf, titleOf } from "../../../ui/problem-words.ts";
import { useStore } from "../../../ui/store.ts";
import { words } from "../../../ui/words.ts";
import { statusWords } from "./status.tsx";
import { clearEnded, type Upload, uploads } from "./uploads.ts";

const t = words({
  title: ["Uploads", "عمليات الرفع"],
  clear: ["Clear finished", "إخفاء المكتملة"],
  waiting: ["Waiting", "في الانتظار"],
  sending: ["Sending", "جارٍ الإرسال"],
  duplicate: ["Already there", "موجود بالفعل"],
  ready: ["Ready", "جاهز"],
  failed: ["Failed", "فشل"],
  batch: [
    { one: "{done} of one document", other: "{done} of {count} documents" },
    {
      one: "{done} من مستند واحد",
      two: "{done} من مستندين",
      few: "{done} من {count} مستندات",
      many: "{done} من {count} مستندًا",
      other: "{done} من {count} مستند",
    },
  ],
  batchFailed: ["{failed} failed", "فشل {failed}"],
  line: ["Line {line}", "السطر {line}"],
  more: [
    "and {count} more",
    {
      one: "ومستند آخر",
      two: "ومستندان آخران",
      few: "و{count} مستندات أخرى",
      many: "و{count} مستندًا آخر",
      other: "و{count} مستند آخر",
    },
  ],
});

/** Of an archive's failures. */
const SHOWN = 6;

export function UploadsPanel() {
  const all = useStore(uploads);
  if (all.length === 0) return null;
  return (
    <section class="card stack" aria-label={t("title")}>
      <div class="row spread">
        <h2>{t("title")}</h2>
        <button type="button" class="button quiet small" onClick={clearEnded}>
          {t("clear")}
        </button>
      </div>
      <ul class="plain-list uploads">
        {all.map((one) => (
          <Row key={one.key} upload={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ upload }: { upload: Upload }) {
  const detail = useDetail();
  const { name, state, sent, documentId, batch } = upload;
  const ended = state === "ready" || state === "failed" || state === "duplicate";
  return (
    <li class="stack tight">
      <div class="row spread">
        <span class="clip grow" dir="auto">
          {documentId ? <Link href={`/documents/${documentId}`}>{name}</Link> : name}
        </span>
        <span class={`badge ${state === "ready" ? "ok" : state === "failed" ? "danger" : ""}`}>
          {state === "ready" && <Icon name="check" />}
          {said(upload)}
        </span>
      </div>
      {!ended && <progress class="progress" aria-label={name} max={1} value={part(upload)} />}
      {state === "failed" && <span class="small muted">{dotted(why(upload, detail))}</span>}
      {batch && (
        <span class="small muted">
          {t("batch", { done: batch.done, count: batch.all })}
          {batch.failed > 0 && ` · ${t("batchFailed", { failed: batch.failed })}`}
        </span>
      )}
      {batch && batch.failed > 0 && <Failures {...batch} />}
      {state === "sending" && <span class="unseen">{Math.round(sent * 100)} %</span>}
    </li>
  );
}

type FailuresProps = Pick<NonNullable<Upload["batch"]>, "failed" | "failures">;

/** Which documents of an archive failed, and why each did. */
function Failures({ failed, failures }: FailuresProps) {
  const detail = useDetail();
  const shown = failures.slice(0, SHOWN);
  return (
    <ul class="plain-list small muted">
      {shown.map(({ line, name, failure }) => (
        <li key={line} class="wrap-anywhere">
          {dotted([name ?? t("line", { line }), failure && detail(reasonOf(failure))])}
        </li>
      ))}
      {failed > shown.length && <li>{t("more", { count: failed - shown.length })}</li>}
    </ul>
  );
}

const STEPS = { pending: 0.55, extracting: 0.7, embedding: 0.88, ready: 1, failed: 1 };

/** Sending is the first half, being read the second. */
function part({ state, sent, status, batch }: Upload): number {
  if (state === "sending") return sent / 2;
  if (batch) return 0.5 + batch.done / Math.max(1, batch.all) / 2;
  return status ? STEPS[status] : 0;
}

function said({ state, status }: Upload): string {
  if (state === "following") return statusWords(status ?? "pending");
  return t(state);
}

function why({ problem, failure }: Upload, detail: (of: string) => string): (string | null)[] {
  if (!problem) return failure ? [detail(reasonOf(failure))] : [];
  const more = detailOf(problem);
  return [titleOf(problem), more && detail(more), adviceOf(problem), problem.requestId];
}
