/** Widget keys: where the chat may stand, the line that puts it there, and a look at it. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { usePages } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { KeyList } from "./key-list.tsx";
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

export type WidgetKey = Schemas["WidgetKey"];

type Dialogs = { kind: "edit"; key: WidgetKey | null } | { kind: "snippet"; key: WidgetKey };

export function WidgetKeys() {
  const pages = usePages<WidgetKey>("widget-keys", (cursor, signal) =>
    dataOf(client.GET("/api/v1/widget-keys", { params: { query: cursor ? { cursor } : {} }, signal })),
  );
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  return (
    <div class="stack">
      <KeyList
        pages={pages}
        label={t("label")}
        add={t("add")}
        onAdd={() => setDialog({ kind: "edit", key: null })}
        none={{ icon: "ask", title: t("none"), text: t("noneText") }}
        codeOf={({ key }) => key}
        columns={[
          {
            head: t("origins"),
            cell: (key) => (
              <span dir="ltr" class="wrap-anywhere">
                {key.allowed_origins.join(", ")}
              </span>
            ),
          },
        ]}
        items={(key) => [
          { label: t("snippet"), icon: "copy", onChoose: () => setDialog({ kind: "snippet", key }) },
          { label: t("edit"), icon: "edit", onChoose: () => setDialog({ kind: "edit", key }) },
        ]}
        revoke={(id) => client.DELETE("/api/v1/widget-keys/{id}", { params: { path: { id } } })}
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
        <Dialog title={t("snippet")} onClose={close} wide>
          <Snippet widgetKey={dialog.key} />
        </Dialog>
      )}
    </div>
  );
}
