/** Log lines in one form, from whatever form a log server's tool answers in. */
import type { McpResult } from "../../infra/mcp/port.ts";
import { type Severity, severityOf } from "./severity.ts";

export type LogLine = {
  /** ISO 8601; null when the line does not say. */
  time: string | null;
  severity: Severity | null;
  message: string;
  /** Everything else, nested names joined with dots. */
  attributes: Record<string, string | number | boolean | null>;
};

const LONGEST_MESSAGE = 4_000;
const LONGEST_VALUE = 1_000;
const MOST_ATTRIBUTES = 60;
const DEEPEST = 4;

/** Names under which tools put their list, the usual ones first. */
const LISTS = [
  "lines",
  "logs",
  "entries",
  "results",
  "hits",
  "events",
  "records",
  "items",
  "messages",
  "rows",
  "data",
  "values",
  "result",
];
const TIMES = [
  "@timestamp",
  "timestamp",
  "time",
  "ts",
  "datetime",
  "date",
  "eventTime",
  "timeUnixNano",
  "observedTimestamp",
];
const LEVELS = [
  "severity",
  "level",
  "severityText",
  "severity_text",
  "log.level",
  "loglevel",
  "lvl",
  "status",
];
const TEXTS = ["message", "msg", "body", "text", "line", "log", "event", "error"];

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the tool found, in its order. Structured content goes first; text is JSON, JSON lines, or lines. */
export function linesIn({ structured, texts }: Pick<McpResult, "structured" | "texts">): LogLine[] {
  const listed = structured === null ? undefined : listIn(structured);
  const entries = listed ?? texts.flatMap(entriesOfText);
  return entries.flatMap((entry) => {
    const line = lineOf(entry);
    return line ? [line] : [];
  });
}

function entriesOfText(text: string): unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return listIn(whole) ?? [whole];
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => parsed(line) ?? line);
}

/** The first list in it; Elasticsearch has one of `hits` inside of `hits`. */
function listIn(value: unknown, depth = 0): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value) || depth > 2) return undefined;
  for (const name of LISTS) {
    const found = listIn(value[name], depth + 1);
    if (found) return found;
  }
  return undefined;
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lineOf(entry: unknown): LogLine | null {
  if (typeof entry === "string") {
    const inside = parsed(entry);
    return isObject(inside) ? lineOfFields(inside) : lineOfText(entry);
  }
  // Loki's pairs: nanoseconds and the line.
  if (Array.isArray(entry) && entry.length === 2 && typeof entry[1] === "string") {
    const line = lineOf(entry[1]);
    return line && { ...line, time: line.time ?? timeOf(entry[0]) };
  }
  return isObject(entry) ? lineOfFields(isObject(entry._source) ? entry._source : entry) : null;
}

/** `2026-11-30T07:00:00Z ERROR …`: what stands in front says when and how bad. */
function lineOfText(text: string): LogLine {
  const [, stamp = ""] =
    /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]?\s/.exec(text) ?? [];
  const [, word = ""] = /^[\s[\]|:-]{0,4}([A-Za-z]{2,13})\b/.exec(text.slice(stamp.length)) ?? [];
  return {
    time: stamp ? timeOf(stamp.replace(",", ".")) : null,
    severity: severityOf(word),
    message: cut(text),
    attributes: {},
  };
}

function lineOfFields(fields: Fields): LogLine {
  const flat = flattened(fields);
  const take = (names: readonly string[], fits: (value: unknown) => boolean) => {
    const name = names.find((one) => flat.has(one) && fits(flat.get(one)));
    const value = name === undefined ? undefined : flat.get(name);
    if (name !== undefined) flat.delete(name);
    return value;
  };
  const time = timeOf(take(TIMES, (value) => timeOf(value) !== null));
  const severity = severityOf(take(LEVELS, (value) => severityOf(value) !== null));
  const text = take(TEXTS, (value) => typeof value === "string" && value !== "");
  const inside = typeof text === "string" ? parsed(text) : undefined;
  // A collector wraps what the program wrote.
  if (isObject(inside)) {
    const line = lineOfFields(inside);
    return {
      time: time ?? line.time,
      severity: severity ?? line.severity,
      message: line.message,
      attributes: { ...attributesOf(flat), ...line.attributes },
    };
  }
  const message = typeof text === "string" ? text : summaryOf(flat);
  return { time, severity, message: cut(message), attributes: attributesOf(flat) };
}

/** A line without words: its fields. */
const summaryOf = (flat: ReadonlyMap<string, unknown>) =>
  [...flat].map(([name, value]) => `${name}=${value}`).join(" ");

const attributesOf = (flat: ReadonlyMap<string, string | number | boolean | null>): LogLine["attributes"] =>
  Object.fromEntries(
    [...flat]
      .slice(0, MOST_ATTRIBUTES)
      .map(([name, value]) => [name, typeof value === "string" ? value.slice(0, LONGEST_VALUE) : value]),
  );

function flattened(fields: Fields) {
  const flat = new Map<string, string | number | boolean | null>();
  const visit = (value: unknown, name: string, depth: number) => {
    if (isObject(value) && depth < DEEPEST) {
      for (const [key, inner] of Object.entries(value))
        visit(inner, name ? `${name}.${key}` : key, depth + 1);
    } else if (value === null || ["string", "number", "boolean"].includes(typeof value)) {
      flat.set(name, value as string | number | boolean | null);
    } else if (value !== undefined) flat.set(name, JSON.stringify(value));
  };
  visit(fields, "", 0);
  return flat;
}

const cut = (text: string) => (text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text);

/** Text, or a number since 1970 whose size says whether it counts seconds, or thousandths to billionths of them. */
function timeOf(value: unknown): string | null {
  const number = typeof value === "string" && /^\d{9,19}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === "number") {
    if (!(number > 1e8)) return null;
    const power = Math.max(0, Math.floor((Math.log10(number) - 8) / 3));
    return isoOf(new Date((number / 1_000 ** power) * 1_000));
  }
  return typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) ? isoOf(new Date(value)) : null;
}

const isoOf = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : date.toISOString());
