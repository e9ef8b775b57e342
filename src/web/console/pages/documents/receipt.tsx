/** What a deletion took away, and the signed paper about it. */
import { CopyButton } from "../../../ui/copy.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { bytes, number, words } from "../../../ui/words.ts";

const t = words({
  title: ["Deleted", "تم الحذف"],
  documents: ["Documents", "المستندات"],
  chunks: ["Passages", "المقاطع"],
  files: ["Files", "الملفات"],
  bytes: ["Size", "الحجم"],
  receipt: ["Copy the receipt", "انسخ الإيصال"],
  about: [
    "The receipt is signed by this server (a JWS): keep it where you prove deletions.",
    "الإيصال موقّع من هذا الخادم (JWS): احتفظ به حيث تثبت عمليات الحذف.",
  ],
  later: ["It is a lot: the rest goes on in the background.", "الحجم كبير: يستمر الباقي في الخلفية."],
  close: ["Close", "إغلاق"],
});

type ReceiptProps = {
  counts: { documents?: number; chunks: number; files: number | null; bytes: number };
  /** Null while it goes on. */
  receipt: string | null;
  onClose: () => void;
};

export function ReceiptDialog({ counts, receipt, onClose }: ReceiptProps) {
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <div class="stack">
        <dl class="facts">
          {counts.documents !== undefined && (
            <>
              <dt>{t("documents")}</dt>
              <dd>{number(counts.documents)}</dd>
            </>
          )}
          <dt>{t("chunks")}</dt>
          <dd>{number(counts.chunks)}</dd>
          {counts.files !== null && (
            <>
              <dt>{t("files")}</dt>
              <dd>{number(counts.files)}</dd>
            </>
          )}
          <dt>{t("bytes")}</dt>
          <dd>{bytes(counts.bytes)}</dd>
        </dl>
        <p class="muted small">{receipt === null ? t("later") : t("about")}</p>
        <div class="dialog-foot">
          {receipt !== null && <CopyButton text={receipt} label={t("receipt")} />}
          <button type="button" class="button primary" onClick={onClose}>
            {t("close")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
