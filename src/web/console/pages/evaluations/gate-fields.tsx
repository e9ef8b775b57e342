/** What a run has to reach: figures with the least, or the most, that will do. */
import { Select } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";
import { FIGURES, type Figure, figureWords, kindOf, lessIsBetter } from "./figures.ts";
import type { Limit } from "./run-draft.ts";

const t = words({
  legend: ["Gate", "الحد المطلوب"],
  hint: [
    "The run passes when the first configuration reaches all of these.",
    "ينجح التشغيل إذا بلغ الإعداد الأول كل هذه.",
  ],
  figure: ["Figure", "المقياس"],
  least: ["at least", "على الأقل"],
  most: ["at most", "على الأكثر"],
  share: ["%", "%"],
  ratio: ["of 1", "من 1"],
  milliseconds: ["ms", "م.ث"],
  count: ["in all", "إجمالًا"],
  cost: ["in all", "إجمالًا"],
  add: ["Add a limit", "أضف حدًا"],
  remove: ["Remove the limit for {name}", "أزل حد {name}"],
});

const MOST = { share: 100, ratio: 1 } as const;

type GateProps = { gate: Limit[]; onGate: (gate: Limit[]) => void };

export function GateFields({ gate, onGate }: GateProps) {
  const free = FIGURES.filter((one) => !gate.some(({ figure }) => figure === one));
  const next: Figure | undefined = free.find((one) => one === "hit_at_5") ?? free[0];
  const set = (at: number, change: Partial<Limit>) =>
    onGate(gate.map((limit, index) => (index === at ? { ...limit, ...change } : limit)));
  return (
    <fieldset class="plain stack tight">
      <legend>{t("legend")}</legend>
      <span class="muted small">{t("hint")}</span>
      {gate.map(({ figure, value }, at) => {
        const kind = kindOf(figure);
        return (
          <div class="row limit" key={figure}>
            <Select
              aria-label={t("figure")}
              value={figure}
              options={FIGURES.filter((one) => one === figure || free.includes(one)).map(
                (one) => [one, figureWords(one)] as const,
              )}
              onValue={(chosen) => set(at, { figure: chosen })}
            />
            <span class="small">{lessIsBetter(figure) ? t("most") : t("least")}</span>
            <input
              class="input"
              type="number"
              dir="ltr"
              required
              min={0}
              max={kind === "share" || kind === "ratio" ? MOST[kind] : undefined}
              step="any"
              aria-label={figureWords(figure)}
              value={value}
              onInput={(event) => set(at, { value: event.currentTarget.value })}
            />
            <span class="small muted">{t(kind)}</span>
            <button
              type="button"
              class="button quiet icon small"
              aria-label={t("remove", { name: figureWords(figure) })}
              onClick={() => onGate(gate.filter((_, index) => index !== at))}
            >
              <Icon name="close" />
            </button>
          </div>
        );
      })}
      {next && (
        <div>
          <button
            type="button"
            class="button small"
            onClick={() => onGate([...gate, { figure: next, value: kindOf(next) === "share" ? "90" : "" }])}
          >
            <Icon name="plus" />
            {t("add")}
          </button>
        </div>
      )}
    </fieldset>
  );
}
