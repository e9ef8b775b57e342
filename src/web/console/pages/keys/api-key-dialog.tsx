/** A new API key: what it may, what it reads, how long. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Check, SelectField, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { ACCESS, accessWords } from "../../names.ts";
import { client, dataOf } from "../../typed.ts";
import type { Access } from "../../types.ts";
import type { Created } from "./api-keys.tsx";
import { keyWords as k } from "./key-words.ts";

const t = words({
  title: ["New API key", "مفتاح جديد"],
  nameHint: ["Where it will be used, such as “help desk”", "أين سيُستخدم، مثل «مكتب الدعم»"],
  scopes: ["What it may do", "ما يُسمح له به"],
  access: ["What it reads", "ما يقرؤه"],
  days: ["Ends", "ينتهي"],
  never: ["Never", "أبدًا"],
  d30: ["In 30 days", "بعد 30 يومًا"],
  d90: ["In 90 days", "بعد 90 يومًا"],
  d365: ["In a year", "بعد سنة"],
});

const SCOPES = ["search", "chat", "documents:read", "documents:write", "analytics:read", "evals"] as const;
export type Scope = (typeof SCOPES)[number];

export const scopeWords = words({
  search: ["search", "البحث"],
  chat: ["ask", "السؤال"],
  "documents:read": ["read documents", "قراءة المستندات"],
  "documents:write": ["upload and change documents", "رفع المستندات وتغييرها"],
  "analytics:read": ["read figures", "قراءة الإحصاءات"],
  evals: ["evaluate answers", "تقييم الإجابات"],
});

const LIFETIMES = { never: null, d30: 30, d90: 90, d365: 365 } as const;

type ApiKeyDialogProps = { onCreated: (created: Created) => void; onClose: () => void };

export function ApiKeyDialog({ onCreated, onClose }: ApiKeyDialogProps) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["search", "chat"]);
  const [access, setAccess] = useState<Access>("internal");
  const [lifetime, setLifetime] = useState<keyof typeof LIFETIMES>("never");
  const { run, busy, problem } = useAction(async () => {
    const days = LIFETIMES[lifetime];
    const expires =
      days === null ? {} : { expires_at: new Date(Date.now() + days * 86_400_000).toISOString() };
    onCreated(await dataOf(client.POST("/api/v1/api-keys", { body: { name, scopes, access, ...expires } })));
  });
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField
          label={k("name")}
          hint={t("nameHint")}
          required
          maxLength={200}
          value={name}
          onValue={setName}
        />
        <fieldset class="plain stack tight">
          <legend>{t("scopes")}</legend>
          {SCOPES.map((scope) => (
            <Check
              key={scope}
              label={scopeWords(scope)}
              hint={<code>{scope}</code>}
              checked={scopes.includes(scope)}
              onValue={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
            />
          ))}
        </fieldset>
        <SelectField
          label={t("access")}
          value={access}
          options={ACCESS.map((one) => [one, accessWords(one)] as const)}
          onValue={setAccess}
        />
        <SelectField
          label={t("days")}
          value={lifetime}
          options={(["never", "d30", "d90", "d365"] as const).map((one) => [one, t(one)] as const)}
          onValue={setLifetime}
        />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy || scopes.length === 0}>
            {k("create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
