/** The command line's way to write a gate: `hit@5=0.9`. */
import { FIGURES, type FigureName } from "../../domain/evals/figures.ts";

const isFigure = (name: string): name is FigureName => Object.hasOwn(FIGURES, name);

/** `hit@5` and `hit_at_5` are the same. @throws Error with one sentence for what is no figure or no number */
export function gateOf(texts: readonly string[]): Partial<Record<FigureName, number>> {
  const gate: Partial<Record<FigureName, number>> = {};
  for (const text of texts) {
    const { name = "", value = "" } = /^(?<name>[\w@]+)=(?<value>\d*\.?\d+)$/.exec(text)?.groups ?? {};
    const figure = name.replace("@", "_at_");
    if (!isFigure(figure)) {
      throw new Error(`--gate ${text}: write figure=number, with one of ${Object.keys(FIGURES).join(", ")}.`);
    }
    gate[figure] = Number(value);
  }
  return gate;
}
