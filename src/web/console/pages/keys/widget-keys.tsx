/** Widget keys: where the chat may stand, the line that puts it there, and a look at it. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Empty } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { api, type Page } from "../../api.ts";
import { badgeOf, type KeyStatus, keyWords as k } from "./key-words.ts";
import { Snippet } from "./snippet.tsx";
import { WidgetKeyDialog } from "./widget-key-dialog.tsx";

const t = words({
  label: ["Widget keys", "مفاتيح الأداة"],
  add: ["New widget key", "مفتاح أداة جديد"],
  origins: ["Works on", "تعمل على"],
  snippet: ["Put it on a page", "ضعها في صفحة"],
  edit: ["Edit", "تعديل"],
  none: ["No widget keys yet", "لا توجد مفاتيح أداة بعد"],
  noneText: [
    "The widget is a chat for your visitors. It answers from external documents only, on the sites you list.",
    "الأداة محادثة لزوارك، تجيب من المستندات الخارجية فقط، على المواقع التي تحددها.",
  ],
});

export type WidgetKey = {
  id: string;
  name: string;
  key: string;
  allowed_origins: string[];
  status: KeyStatus;
  last_used_at: string | null;
};

type Dialogs = { kind: "edit"; key: WidgetKey | null } | { kind: "snippet" | "revoke"; key: WidgetKey };

export function WidgetKeys() {
  const pages = usePages<WidgetKey>("widget-keys", (cursor, signal) =>
    api.get<Page<WidgetKey>>("widget-keys", { cursor }, signal),
  );
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  const addButton = (
    <button type="button" class="button primary" onClick={() => setDialog({ kind: "edit", key: null })}>
      <Icon name="plus" />
      {t("add")}
    </button>
  );
  return (
    <div class="stack">
      {pages.items !== null && pages.items.length > 0 && <div>{addButton}</div>}
      <List
        pages={pages}
        label={t("label")}
        keyOf={({ id }) => id}
        empty={
          <Empty icon="ask" title={t("none")} action={addButton}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          {
            head: k("name"),
            main: true,
            cell: (key) => (
              <>
                <div class="clip title" dir="auto">
                  {key.name}
                </div>
                <code class="clip muted" dir="ltr">
                  {key.key}
                </code>
              </>
            ),
          },
          { head: k("state"), cell: (key) => <span class={badgeOf(key.status)}>{k(key.status)}</span> },
          {
            head: t("origins"),
            cell: (key) => (
              <span dir="ltr" class="wrap-anywhere">
                {key.allowed_origins.join(", ")}
              </span>
            ),
          },
          { head: k("used"), cell: (key) => (key.last_used_at ? ago(key.last_used_at) : k("never")) },
          {
            head: k("actions", { name: "" }),
            end: true,
            cell: (key) =>
              key.status === "active" && (
                <Menu
                  label={k("actions", { name: key.name })}
                  items={[
                    {
                      label: t("snippet"),
                      icon: "copy",
                      onChoose: () => setDialog({ kind: "snippet", key }),
                    },
                    { label: t("edit"), icon: "edit", onChoose: () => setDialog({ kind: "edit", key }) },
                    {
                      label: k("revoke"),
                      icon: "trash",
                      danger: true,
                      onChoose: () => setDialog({ kind: "revoke", key }),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {dialog?.kind === "edit" && (
        <WidgetKeyDialog
          widgetKey={dialog.key}
          onClose={close}
          onSaved={(key) => {
            void pages.reload();
            setDialog({ kind: "snippet", key });
          }}
        />
      )}
      {dialog?.kind === "snippet" && (
        <Dialog title={t("snippet")} onClose={close}>
          <Snippet widgetKey={dialog.key} />
        </Dialog>
      )}
      {dialog?.kind === "revoke" && (
        <Confirm
          title={k("revokeTitle", { name: dialog.key.name })}
          action={k("revoke")}
          onClose={close}
          onConfirm={async () => {
            await api.remove(`widget-keys/${dialog.key.id}`);
            await pages.reload();
          }}
        >
          <p>{k("revokeText")}</p>
        </Confirm>
      )}
    </div>
  );
}
