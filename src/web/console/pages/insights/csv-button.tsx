/** Takes the figures along as a table for spreadsheets. */
import { Icon } from "../../../ui/icons.tsx";
import { toProblem } from "../../../ui/problem.ts";
import { titleOf } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { words } from "../../../ui/words.ts";
import { download } from "../../download.ts";
import { client } from "../../typed.ts";

const t = words({ csv: ["CSV", "CSV"], label: ["{name} as CSV", "{name} بصيغة CSV"] });

/** What of /analytics there is as a table. */
export type Table = "gaps" | "questions" | "documents" | "employees" | "channels" | "recall" | "usage";

type CsvProps = {
  /** What it is of, in words. */
  name: string;
  /** The file's name, too. */
  of: Table;
  query?: { from: string; to?: string; interval?: "hour" | "day" | "week"; time_zone?: string };
};

export function CsvButton({ name, of, query }: CsvProps) {
  const take = () =>
    download(
      client.GET(`/api/v1/analytics/${of}`, {
        params: { query: { ...query, format: "csv" } },
        parseAs: "blob",
      }),
      `${of}.csv`,
    ).catch((thrown: unknown) => toast(titleOf(toProblem(thrown))));
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
