/** Finds the log lines that may answer a question asked in a conversation. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { analyze, isStopWord } from "../../text/analyze.ts";
import { type Connection, open } from "./get.ts";
import type { LogLine } from "./lines.ts";
import { searchIn } from "./search.ts";
import { SEVERITIES } from "./severity.ts";

/** Lines that an answer is drawn from; more would bury the documents. */
const MOST_LINES = 12;
/** Lines that are looked at to find them. */
const LOOKED_AT = 200;
const MOST_TERMS = 12;

const MINUTE = 60_000;
const UNITS: readonly [RegExp, number][] = [
  [/^min|^دقيق|^دقائق/, MINUTE],
  [/^h|^ساع/, 60 * MINUTE],
  [/^d|^يوم|^أيام/, 24 * 60 * MINUTE],
  [/^w|^أسبوع/, 7 * 24 * 60 * MINUTE],
];
const SPAN =
  /(?<![\p{L}\p{N}])(?:(\d{1,4})\s*)?(minutes?|mins?|hours?|days?|weeks?|دقيقة|دقائق|ساعة|ساعات|يوم|أيام|أسبوع)(?!\p{L})/iu;
const TROUBLE = /error|fail|exception|crash|broke|down|wrong|outage|5\d\d|خطأ|أخطاء|فشل|عطل/iu;
/** They say where and when to look, not what for. */
const FRAME = new Set(
  analyze(
    "log logs line lines error errors fail failed failing failure exception production prod last past since today yesterday hour hours minute minutes day days week happened happening happen went wrong show find there service system آخر الأخطاء أخطاء خطأ سجل سجلات السجلات",
  ),
);
/** What is looked for as it stands: paths, names with marks in them, numbers, and what is quoted. */
const EXACT = /"([^"\n]{2,200})"|(?<![\w/])\/?[\w-]+(?:[._:/-][\w-]+)+|\b[a-z]*\d[\w]*\b/giu;

export type Wanted = { terms: string[]; stems: Set<string>; from: Date; to: Date; trouble: boolean };

/** What a question asks of the logs: words to look for, since when, and whether it is about something that went wrong. */
export function wantedBy(question: string, now: Date): Wanted {
  const span = SPAN.exec(question);
  const unit = UNITS.find(([name]) => name.test(span?.[2]?.toLowerCase() ?? ""))?.[1];
  const back = unit === undefined ? 24 * 60 * MINUTE : unit * Number(span?.[1] ?? 1);
  const rest = span ? question.replace(span[0], " ") : question;
  const exact = [...rest.matchAll(EXACT)].map(([whole, quoted]) => quoted ?? whole);
  const words = (rest.match(/[\p{L}\p{M}\p{N}_]{3,}/gu) ?? []).filter((word) =>
    analyze(word).some((stem) => !isStopWord(stem) && !FRAME.has(stem)),
  );
  const terms = [...new Set([...exact, ...words].map((term) => term.replace(/["\\]/g, " ").trim()))];
  return {
    terms: terms.filter((term) => term !== "").slice(0, MOST_TERMS),
    stems: new Set(analyze(rest).filter((stem) => !isStopWord(stem) && !FRAME.has(stem))),
    from: new Date(now.getTime() - Math.min(back, 30 * 24 * 60 * MINUTE)),
    to: now,
    trouble: TROUBLE.test(question),
  };
}

/** @throws AppError `forbidden` for whoever may not search the logs: they are never somebody's who only asks */
export function demandTelemetry({ actor }: Ctx): void {
  if (actor.kind === "user" && actor.role === "admin" && actor.access === "internal") return;
  throw new AppError("forbidden", { detail: "Only an internal administrator asks the logs (telemetry)." });
}

export type Found = { origin: string; lines: LogLine[] };

/**
 * What speaks of the question's words, and what went wrong if it asks for that; the most telling first. The log server
 * is asked once the returned function is called.
 * @throws AppError `forbidden` | `telemetry_not_connected`; the function, what searching the logs throws
 */
export async function linesFor(ctx: Ctx, question: string): Promise<() => Promise<Found>> {
  demandTelemetry(ctx);
  const connection = await open(ctx);
  return () => search(ctx, connection, question);
}

async function search(ctx: Ctx, connection: Connection, question: string): Promise<Found> {
  const wanted = wantedBy(question, ctx.now());
  const { terms, trouble } = wanted;
  const [from, to] = [wanted.from.toISOString(), wanted.to.toISOString()];
  const look = (query: string, severity?: "warn") =>
    searchIn(ctx, connection, { query, from, to, limit: LOOKED_AT, ...(severity ? { severity } : {}) });
  const searches = [
    ...(terms.length > 0 ? [look(terms.map((term) => `"${term}"`).join(" OR "))] : []),
    ...(trouble ? [look("*", "warn")] : []),
    ...(terms.length === 0 && !trouble ? [look("*")] : []),
  ];
  const found = (await Promise.all(searches)).flat();
  const lines = [...new Map(found.map((line) => [JSON.stringify(line), line])).values()];
  const rated = lines.map((line) => ({ line, rate: rate(line, wanted) }));
  // Equally telling lines stay in the order of their time.
  rated.sort((one, other) => other.rate - one.rate);
  return {
    origin: new URL(connection.server.url).host,
    lines: rated.slice(0, MOST_LINES).map(({ line }) => line),
  };
}

/** Share of the question's words that the line holds, and a little for what is bad when that was asked for. */
function rate(line: LogLine, { stems, trouble }: Wanted): number {
  const held = new Set(analyze(textOf(line)));
  const shared = [...stems].filter((stem) => held.has(stem)).length;
  const bad = line.severity === null ? 0 : SEVERITIES.indexOf(line.severity) / (SEVERITIES.length - 1);
  return shared / Math.max(1, stems.size) + (trouble ? bad : 0);
}

/** Of attributes what fits on a screen. */
const MOST_ATTRIBUTES = 25;
const LONGEST_VALUE = 200;
const LONGEST_MESSAGE = 1_500;

/** A line as a source says it: when, how bad, what, and its fields. */
export function textOf({ time, severity, message, attributes }: LogLine): string {
  const head = [time, severity?.toUpperCase()].filter(Boolean).join(" ");
  const fields = Object.entries(attributes)
    .slice(0, MOST_ATTRIBUTES)
    .map(([name, value]) => `${name}=${String(value).slice(0, LONGEST_VALUE)}`);
  return [`${head}${head ? " " : ""}${message.slice(0, LONGEST_MESSAGE)}`, fields.join(" ")]
    .filter(Boolean)
    .join("\n");
}
