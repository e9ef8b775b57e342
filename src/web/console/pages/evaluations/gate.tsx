/** Whether a run reached what it had to, and by how much. */
import { Icon } from "../../../ui/icons.tsx";
import { words } from "../../../ui/words.ts";
import { figureWords, shown } from "./figures.ts";
import { runWords as r } from "./run-words.ts";
import type { Run } from "./types.ts";

const t = words({
  least: ["{figure}: {got}, at least {wanted}", "{figure}: {got}، على الأقل {wanted}"],
  most: ["{figure}: {got}, at most {wanted}", "{figure}: {got}، على الأكثر {wanted}"],
  kept: ["Kept", "تحقق"],
  broken: ["Not kept", "لم يتحقق"],
});

type GateProps = { passed: boolean; checks: NonNullable<Run["gate"]>["checks"] };

export function Gate({ passed, checks }: GateProps) {
  return (
    <section class={passed ? "callout ok gate" : "callout danger gate"} aria-label={r("passed")}>
      <strong class="row">
        <Icon name={passed ? "check" : "warn"} />
        {passed ? r("passed") : r("missed")}
      </strong>
      <ul class="plain-list">
        {checks.map(({ figure, wanted, got, better, ok }) => (
          <li class="row nowrap" key={figure}>
            <Icon name={ok ? "check" : "close"} />
            <span class="unseen">{ok ? t("kept") : t("broken")}</span>
            <span>
              {t(better === "more" ? "least" : "most", {
                figure: figureWords(figure),
                got: shown(figure, got),
                wanted: shown(figure, wanted),
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
