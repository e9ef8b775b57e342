/** Where a chart's bars and lines lie. */
import type { Series } from "./chart.tsx";

type Piece = { at: number; colour: Series["colour"]; from: number; to: number };

/** Bars on top of each other, step by step; what is zero is left out. */
export function stack(series: readonly Series[]): Piece[] {
  const reached: number[] = [];
  return series.flatMap(({ colour, values }) =>
    values.flatMap((value, at) => {
      const from = reached[at] ?? 0;
      const to = from + (value ?? 0);
      reached[at] = to;
      return to > from ? [{ at, colour, from, to }] : [];
    }),
  );
}

/** A round number that nothing is above. */
export function roundTop(series: readonly Series[], stacked: boolean): number {
  const largest = stacked
    ? Math.max(0, ...stack(series).map(({ to }) => to))
    : Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  if (largest === 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const steps = [1, 2, 5, 10].find((step) => step * unit >= largest) ?? 10;
  return steps * unit;
}

/** Parted where nothing was measured. */
export function linePath(
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, at) => {
      if (value === null) return "";
      const begins = at === 0 || values[at - 1] === null;
      return `${begins ? "M" : "L"}${x(at)} ${y(value)}`;
    })
    .join("");
}

/** A dot for each value, as a line of no length: its round ends stay round however the drawing is stretched. */
export const dotsPath: typeof linePath = (values, x, y) =>
  values.map((value, at) => (value === null ? "" : `M${x(at)} ${y(value)}h.01`)).join("");
