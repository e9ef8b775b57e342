/** The stack's own log lines as a log server would give them: newest first, searched, without the letters of its mailbox. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import * as z from "zod";
import { type Fields, matcher } from "./query.ts";

/** From the end of the file: some days of one person's work. */
const READ_BYTES = 16 * 1024 * 1024;
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"];

const Line = z.looseObject({ at: z.string(), level: z.string() });
type Line = z.infer<typeof Line>;

export type LogQuery = {
  query: string;
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  severity?: string | undefined;
};

/** @throws Error with one sentence for a query that is not Lucene's */
export function searchLines(file: string, { query, from, to, limit = 100, severity }: LogQuery): object[] {
  const matches = matcher(query);
  const least = severity === undefined ? 0 : LEVELS.indexOf(severity);
  const found: object[] = [];
  for (const text of tailOf(file).split("\n").reverse()) {
    const line = lineOf(text);
    if (!line || (from && line.at < from) || (to && line.at > to)) continue;
    if (LEVELS.indexOf(line.level) < least) continue;
    const { at: time, ...rest } = line;
    const shown = { time, message: summaryOf(line), ...rest };
    if (matches(flat(shown))) found.push(shown);
    if (found.length === limit) break;
  }
  return found;
}

function tailOf(file: string): string {
  if (!existsSync(file)) return "";
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, READ_BYTES));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8");
  } finally {
    closeSync(handle);
  }
}

/** The first line may be cut, others may be no JSON; letters hold codes that are for their reader only. */
function lineOf(text: string): Line | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { data } = Line.safeParse(JSON.parse(text));
    return data && !("mailbox" in data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** `POST /api/v1/query 200`, or what deferred work it was and how it ended. */
function summaryOf(line: Line): string {
  const { method, route, job, status, code, cause } = line;
  const what = [method, route, job, status, code].filter((part) => part !== undefined && part !== null);
  return `${what.join(" ") || line.level}${typeof cause === "string" ? `: ${cause}` : ""}`;
}

function flat(line: object): Fields {
  const fields = new Map<string, string>();
  const visit = (value: unknown, name: string) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, name ? `${name}.${key}` : key);
    } else if (value !== null && value !== undefined) fields.set(name, String(value));
  };
  visit(line, "");
  return fields;
}
