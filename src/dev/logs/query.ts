/** Lucene queries over log lines: fields, AND, OR, NOT, quotes, wildcards, ranges, groups. */
import lucene from "lucene";

/** A line's fields, nested names joined with dots. */
export type Fields = ReadonlyMap<string, string>;
export type Match = (fields: Fields) => boolean;

type Term = { field: string; term: string; quoted: boolean; prefix?: string | null };
type Range = {
  field: string;
  term_min: string;
  term_max: string;
  inclusive: "both" | "left" | "right" | "none";
};
type Group = { left?: Node | null; operator?: string; right?: Node | null; start?: string; field?: string };
type Node = Term | Range | Group;

const ANY_FIELD = "<implicit>";
const COMPARISON = /^(>=?|<=?)(.+)$/;

/** @throws Error with one sentence for a query that is not Lucene's */
export function matcher(query: string): Match {
  let parsed: Node;
  try {
    parsed = lucene.parse(escaped(query)) as Node;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`That is no Lucene query: ${why}`);
  }
  return compile(parsed, ANY_FIELD);
}

/** A slash begins a regular expression, which nobody wants to write in front of a path. */
const escaped = (query: string) =>
  query.replace(/"(?:[^"\\]|\\.)*"|\//g, (part) => (part === "/" ? "\\/" : part));

function compile(node: Node, outer: string): Match {
  if ("term_min" in node) return range(node, fieldOf(node.field, outer));
  if ("term" in node) return term(node, outer);
  const { left, operator = ANY_FIELD, right, start, field } = node;
  const inner = fieldOf(field ?? ANY_FIELD, outer);
  const first = left ? compile(left, inner) : () => true;
  const one: Match = start === "NOT" ? (fields) => !first(fields) : first;
  if (!right) return one;
  const two = compile(right, inner);
  const negated = operator.endsWith("NOT");
  const other: Match = negated ? (fields) => !two(fields) : two;
  // What stands side by side must hold together, as log searches have it.
  return operator.startsWith("OR")
    ? (fields) => one(fields) || other(fields)
    : (fields) => one(fields) && other(fields);
}

const fieldOf = (field: string, outer: string) => (field === ANY_FIELD ? outer : field);

function term({ field, term: text, quoted, prefix }: Term, outer: string): Match {
  const negated = prefix === "-" || prefix === "!" || field.startsWith("-");
  const name = fieldOf(field.replace(/^[-+](?!$)/, ""), outer);
  const [, sign, bound] = quoted ? [] : (COMPARISON.exec(text) ?? []);
  const fits = sign !== undefined && bound !== undefined ? compared(sign, bound) : worded(text, quoted);
  const found: Match = (fields) =>
    name === ANY_FIELD ? [...fields.values()].some(fits) : fits(fields.get(name));
  return negated ? (fields) => !found(fields) : found;
}

/** In every field a word is looked for; in a named one it is the value, or one of its words. */
function worded(text: string, quoted: boolean): (value: string | undefined) => boolean {
  const wanted = text.replace(/\\(.)/g, "$1").toLowerCase();
  if (wanted === "*") return (value) => value !== undefined;
  if (quoted || !/[*?]/.test(wanted)) {
    return (value) => {
      const held = value?.toLowerCase();
      if (held === undefined) return false;
      return held === wanted || ` ${held.replace(/[\s,;"'()[\]]+/g, " ")} `.includes(` ${wanted} `);
    };
  }
  const parts = wanted
    .split("*")
    .map((part) => part.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("?", "."));
  const whole = new RegExp(`^${parts.join("[^]*?")}$`);
  return (value) => value !== undefined && whole.test(value.toLowerCase());
}

function compared(sign: string, bound: string): (value: string | undefined) => boolean {
  return (value) => {
    if (value === undefined) return false;
    const order = orderOf(value, bound);
    if (sign === ">") return order > 0;
    if (sign === ">=") return order >= 0;
    return sign === "<" ? order < 0 : order <= 0;
  };
}

function range({ term_min: low, term_max: high, inclusive }: Range, name: string): Match {
  const above = low === "*" ? null : compared(inclusive === "both" || inclusive === "left" ? ">=" : ">", low);
  const below =
    high === "*" ? null : compared(inclusive === "both" || inclusive === "right" ? "<=" : "<", high);
  return (fields) => {
    const value = fields.get(name);
    return value !== undefined && (above?.(value) ?? true) && (below?.(value) ?? true);
  };
}

/** Numbers as numbers, everything else (times, too) letter by letter. */
function orderOf(one: string, other: string): number {
  const difference = Number(one) - Number(other);
  return Number.isNaN(difference) ? (one < other ? -1 : one > other ? 1 : 0) : difference;
}
