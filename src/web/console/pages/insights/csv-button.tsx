/** Takes the figures along as a table for spreadsheets. */
import { Icon } from "../../../ui/icons.tsx";
import { toProblem } from "../../../ui/problem.ts";
import { titleOf } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { words } from "../../../ui/words.ts";
import { download } from "../../api.ts";

const t = words({ csv: ["CSV", "CSV"], label: ["{name} as CSV", "{name} بصيغة CSV"] });

type CsvProps = {
  /** What it is of, in words. */
  name: string;
  /** Below /analytics, and the file's name. */
  of: string;
  query?: Record<string, string>;
};

export function CsvButton({ name, of, query }: CsvProps) {
  const take = () =>
    download(`analytics/${of}`, { ...query, format: "csv" }, `${of}.csv`).catch((thrown: unknown) =>
      toast(titleOf(toProblem(thrown))),
    );
  return (
    <button
      type="button"
      class="button quiet small"
      aria-label={t("label", { name })}
      onClick={() => void take()}
    >
      <Icon name="download" />
      {t("csv")}
    </button>
  );
}
