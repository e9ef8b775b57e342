/** What was sent to a webhook, what came back, and the way to send it again. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { List } from "../../../ui/list.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { useData, usePages } from "../../../ui/use-data.ts";
import { ago, number, words } from "../../../ui/words.ts";
import { client, dataOf, given, type Schemas } from "../../typed.ts";
import { milliseconds } from "../insights/formats.ts";
import type { Webhook } from "./webhooks.tsx";

const t = words({
  title: ["Deliveries", "عمليات التسليم"],
  event: ["Event", "الحدث"],
  state: ["State", "الحالة"],
  pending: ["Waiting", "في الانتظار"],
  delivered: ["Delivered", "تم التسليم"],
  failed: ["Failed", "فشل"],
  cancelled: ["Cancelled", "أُلغي"],
  tries: ["Tries", "المحاولات"],
  answer: ["Answer", "الرد"],
  when: ["When", "متى"],
  actions: ["Actions", "إجراءات"],
  replay: ["Send again", "أرسل مجددًا"],
  replayed: ["On its way again", "في الطريق مجددًا"],
  show: ["Show", "عرض"],
  back: ["Back to the list", "العودة إلى القائمة"],
  payload: ["Sent", "أُرسل"],
  response: ["Answered", "الرد"],
  none: ["Nothing sent yet", "لم يُرسل شيء بعد"],
  noneText: ["Send a test, or wait for the next document.", "أرسل تجربة أو انتظر المستند التالي."],
});

type Delivery = Schemas["Delivery"];

const KINDS = { pending: "accent", delivered: "ok", failed: "danger", cancelled: "" } as const;

export function Deliveries({ hook, onClose }: { hook: Webhook; onClose: () => void }) {
  const pages = usePages<Delivery>(`deliveries/${hook.id}`, (cursor, signal) => {
    const params = { path: { id: hook.id }, query: given({ cursor, limit: 20 }) };
    return dataOf(client.GET("/api/v1/webhooks/{id}/deliveries", { params, signal }));
  });
  const [open, setOpen] = useState<string | null>(null);
  const { run, busy, problem } = useAction(async (id: string) => {
    const params = { path: { id: hook.id, delivery_id: id } };
    await client.POST("/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay", { params });
    toast(t("replayed"));
    await pages.reload();
  });
  return (
    <Dialog title={`${t("title")} · ${new URL(hook.url).host}`} onClose={onClose} wide>
      {problem && <ProblemNote problem={problem} />}
      {open ? (
        <OneDelivery hook={hook.id} id={open} onBack={() => setOpen(null)} />
      ) : (
        <List
          pages={pages}
          label={t("title")}
          keyOf={({ id }) => id}
          empty={
            <Empty icon="history" title={t("none")}>
              {t("noneText")}
            </Empty>
          }
          columns={[
            { head: t("event"), main: true, cell: ({ event }) => <code class="title">{event}</code> },
            {
              head: t("state"),
              cell: ({ status }) => <span class={`badge ${KINDS[status]}`}>{t(status)}</span>,
            },
            { head: t("tries"), cell: ({ attempts }) => number(attempts) },
            {
              head: t("answer"),
              cell: ({ last_status, last_error, duration_ms }) =>
                dotted([
                  String(last_status ?? last_error ?? "–"),
                  duration_ms !== null && milliseconds(duration_ms),
                ]),
            },
            { head: t("when"), cell: ({ created_at }) => ago(created_at) },
            {
              head: t("actions"),
              end: true,
              cell: ({ id }) => (
                <div class="row">
                  <button type="button" class="button quiet small" onClick={() => setOpen(id)}>
                    {t("show")}
                  </button>
                  <button type="button" class="button small" disabled={busy} onClick={() => void run(id)}>
                    {t("replay")}
                  </button>
                </div>
              ),
            },
          ]}
        />
      )}
    </Dialog>
  );
}

type OneDeliveryProps = { hook: string; id: string; onBack: () => void };

function OneDelivery({ hook, id, onBack }: OneDeliveryProps) {
  const { data, problem } = useData(id, (signal) => {
    const params = { path: { id: hook, delivery_id: id } };
    return dataOf(client.GET("/api/v1/webhooks/{id}/deliveries/{delivery_id}", { params, signal }));
  });
  return (
    <div class="stack">
      <div>
        <button type="button" class="button small" onClick={onBack}>
          {t("back")}
        </button>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <Skeleton />}
      {data && (
        <>
          <h3>{t("payload")}</h3>
          <pre class="copybox" dir="ltr">
            {JSON.stringify(data.delivery.payload, null, 2)}
          </pre>
          <h3>{t("response")}</h3>
          <pre class="copybox" dir="ltr">
            {data.delivery.response ?? data.delivery.last_error ?? "–"}
          </pre>
        </>
      )}
    </div>
  );
}
