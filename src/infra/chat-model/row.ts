/** A table row as a person would say it. */
import { analyze } from "../../text/analyze.ts";
import { isNear } from "./near.ts";
import { COLUMNS, PATTERNS, type Question } from "./question.ts";
import type { Cell } from "./table-rows.ts";

/** A short row is said whole. */
const WHOLE = 4;
/** An article number says little: the next column names the thing. */
const CODE = /^[A-Z]{1,4}-?[A-Z0-9-]*\d*[A-Z0-9-]*$/;

/**
 * `Skarn 2 tent — price gbp: 329.00; availability: in stock.`: what the row is about, then the columns that the
 * question asks for; the whole row when none of them is recognized or the row is short.
 */
export function readRow(cells: readonly Cell[], question: Question): string {
  const asked = [...question.terms.keys()].filter((term) => !/^\p{N}/u.test(term));
  const named = (text: string) => {
    const stems = analyze(text);
    return asked.filter((term) => stems.some((stem) => stem === term || isNear(stem, term)));
  };
  const label = labelOf(cells, (text) => named(text).length);
  const subject = label.map(({ value }) => value).join(", ");
  const said = named(subject);
  const isAsked = ({ title, value }: Cell) =>
    named(`${title} ${value}`).some((term) => !said.includes(term)) ||
    COLUMNS.some(([wanted, column]) => question.wants.has(wanted) && column.test(title)) ||
    PATTERNS.some(([wanted, kind]) => wanted !== "number" && question.wants.has(wanted) && kind.test(value));
  const others = cells.filter((cell) => !label.includes(cell));
  const chosen = others.length > WHOLE ? others.filter(isAsked) : [];
  const facts = (chosen.length > 0 ? chosen : others).map(({ title, value }) =>
    title ? `${title}: ${value}` : value,
  );
  return facts.length > 0 ? `${subject} — ${facts.join("; ")}.` : `${subject}.`;
}

/** The cells that tell this row from the others: they stand in one of the first two columns, or in both together. */
function labelOf(cells: readonly Cell[], hits: (text: string) => number): Cell[] {
  const start = cells.slice(0, 2);
  const [first, second] = start.filter(({ distinct }) => distinct);
  if (!first) return start;
  if (!second) return [first];
  const isBetter =
    hits(second.value) > hits(first.value) || (hits(first.value) === 0 && CODE.test(first.value));
  return [isBetter ? second : first];
}
