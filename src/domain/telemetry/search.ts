/** Searches an organization's production logs, where its own log server keeps them. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Arguments } from "./connection.ts";
import { type Connection, open } from "./get.ts";
import { type LogLine, linesIn } from "./lines.ts";
import { redactor } from "./redact.ts";
import { atLeast, SEVERITIES } from "./severity.ts";

/** Back from now, where the caller does not say, in milliseconds. */
const AN_HOUR = 3_600_000;

const Moment = z.iso.datetime({ offset: true });

export const SearchLogsInput = z
  .strictObject({
    /** In Lucene's words, as far as the log server understands them. */
    query: z.string().trim().min(1).max(2_000).default("*"),
    /** An hour before `to` when absent. */
    from: Moment.optional(),
    /** Now when absent. */
    to: Moment.optional(),
    limit: z.int().min(1).max(500).default(100),
    /** Lines at least as bad as this. */
    severity: z.enum(SEVERITIES).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ["to"],
    message: "must be later than from",
  });
export type SearchLogsInput = z.infer<typeof SearchLogsInput>;

/**
 * Newest first, redacted by the organization's rules.
 * @throws AppError `telemetry_not_connected` | `telemetry_tool_failed` with the tool's words | what asking the server throws
 */
export async function searchLogs(ctx: Ctx<UserActor>, input: SearchLogsInput): Promise<LogLine[]> {
  return searchIn(ctx, await open(ctx), input);
}

/** The same where the connection is open already. */
export async function searchIn(
  ctx: Ctx,
  { server, tool, arguments: mapping, redaction }: Connection,
  input: SearchLogsInput,
): Promise<LogLine[]> {
  const span = spanOf(input, ctx.now());
  const call = { name: tool, arguments: toolArguments(mapping, input, span) };
  const result = await ctx.log.step("telemetry", () => ctx.ports.mcp.callTool(server, call, ctx));
  const redact = redactor(redaction);
  if (result.isError) {
    const words = redact({
      time: null,
      severity: null,
      message: result.texts.join(" "),
      attributes: {},
    }).message;
    throw new AppError("telemetry_tool_failed", {
      detail: `The log server says: ${words.trim().slice(0, 500) || "nothing."}`,
    });
  }
  const lines = linesIn(result)
    .filter(({ severity }) => atLeast(severity, input.severity))
    .filter(({ time }) => time === null || within(Date.parse(time), span))
    .sort((one, other) => (other.time ?? "").localeCompare(one.time ?? ""))
    .slice(0, input.limit)
    .map(redact);
  ctx.log.add({ log_lines: lines.length });
  return lines;
}

type Span = { from: Date; to: Date };

function spanOf({ from, to }: SearchLogsInput, now: Date): Span {
  const end = to === undefined ? now : new Date(to);
  return { from: from === undefined ? new Date(end.getTime() - AN_HOUR) : new Date(from), to: end };
}

/** Servers round; what was written in the same second counts. */
const within = (time: number, { from, to }: Span) =>
  time >= from.getTime() - 1_000 && time <= to.getTime() + 1_000;

function toolArguments(mapping: Arguments, input: SearchLogsInput, span: Span): Record<string, unknown> {
  const { query, from, to, limit, severity, times, constants } = mapping;
  const moment = (date: Date) =>
    times === "rfc3339" ? date.toISOString() : Math.floor(date.getTime() / (times === "seconds" ? 1_000 : 1));
  const optional: [string | null, unknown][] = [
    [from, moment(span.from)],
    [to, moment(span.to)],
    [limit, input.limit],
    [severity, input.severity],
  ];
  const given = optional.flatMap(([name, value]) =>
    name === null || value === undefined ? [] : [[name, value] as const],
  );
  return { ...constants, [query]: input.query, ...Object.fromEntries(given) };
}
