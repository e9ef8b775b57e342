/** Bars or lines over time, drawn as SVG, with the same figures as a table for whoever does not see them. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { words } from "../../../ui/words.ts";
import { ChartTable } from "./chart-table.tsx";
import { dotsPath, linePath, roundTop, stack } from "./plot.ts";

const t = words({
  table: ["As a table", "كجدول"],
  none: ["Nothing in this period.", "لا شيء في هذه الفترة."],
});

export type Series = {
  name: string;
  colour: "accent" | "warn" | "danger" | "grey";
  /** One for each label; null where nothing was measured. */
  values: readonly (number | null)[];
};

type ChartProps = {
  title: string;
  /** What it shows, in a line. */
  about?: ComponentChildren;
  kind: "bars" | "lines";
  /** What each step is called, oldest first. */
  labels: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
  /** The upper end, where it is not the largest value. */
  top?: number;
  actions?: ComponentChildren;
};

const HEIGHT = 100;
const STEP = 10;
const GAP = 1.6;

export function Chart({ title, about, kind, labels, series, format, actions, ...rest }: ChartProps) {
  const heading = useId();
  const top = rest.top ?? roundTop(series, kind === "bars");
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const width = Math.max(1, labels.length) * STEP;
  const said = (at: number) =>
    [labels[at], ...series.map(({ name, values }) => `${name}: ${shown(values[at], format)}`)].join("\n");
  return (
    <figure class="card chart" aria-labelledby={heading}>
      <div class="row spread">
        <div class="stack tight grow">
          <h2 id={heading}>{title}</h2>
          {about && <p class="muted small">{about}</p>}
        </div>
        {actions}
      </div>
      {series.length > 1 && <Legend kind={kind} series={series} />}
      {series.every(({ values }) => values.every((value) => !value)) ? (
        <p class="muted small">{t("none")}</p>
      ) : (
        <>
          <div class="plot">
            <span class="top small muted number">{format(top)}</span>
            <svg role="img" aria-label={title} viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none">
              <path class="grid" d={`M0 0H${width}M0 ${HEIGHT / 2}H${width}M0 ${HEIGHT}H${width}`} />
              {kind === "bars" ? <Bars series={series} y={y} /> : <Lines series={series} y={y} />}
              <Steps labels={labels} said={said} />
            </svg>
            <Axis labels={labels} />
          </div>
          <details>
            <summary class="small">{t("table")}</summary>
            <ChartTable title={title} labels={labels} series={series} format={format} />
          </details>
        </>
      )}
    </figure>
  );
}

export const shown = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? "–" : format(value);

function Legend({ kind, series }: Pick<ChartProps, "kind" | "series">) {
  return (
    <div class="row legend small">
      {series.map(({ name, colour }, at) => (
        <span class="row nowrap" key={name}>
          <span class={`swatch ${kind} ${colour}${at > 0 ? " second" : ""}`} />
          {name}
        </span>
      ))}
    </div>
  );
}

type Drawn = { series: readonly Series[]; y: (value: number) => number };

function Bars({ series, y }: Drawn) {
  return (
    <>
      {stack(series).map(({ at, colour, from, to }) => (
        <rect
          key={`${at} ${colour}`}
          class={colour}
          x={at * STEP + GAP / 2}
          width={STEP - GAP}
          y={y(to)}
          height={y(from) - y(to)}
        />
      ))}
    </>
  );
}

function Lines({ series, y }: Drawn) {
  const x = (at: number) => (at + 0.5) * STEP;
  return (
    <>
      {series.map(({ name, colour, values }, at) => (
        <g key={name} class={colour}>
          <path class={at > 0 ? "line second" : "line"} d={linePath(values, x, y)} />
          <path class="line dots" d={dotsPath(values, x, y)} />
        </g>
      ))}
    </>
  );
}

type StepsProps = { labels: readonly string[]; said: (at: number) => string };

/** What a step holds, for whoever points at it. */
function Steps({ labels, said }: StepsProps) {
  return (
    <>
      {labels.map((label, at) => (
        <rect key={label} class="hover" x={at * STEP} width={STEP} y={0} height={HEIGHT}>
          <title>{said(at)}</title>
        </rect>
      ))}
    </>
  );
}

/** First, middle and last: more would not fit on a phone. */
function Axis({ labels }: { labels: readonly string[] }) {
  const ends = [0, Math.floor((labels.length - 1) / 2), labels.length - 1];
  const ticks = labels.length > 4 ? ends : labels.length > 1 ? [0, labels.length - 1] : [0];
  return (
    <div class="row spread nowrap small muted axis">
      {ticks.map((at) => (
        <span key={at}>{labels[at]}</span>
      ))}
    </div>
  );
}
