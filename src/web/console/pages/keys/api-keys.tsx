/** API keys: create, see once, rotate without an outage, revoke. */
import { useState } from "preact/hooks";
import { CopyBox } from "../../../ui/copy.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { usePages } from "../../../ui/use-data.ts";
import { dateTime, words } from "../../../ui/words.ts";
import { accessWords } from "../../names.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { ApiKeyDialog, scopeWords } from "./api-key-dialog.tsx";
import { KeyList } from "./key-list.tsx";
import { keyWords as k } from "./key-words.ts";
import { RotateDialog } from "./rotate-dialog.tsx";

const t = words({
  label: ["API keys", "مفاتيح الواجهة"],
  add: ["New API key", "مفتاح جديد"],
  scopes: ["May", "يُسمح له"],
  reads: ["Reads", "يقرأ"],
  expires: ["Ends", "ينتهي"],
  rotate: ["Rotate", "تدوير"],
  overlap: ["The old secret works until {date}", "السر القديم يعمل حتى {date}"],
  once: ["Your key, shown this once", "مفتاحك، يظهر هذه المرة فقط"],
  onceText: [
    "Keep it where secrets are kept. Nobody can show it again; a lost one is rotated.",
    "احفظه حيث تُحفظ الأسرار. لا يمكن إظهاره ثانية؛ والمفقود يُدوَّر.",
  ],
  try: ["Try it:", "جرّبه:"],
  none: ["No API keys yet", "لا توجد مفاتيح بعد"],
  noneText: [
    "A key lets your own software use this organization through the REST API, within the scopes you give it.",
    "يتيح المفتاح لبرامجك استخدام هذه المؤسسة عبر الواجهة ضمن الصلاحيات التي تمنحها.",
  ],
});

export type ApiKey = Schemas["ApiKey"];

export type Created = { api_key: ApiKey; key: string };

type Dialogs = { kind: "create" } | { kind: "rotate"; key: ApiKey } | { kind: "secret"; secret: string };

export function ApiKeys() {
  const pages = usePages<ApiKey>("api-keys", (cursor, signal) =>
    dataOf(client.GET("/api/v1/api-keys", { params: { query: cursor ? { cursor } : {} }, signal })),
  );
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  const show = ({ key }: Created) => {
    setDialog({ kind: "secret", secret: key });
    void pages.reload();
  };
  return (
    <div class="stack">
      <KeyList
        pages={pages}
        label={t("label")}
        add={t("add")}
        onAdd={() => setDialog({ kind: "create" })}
        none={{ icon: "keys", title: t("none"), text: t("noneText") }}
        codeOf={({ prefix }) => `${prefix}…`}
        about={({ previous_works_until: until }) =>
          until && <span class="small muted">{t("overlap", { date: dateTime(until) })}</span>
        }
        columns={[
          { head: t("scopes"), cell: (key) => key.scopes.map((scope) => scopeWords(scope)).join(", ") },
          { head: t("reads"), cell: (key) => accessWords(key.access) },
          { head: t("expires"), cell: (key) => (key.expires_at ? dateTime(key.expires_at) : k("never")) },
        ]}
        items={(key) => [
          { label: t("rotate"), icon: "retry", onChoose: () => setDialog({ kind: "rotate", key }) },
        ]}
        revoke={(id) => client.DELETE("/api/v1/api-keys/{id}", { params: { path: { id } } })}
      />
      {dialog?.kind === "create" && <ApiKeyDialog onCreated={show} onClose={close} />}
      {dialog?.kind === "rotate" && <RotateDialog apiKey={dialog.key} onRotated={show} onClose={close} />}
      {dialog?.kind === "secret" && (
        <Dialog title={t("once")} onClose={close}>
          <div class="stack">
            <p class="muted">{t("onceText")}</p>
            <CopyBox text={dialog.secret} />
            <p class="muted small">{t("try")}</p>
            <CopyBox text={sample(dialog.secret)} />
            <div class="dialog-foot">
              <button type="button" class="button primary" onClick={close}>
                {k("done")}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
}

const sample = (key: string) =>
  `curl -N ${location.origin}/api/v1/query -H "authorization: Bearer ${key}" -H "content-type: application/json" -d '{"query":"…"}'`;
