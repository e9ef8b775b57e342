/** One JSON line per request and per queue message. */
import type { Log } from "./context.ts";
import type { AppError } from "./errors.ts";
import { NO_SPAN, type Trace } from "./infra/trace/port.ts";

type Field = string | number | boolean | null | undefined;

export type LineLog = Log & {
  /** Writes the line; call once, last. */
  write(level: "info" | "warn" | "error"): void;
};

/** Fields of the line that the trace has as well, by their names there: ids and words out of few. */
const TRACED: Record<string, string> = {
  request_id: "kalamna.request_id",
  org: "kalamna.org_id",
  document: "kalamna.document_id",
  job: "kalamna.job",
  outcome: "kalamna.outcome",
  code: "kalamna.code",
  route: "http.route",
  status: "http.response.status_code",
};

/**
 * @param trace whose steps these are, and that is told how it went
 * @param clock milliseconds; injected so that tests can freeze it
 */
export function lineLog(
  fields: Record<string, Field>,
  trace?: Pick<Trace, "id" | "spanId" | "set" | "fail" | "run">,
  clock: () => number = Date.now,
): LineLog {
  const line: Record<string, Field> = {
    ...fields,
    ...(trace ? { trace_id: trace.id, span_id: trace.spanId } : {}),
  };
  const ms: Record<string, number> = {};
  const started = clock();
  return {
    add: (more) => void Object.assign(line, more),
    async step(step, work, { span = step, ...about } = {}) {
      const from = clock();
      try {
        return await (trace && span !== false ? trace.run(span, about, work) : work(NO_SPAN));
      } finally {
        ms[step] = (ms[step] ?? 0) + clock() - from;
      }
    },
    mark(step) {
      ms[step] = clock() - started;
    },
    steps: () => ({ ...ms }),
    write(level) {
      trace?.set(tracedFields(line));
      if (level !== "info") trace?.fail(String(line.code ?? line.outcome ?? level));
      const out = { at: new Date(clock()).toISOString(), level, ...line, ms: clock() - started, step_ms: ms };
      console[level === "info" ? "log" : level](JSON.stringify(out));
    },
  };
}

const tracedFields = (line: Record<string, Field>): Record<string, Field> =>
  Object.fromEntries(Object.entries(TRACED).map(([field, name]) => [name, line[field]]));

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
