/** What to do with several documents at once. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { ReceiptDialog } from "./receipt.tsx";

const t = words({
  selected: [
    "{count} selected",
    {
      one: "مستند واحد محدد",
      two: "مستندان محددان",
      few: "{count} مستندات محددة",
      many: "{count} مستندًا محددًا",
      other: "{count} مستند محدد",
    },
  ],
  delete: ["Delete", "حذف"],
  requeue: ["Read all failed ones again", "أعد قراءة كل ما فشل"],
  requeued: [
    { one: "One document is being read again", other: "{count} documents are being read again" },
    {
      zero: "لا مستندات لإعادة قراءتها",
      one: "تجري إعادة قراءة مستند واحد",
      two: "تجري إعادة قراءة مستندين",
      few: "تجري إعادة قراءة {count} مستندات",
      many: "تجري إعادة قراءة {count} مستندًا",
      other: "تجري إعادة قراءة {count} مستند",
    },
  ],
  title: [
    { one: "Delete one document?", other: "Delete {count} documents?" },
    {
      one: "حذف مستند واحد؟",
      two: "حذف مستندين؟",
      few: "حذف {count} مستندات؟",
      many: "حذف {count} مستندًا؟",
      other: "حذف {count} مستند؟",
    },
  ],
  text: [
    "Nothing can be found in or cited from them any more, at once and for good. You get a signed receipt.",
    "لن يمكن العثور على شيء فيها أو الاستشهاد بها بعد الآن، فورًا ونهائيًا. ستحصل على إيصال موقّع.",
  ],
});

type SelectionProps = { selected: string[]; failed: boolean; onDone: () => void };
type Answer = Schemas["Deletion"];

export function Selection({ selected, failed, onDone }: SelectionProps) {
  const [deleting, setDeleting] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const requeue = useAction(async () => {
    const { requeued } = await dataOf(client.POST("/api/v1/documents/requeue", { body: {} }));
    toast(t("requeued", { count: requeued }));
    onDone();
  });
  return (
    <>
      {failed && (
        <div class="row">
          <button
            type="button"
            class="button small"
            disabled={requeue.busy}
            onClick={() => void requeue.run()}
          >
            {t("requeue")}
          </button>
        </div>
      )}
      {requeue.problem && <ProblemNote problem={requeue.problem} />}
      {selected.length > 0 && (
        <div class="row">
          <span>{t("selected", { count: selected.length })}</span>
          <button type="button" class="button small danger" onClick={() => setDeleting(true)}>
            {t("delete")}
          </button>
        </div>
      )}
      {deleting && (
        <Confirm
          title={t("title", { count: selected.length })}
          action={t("delete")}
          onClose={() => setDeleting(false)}
          onConfirm={async () =>
            setAnswer(await dataOf(client.POST("/api/v1/documents/delete", { body: { ids: selected } })))
          }
        >
          <p>{t("text")}</p>
        </Confirm>
      )}
      {answer && (
        <ReceiptDialog
          counts={answer.deletion}
          receipt={answer.receipt ?? null}
          onClose={() => {
            setAnswer(null);
            onDone();
          }}
        />
      )}
    </>
  );
}
