/** Webhooks: who is told when documents are ready or fail, and what was sent. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { CopyBox } from "../../../ui/copy.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Empty } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { client, dataOf, given, type Schemas } from "../../typed.ts";
import { Deliveries } from "./deliveries.tsx";
import { WebhookDialog } from "./webhook-dialog.tsx";

const t = words({
  label: ["Webhooks", "الخطافات"],
  add: ["New webhook", "خطاف جديد"],
  address: ["Address", "العنوان"],
  events: ["Hears", "يستمع إلى"],
  state: ["State", "الحالة"],
  on: ["On", "مفعّل"],
  off: ["Off", "متوقف"],
  gone: ["Off: it said it is gone", "متوقف: أعلن أنه اختفى"],
  failing: ["Off: it failed for days", "متوقف: فشل لأيام"],
  since: ["Failing since {ago}", "يفشل منذ {ago}"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  deliveries: ["Deliveries", "عمليات التسليم"],
  edit: ["Edit", "تعديل"],
  test: ["Send a test", "أرسل تجربة"],
  tested: ["A test message is on its way", "رسالة تجريبية في الطريق"],
  rotate: ["New secret", "سر جديد"],
  turnOff: ["Switch off", "إيقاف"],
  turnOn: ["Switch on", "تفعيل"],
  delete: ["Delete", "حذف"],
  deleteTitle: ["Delete this webhook?", "حذف هذا الخطاف؟"],
  secret: ["The secret, shown this once", "السر، يظهر هذه المرة فقط"],
  secretText: [
    "Messages are signed with it, as Standard Webhooks says. The old one, if any, signs for another day.",
    "تُوقّع به الرسائل وفق Standard Webhooks. القديم، إن وُجد، يوقّع ليوم آخر.",
  ],
  done: ["Done", "تم"],
  none: ["No webhooks yet", "لا توجد خطافات بعد"],
  noneText: [
    "We call an address of yours when a document is ready or has failed, so that your software need not ask.",
    "نستدعي عنوانًا لك عندما يصبح مستند جاهزًا أو يفشل، فلا يحتاج برنامجك إلى السؤال.",
  ],
});

export type Webhook = Schemas["Webhook"];

type Dialogs =
  | { kind: "edit"; hook: Webhook | null }
  | { kind: "delete" | "deliveries"; hook: Webhook }
  | { kind: "secret"; secret: string };

const named = ({ id }: Webhook) => ({ params: { path: { id } } });

export function Webhooks() {
  const pages = usePages<Webhook>("webhooks", (cursor, signal) =>
    dataOf(client.GET("/api/v1/webhooks", { params: { query: given({ cursor }) }, signal })),
  );
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  const { run, problem } = useAction(async (work: () => Promise<unknown>) => {
    await work();
    await pages.reload();
  });
  const addButton = (
    <button type="button" class="button primary" onClick={() => setDialog({ kind: "edit", hook: null })}>
      <Icon name="plus" />
      {t("add")}
    </button>
  );
  const rotate = async (hook: Webhook) => {
    const { secret } = await dataOf(
      client.POST("/api/v1/webhooks/{id}/rotate", { ...named(hook), body: {} }),
    );
    setDialog({ kind: "secret", secret });
  };
  return (
    <div class="stack">
      {pages.items !== null && pages.items.length > 0 && <div>{addButton}</div>}
      <List
        failure={problem}
        pages={pages}
        label={t("label")}
        keyOf={({ id }) => id}
        empty={
          <Empty icon="link" title={t("none")} action={addButton}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          {
            head: t("address"),
            main: true,
            cell: (hook) => (
              <>
                <div class="clip title" dir="ltr">
                  {hook.url}
                </div>
                {hook.description && (
                  <div class="clip muted small" dir="auto">
                    {hook.description}
                  </div>
                )}
              </>
            ),
          },
          { head: t("events"), cell: (hook) => <code>{hook.events.join(", ")}</code> },
          {
            head: t("state"),
            cell: (hook) => (
              <span class="stack tight">
                <span>
                  <span class={hook.enabled ? "badge ok" : "badge warn"}>
                    {hook.enabled ? t("on") : t(hook.disabled_reason ?? "off")}
                  </span>
                </span>
                {hook.failing_since && (
                  <span class="muted small">{t("since", { ago: ago(hook.failing_since) })}</span>
                )}
              </span>
            ),
          },
          {
            head: t("actions", { name: "" }),
            end: true,
            cell: (hook) => (
              <Menu
                label={t("actions", { name: hook.url })}
                items={[
                  {
                    label: t("deliveries"),
                    icon: "history",
                    onChoose: () => setDialog({ kind: "deliveries", hook }),
                  },
                  {
                    label: t("test"),
                    icon: "send",
                    onChoose: () =>
                      void run(async () => {
                        await client.POST("/api/v1/webhooks/{id}/test", named(hook));
                        toast(t("tested"));
                      }),
                  },
                  { label: t("edit"), icon: "edit", onChoose: () => setDialog({ kind: "edit", hook }) },
                  { label: t("rotate"), icon: "keys", onChoose: () => void run(() => rotate(hook)) },
                  {
                    label: hook.enabled ? t("turnOff") : t("turnOn"),
                    icon: hook.enabled ? "stop" : "check",
                    onChoose: () =>
                      void run(() =>
                        client.PATCH("/api/v1/webhooks/{id}", {
                          ...named(hook),
                          body: { enabled: !hook.enabled },
                        }),
                      ),
                  },
                  {
                    label: t("delete"),
                    icon: "trash",
                    danger: true,
                    onChoose: () => setDialog({ kind: "delete", hook }),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {dialog?.kind === "edit" && (
        <WebhookDialog
          hook={dialog.hook}
          onClose={close}
          onSaved={(secret) => {
            void pages.reload();
            setDialog(secret === null ? null : { kind: "secret", secret });
          }}
        />
      )}
      {dialog?.kind === "deliveries" && <Deliveries hook={dialog.hook} onClose={close} />}
      {dialog?.kind === "delete" && (
        <Confirm
          title={t("deleteTitle")}
          action={t("delete")}
          onClose={close}
          onConfirm={async () => {
            await client.DELETE("/api/v1/webhooks/{id}", named(dialog.hook));
            await pages.reload();
          }}
        >
          <p class="wrap-anywhere" dir="ltr">
            {dialog.hook.url}
          </p>
        </Confirm>
      )}
      {dialog?.kind === "secret" && (
        <Dialog title={t("secret")} onClose={close}>
          <div class="stack">
            <p class="muted">{t("secretText")}</p>
            <CopyBox text={dialog.secret} />
            <div class="dialog-foot">
              <button type="button" class="button primary" onClick={close}>
                {t("done")}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
}
