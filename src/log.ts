/** One JSON line per request and per queue message. */
import type { Log } from "./context.ts";
import type { AppError } from "./errors.ts";

type Field = string | number | boolean | null | undefined;

export type LineLog = Log & {
  /** Writes the line; call once, last. */
  write(level: "info" | "warn" | "error"): void;
};

/** @param clock milliseconds; injected so that tests can freeze it */
export function lineLog(fields: Record<string, Field>, clock: () => number = Date.now): LineLog {
  const line: Record<string, Field> = { ...fields };
  const ms: Record<string, number> = {};
  const started = clock();
  return {
    add: (more) => void Object.assign(line, more),
    async step(step, work) {
      const from = clock();
      try {
        return await work();
      } finally {
        ms[step] = (ms[step] ?? 0) + clock() - from;
      }
    },
    steps: () => ({ ...ms }),
    write(level) {
      const out = { at: new Date(clock()).toISOString(), level, ...line, ms: clock() - started, step_ms: ms };
      console[level === "info" ? "log" : level](JSON.stringify(out));
    },
  };
}

/** What went wrong, for the log only: codes and messages of the error and its causes, no values. */
export function failureFields(error: AppError): Record<string, Field> {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 4; cause = cause.cause) {
    const code = "code" in cause && typeof cause.code === "string" ? ` [${cause.code}]` : "";
    causes.push(`${cause.name}${code}: ${redact(cause.message)}`);
  }
  const stack =
    error.code === "internal" && error.cause instanceof Error ? redact(error.cause.stack ?? "") : undefined;
  return {
    code: error.code,
    ...(causes.length > 0 ? { cause: causes.join(" < ") } : {}),
    ...(stack ? { stack } : {}),
  };
}

/** Drizzle repeats parameters in its messages, and those may hold document text; mail servers repeat addresses. */
function redact(message: string): string {
  return message
    .replace(/\nparams: [\s\S]*$/, "")
    .replace(/postgres(ql)?:\/\/\S+/g, "postgres://…")
    .replace(/[^\s<>"']+@[^\s<>"']+/g, "…@…")
    .slice(0, 2_000);
}
