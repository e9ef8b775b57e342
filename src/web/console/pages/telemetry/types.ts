/** A log server's connection and its lines, as the API writes them. */
export const SEVERITIES = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const BUILT_IN = ["email", "bearer", "api_key", "card"] as const;
export type BuiltIn = (typeof BUILT_IN)[number];

export type Connection = {
  origin: string;
  headers: string[];
  tool: string;
  arguments: Record<string, unknown>;
  redaction: { built_in: BuiltIn[]; rules: { name: string; pattern: string }[] };
};

export type LogLine = {
  time: string | null;
  severity: Severity | null;
  message: string;
  attributes: Record<string, string | number | boolean | null>;
};
