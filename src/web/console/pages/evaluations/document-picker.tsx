/** Documents that hold an answer: the chosen ones, and others found by name. */
import { useState } from "preact/hooks";
import { Check } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { SearchBox } from "../../../ui/search-box.tsx";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf, given } from "../../typed.ts";
import { DocumentName } from "./document-name.tsx";

const t = words({
  legend: ["Documents that hold the answer", "المستندات التي تحمل الإجابة"],
  hint: ["Finding any of them counts as a hit.", "يُعد العثور على أي منها إصابة."],
  find: ["Find a document by name", "ابحث عن مستند بالاسم"],
});

/** More are found by typing more. */
const OFFERED = 6;

type PickerProps = { chosen: readonly string[]; onChosen: (ids: string[]) => void };

export function DocumentPicker({ chosen, onChosen }: PickerProps) {
  const [find, setFind] = useState("");
  const { data, problem } = useData(`documents to expect/${find}`, (signal) => {
    const query = given({ name: find, limit: OFFERED });
    return dataOf(client.GET("/api/v1/documents", { params: { query }, signal }));
  });
  const offered = data?.data.filter(({ id }) => !chosen.includes(id)) ?? [];
  return (
    <fieldset class="plain stack tight">
      <legend>{t("legend")}</legend>
      <span class="muted small">{t("hint")}</span>
      {chosen.map((id) => (
        <Check
          key={id}
          label={<DocumentName id={id} />}
          checked
          onValue={() => onChosen(chosen.filter((one) => one !== id))}
        />
      ))}
      <SearchBox label={t("find")} value={find} onFind={setFind} />
      {problem && <ProblemNote problem={problem} />}
      {offered.map(({ id, name, title }) => (
        <Check
          key={id}
          label={
            <span class="wrap-anywhere" dir="auto">
              {title ?? name}
            </span>
          }
          checked={false}
          onValue={() => onChosen([...chosen, id])}
        />
      ))}
    </fieldset>
  );
}
