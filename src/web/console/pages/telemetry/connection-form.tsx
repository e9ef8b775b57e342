/** Where the logs are, which tool searches them, and what nobody may read in them. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Check, Field, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { client } from "../../typed.ts";
import { BUILT_IN, type BuiltIn, type Connection } from "./types.ts";

const t = words({
  url: ["Address of the MCP server", "عنوان خادم MCP"],
  urlHint: ["It is sealed and never shown again", "يُختم ولا يُعرض مجددًا"],
  kept: ["Connected: {origin}. Fill in to change it", "متصل: {origin}. املأ الحقل لتغييره"],
  bearer: ["Key", "المفتاح"],
  bearerHint: [
    "Sent as a bearer token; empty when it needs none",
    "يُرسل رمزًا مميزًا (bearer)؛ اتركه فارغًا إن لم يلزم",
  ],
  tool: ["Tool that searches", "الأداة التي تبحث"],
  hide: ["Taken out of every line", "ما يُحذف من كل سطر"],
  email: ["E-mail addresses", "عناوين البريد الإلكتروني"],
  bearerTokens: ["Tokens and logins", "الرموز المميزة وبيانات الدخول"],
  apiKey: ["Keys and passwords", "المفاتيح وكلمات المرور"],
  card: ["Card numbers", "أرقام البطاقات"],
  rules: ["Rules of your own, one a line: name = pattern", "قواعدك، واحدة في كل سطر: الاسم = النمط"],
  rulesHint: [
    "Regular expressions as RE2 has them. A match becomes [name]",
    "تعبيرات نمطية بصيغة RE2. كل تطابق يصير [الاسم]",
  ],
  connect: ["Connect", "ربط"],
  save: ["Save", "حفظ"],
  saved: ["Connected", "تم الربط"],
});

const builtInWords = { email: "email", bearer: "bearerTokens", api_key: "apiKey", card: "card" } as const;

const rulesIn = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf("=");
      return at < 0
        ? { name: "", pattern: line.trim() }
        : { name: line.slice(0, at).trim(), pattern: line.slice(at + 1).trim() };
    });

type ConnectionFormProps = {
  connection: Connection | null;
  onSaved: () => Promise<void>;
  end?: ComponentChildren;
};

export function ConnectionForm({ connection, onSaved, end }: ConnectionFormProps) {
  const [url, setUrl] = useState("");
  const [bearer, setBearer] = useState("");
  const [tool, setTool] = useState(connection?.tool ?? "search_logs");
  const [hidden, setHidden] = useState<readonly BuiltIn[]>(connection?.redaction.built_in ?? BUILT_IN);
  const [rules, setRules] = useState(
    connection?.redaction.rules.map(({ name, pattern }) => `${name} = ${pattern}`).join("\n") ?? "",
  );
  const elsewhere = url.trim() !== "";
  const { run, busy, problem } = useAction(async () => {
    const body = {
      ...(elsewhere ? { url: url.trim() } : {}),
      ...(elsewhere && bearer.trim() ? { bearer: bearer.trim() } : {}),
      tool,
      // Another server or tool names its arguments in its own way.
      ...(!elsewhere && tool === connection?.tool ? { arguments: connection.arguments } : {}),
      redaction: { built_in: [...hidden], rules: rulesIn(rules) },
    };
    await client.PUT("/api/v1/logs/connection", { body });
    toast(t("saved"));
    await onSaved();
  });
  return (
    <form class="stack" onSubmit={onSubmit(run)}>
      <TextField
        label={t("url")}
        hint={connection ? t("kept", { origin: connection.origin }) : t("urlHint")}
        name="log-server"
        type="url"
        required={!connection}
        autocomplete="off"
        dir="ltr"
        value={url}
        onValue={setUrl}
      />
      {(!connection || elsewhere) && (
        <TextField
          label={t("bearer")}
          hint={t("bearerHint")}
          type="password"
          autocomplete="off"
          dir="ltr"
          value={bearer}
          onValue={setBearer}
        />
      )}
      <TextField label={t("tool")} required dir="ltr" value={tool} onValue={setTool} />
      <fieldset class="stack tight">
        <legend>{t("hide")}</legend>
        {BUILT_IN.map((one) => (
          <Check
            key={one}
            label={t(builtInWords[one])}
            checked={hidden.includes(one)}
            onValue={(on) =>
              setHidden(BUILT_IN.filter((other) => (other === one ? on : hidden.includes(other))))
            }
          />
        ))}
      </fieldset>
      <Field label={t("rules")} hint={t("rulesHint")}>
        {(labelled) => (
          <textarea
            class="input mono"
            dir="ltr"
            {...labelled}
            value={rules}
            onInput={(event) => setRules(event.currentTarget.value)}
          />
        )}
      </Field>
      {problem && <ProblemNote problem={problem} />}
      <div class="row">
        <button type="submit" class="button primary" disabled={busy}>
          {connection ? t("save") : t("connect")}
        </button>
        {end}
      </div>
    </form>
  );
}
