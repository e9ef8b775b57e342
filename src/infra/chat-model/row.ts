/** A table row as a person would say it. */
import { analyze } from "../../text/analyze.ts";
import type { Wanted } from "./question.ts";

type Cell = { title: string; value: string };

/** Columns that answer a kind of question, whatever words the question uses. */
const COLUMNS: Partial<Record<Wanted, RegExp>> = {
  money: /price|cost|fee|charge|amount|rate|salary|gbp|usd|eur|aed|sar|سعر|تكلفة|رسوم|المبلغ/i,
  time: /time|days?|date|deadline|duration|period|warranty|years?|hours?|when|response|مدة|موعد|الفترة|تاريخ|ضمان/i,
  contact: /mail|phone|contact|address|هاتف|بريد|عنوان/i,
  person: /owner|lead|name|contact|manager|person|who|المسؤول|الاسم/i,
};
/** A short row is said whole. */
const WHOLE = 4;

/**
 * `Skarn 2 tent: price gbp 329.00, availability in stock`: the cell that the question names (or the first), then the
 * columns it asks for; the whole row when none of them is recognized or the row is short.
 */
export function readRow(
  cells: readonly Cell[],
  terms: readonly string[],
  wants: ReadonlySet<Wanted>,
): string {
  const asked = new Set(terms);
  const hits = (text: string) => analyze(text).filter((term) => asked.has(term)).length;
  const subject = cells.reduce(
    (best, cell) => (hits(cell.value) > hits(best.value) ? cell : best),
    cells[0] ?? { title: "", value: "" },
  );
  const others = cells.filter((cell) => cell !== subject);
  const isAsked = ({ title }: Cell) =>
    hits(title) > 0 || [...wants].some((wanted) => COLUMNS[wanted]?.test(title) ?? false);
  const chosen = others.length > WHOLE ? others.filter(isAsked) : [];
  const said = (chosen.length > 0 ? chosen : others).map(({ title, value }) =>
    title ? `${title}: ${value}` : value,
  );
  return said.length > 0 ? `${subject.value} — ${said.join("; ")}.` : `${subject.value}.`;
}
