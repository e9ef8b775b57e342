/** API keys: create, see once, rotate without an outage, revoke. */
import { useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { CopyBox } from "../../../ui/copy.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Empty } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { usePages } from "../../../ui/use-data.ts";
import { ago, dateTime, words } from "../../../ui/words.ts";
import { api, type Page } from "../../api.ts";
import { accessWords } from "../../names.ts";
import type { Access } from "../../types.ts";
import { ApiKeyDialog, type Scope, scopeWords } from "./api-key-dialog.tsx";
import { badgeOf, type KeyStatus, keyWords as k } from "./key-words.ts";
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

export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  access: Access;
  status: KeyStatus;
  expires_at: string | null;
  last_used_at: string | null;
  previous_works_until: string | null;
};

export type Created = { api_key: ApiKey; key: string };

type Dialogs =
  | { kind: "create" }
  | { kind: "rotate" | "revoke"; key: ApiKey }
  | { kind: "secret"; secret: string };

export function ApiKeys() {
  const pages = usePages<ApiKey>("api-keys", (cursor, signal) =>
    api.get<Page<ApiKey>>("api-keys", { cursor }, signal),
  );
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  const show = ({ key }: Created) => {
    setDialog({ kind: "secret", secret: key });
    void pages.reload();
  };
  const addButton = (
    <button type="button" class="button primary" onClick={() => setDialog({ kind: "create" })}>
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
          <Empty icon="keys" title={t("none")} action={addButton}>
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
                  {key.prefix}…
                </code>
              </>
            ),
          },
          {
            head: k("state"),
            cell: (key) => (
              <span class="stack tight">
                <span>
                  <span class={badgeOf(key.status)}>{k(key.status)}</span>
                </span>
                {key.previous_works_until && (
                  <span class="small muted">
                    {t("overlap", { date: dateTime(key.previous_works_until) })}
                  </span>
                )}
              </span>
            ),
          },
          { head: t("scopes"), cell: (key) => key.scopes.map((scope) => scopeWords(scope)).join(", ") },
          { head: t("reads"), cell: (key) => accessWords(key.access) },
          { head: k("used"), cell: (key) => (key.last_used_at ? ago(key.last_used_at) : k("never")) },
          { head: t("expires"), cell: (key) => (key.expires_at ? dateTime(key.expires_at) : k("never")) },
          {
            head: k("actions", { name: "" }),
            end: true,
            cell: (key) =>
              key.status === "active" && (
                <Menu
                  label={k("actions", { name: key.name })}
                  items={[
                    { label: t("rotate"), icon: "retry", onChoose: () => setDialog({ kind: "rotate", key }) },
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
      {dialog?.kind === "create" && <ApiKeyDialog onCreated={show} onClose={close} />}
      {dialog?.kind === "rotate" && <RotateDialog apiKey={dialog.key} onRotated={show} onClose={close} />}
      {dialog?.kind === "revoke" && (
        <Confirm
          title={k("revokeTitle", { name: dialog.key.name })}
          action={k("revoke")}
          onClose={close}
          onConfirm={async () => {
            await api.remove(`api-keys/${dialog.key.id}`);
            await pages.reload();
          }}
        >
          <p>{k("revokeText")}</p>
        </Confirm>
      )}
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
