/** Chooses the time that the page is about. */
import { useLocation } from "wouter-preact";
import { Select } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import { PERIODS, type PeriodName, periodWords } from "./period.ts";

const t = words({
  period: ["Period", "الفترة"],
  from: ["From day", "من يوم"],
  to: ["To day", "إلى يوم"],
});

type PickerProps = { path: string; search: URLSearchParams; chosen: PeriodName };

export function PeriodPicker({ path, search, chosen }: PickerProps) {
  const [, go] = useLocation();
  const set = (changes: Record<string, string>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) next.set(name, value);
    if (next.get("period") !== "custom") for (const name of ["from", "to"]) next.delete(name);
    go(`${path}?${next}`, { replace: true });
  };
  return (
    <div class="filters">
      <Select
        aria-label={t("period")}
        value={chosen}
        options={PERIODS.map((one) => [one, periodWords(one)] as const)}
        onValue={(period) => set({ period })}
      />
      {chosen === "custom" &&
        (["from", "to"] as const).map((one) => (
          <input
            key={one}
            class="input"
            type="date"
            aria-label={t(one)}
            title={t(one)}
            value={search.get(one) ?? ""}
            onChange={(event) => set({ [one]: event.currentTarget.value })}
          />
        ))}
    </div>
  );
}
