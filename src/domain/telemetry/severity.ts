/** How bad a log line is, in whatever words or numbers a logger says it. */

/** From the least to the worst. */
export const SEVERITIES = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Severity = (typeof SEVERITIES)[number];

const WORDS: Readonly<Record<string, Severity>> = {
  trace: "trace",
  verbose: "trace",
  debug: "debug",
  info: "info",
  information: "info",
  informational: "info",
  notice: "info",
  ok: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  err: "error",
  severe: "error",
  fatal: "fatal",
  critical: "fatal",
  crit: "fatal",
  alert: "fatal",
  emergency: "fatal",
  emerg: "fatal",
  panic: "fatal",
};

/** Numbers as pino and bunyan write them: 10 is trace, 60 is fatal. */
const STEP = 10;

/** Null when the logger did not say, or in words that we do not know. */
export function severityOf(value: unknown): Severity | null {
  const number = typeof value === "number" ? value : /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (Number.isInteger(number)) return SEVERITIES[number / STEP - 1] ?? null;
  // OpenTelemetry's own words are numbered: INFO2, ERROR4.
  return typeof value === "string" ? (WORDS[value.toLowerCase().replace(/\d$/, "")] ?? null) : null;
}

/** A line that does not say how bad it is may be as bad as any. */
export const atLeast = (severity: Severity | null, least: Severity | undefined): boolean =>
  least === undefined || severity === null || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
