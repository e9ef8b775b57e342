/** A chart's figures as a table, newest first, steps without any left out. */
import { words } from "../../../ui/words.ts";
import { type Series, shown } from "./chart.tsx";

const t = words({ when: ["When", "متى"] });

type ChartTableProps = {
  title: string;
  labels: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
};

export function ChartTable({ title, labels, series, format }: ChartTableProps) {
  const steps = labels
    .map((label, at) => ({ label, at }))
    .filter(({ at }) => series.some(({ values }) => values[at]))
    .reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys
    <section class="figures" aria-label={title} tabIndex={0}>
      <table class="small number">
        <thead>
          <tr>
            {[t("when"), ...series.map(({ name }) => name)].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ label, at }) => (
            <tr key={label}>
              <th scope="row" class="nobreak">
                {label}
              </th>
              {series.map(({ name, values }) => (
                <td key={name}>{shown(values[at], format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
