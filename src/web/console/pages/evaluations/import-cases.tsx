/** Takes golden questions in from a file, one a line as JSON, as `npm run evals` reads them, or an array of them. */
import { useRef } from "preact/hooks";
import { Icon } from "../../../ui/icons.tsx";
import { toProblem } from "../../../ui/problem.ts";
import { titleOf } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({
  choose: ["Import a file", "استورد ملفًا"],
  about: ["Questions as JSON, one a line", "أسئلة بصيغة JSON، واحد في كل سطر"],
  imported: ["{created} new, {changed} changed", "{created} جديدة، {changed} تغيّرت"],
});

async function take(file: File): Promise<string> {
  const body = await file.text();
  const type = body.trimStart().startsWith("[") ? "application/json" : "application/x-ndjson";
  const { imported } = await dataOf(
    client.POST("/api/v1/evals/cases/import", {
      body,
      headers: { "content-type": type },
      // It is JSON already.
      bodySerializer: (text) => text,
    }),
  );
  return t("imported", imported);
}

export function ImportCases({ onImported }: { onImported: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const run = async (file: File | undefined) => {
    if (!file) return;
    try {
      toast(await take(file));
      onImported();
    } catch (thrown) {
      toast(titleOf(toProblem(thrown)));
    }
  };
  return (
    <>
      <button type="button" class="button" title={t("about")} onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {t("choose")}
      </button>
      <input
        ref={input}
        type="file"
        name="cases"
        accept=".jsonl,.ndjson,.json"
        hidden
        onChange={({ currentTarget }) => {
          void run(currentTarget.files?.[0]);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
