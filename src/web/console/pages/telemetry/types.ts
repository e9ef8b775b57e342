/** A log server's connection and its lines, as the API writes them. */
import type { Schemas } from "../../typed.ts";

export const SEVERITIES = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Connection = Schemas["LogConnection"];
export type BuiltIn = Connection["redaction"]["built_in"][number];

export const BUILT_IN: readonly BuiltIn[] = ["email", "bearer", "api_key", "card"];

export type LogLine = Schemas["LogLine"];
