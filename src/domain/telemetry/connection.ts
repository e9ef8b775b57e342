/** An organization's log server: what an administrator sets, what is stored, what the API shows. */
import * as z from "zod";
import { type BuiltIn, Redaction } from "./redact.ts";

/** Kept to ourselves: what the protocol sets, and what belongs to one connection between two machines. */
const OURS =
  /^(?:mcp-.*|accept|content-.*|host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|user-agent|expect|proxy-.*|cf-.*|x-forwarded-.*)$/i;
const MOST_HEADERS = 10;

const HeaderName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, "is no name of a header")
  .refine((name) => !OURS.test(name), "is a header that we set ourselves");
const HeaderValue = z.string().regex(/^[\x20-\x7e\t]{1,4000}$/, "may hold printable ASCII only");

const ArgumentName = z.string().min(1).max(100);
export const PARTS = ["query", "from", "to", "limit", "severity"] as const;
export type Part = (typeof PARTS)[number];

/** Which of the tool's arguments takes what; null: it has none for that. */
export const Arguments = z.strictObject({
  query: ArgumentName,
  from: ArgumentName.nullable().default(null),
  to: ArgumentName.nullable().default(null),
  limit: ArgumentName.nullable().default(null),
  severity: ArgumentName.nullable().default(null),
  /** How times are written. */
  times: z.enum(["rfc3339", "seconds", "milliseconds"]).default("rfc3339"),
  /** Sent with every search, e.g. the name of an index. */
  constants: z
    .record(ArgumentName, z.union([z.string().max(500), z.number(), z.boolean()]))
    .refine((values) => Object.keys(values).length <= 20, "may have at most 20 entries")
    .default({}),
});
export type Arguments = z.infer<typeof Arguments>;

export const ConnectionInput = z
  .strictObject({
    /** Absent: address and credentials stay as they are. */
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional(),
    /** Short for an `authorization` header. */
    bearer: z
      .string()
      .regex(/^[\x21-\x7e]{1,4000}$/, "may hold printable ASCII only")
      .optional(),
    headers: z
      .record(HeaderName, HeaderValue)
      .refine(
        (headers) => Object.keys(headers).length < MOST_HEADERS,
        `may have at most ${MOST_HEADERS - 1} entries`,
      )
      .optional(),
    tool: z.string().trim().min(1).max(200).default("search_logs"),
    /** Absent: read from what the tool says of its arguments. */
    arguments: Arguments.optional(),
    redaction: Redaction.prefault({}),
  })
  .refine(
    ({ url, bearer, headers }) => url !== undefined || (bearer === undefined && headers === undefined),
    {
      path: ["url"],
      message: "Credentials come with the address that they are for.",
    },
  );
export type ConnectionInput = z.infer<typeof ConnectionInput>;

export type ConnectionView = {
  /** Where the server is; the rest of its address may be a secret. */
  origin: string;
  /** Names of the headers that it is sent. */
  headers: string[];
  tool: string;
  arguments: Arguments;
  redaction: { built_in: BuiltIn[]; rules: { name: string; pattern: string }[] };
  created_at: string;
  updated_at: string;
};

/** Names in use, the usual ones first. */
const NAMES: Record<Part, readonly string[]> = {
  query: ["query", "q", "lucene", "search", "filter", "expression", "query_string"],
  from: ["from", "start", "start_time", "startTime", "startRfc3339", "since", "begin", "from_time"],
  to: ["to", "end", "end_time", "endTime", "endRfc3339", "until", "to_time"],
  limit: ["limit", "size", "count", "max_results", "maxResults", "top", "page_size"],
  severity: ["severity", "level", "min_severity", "min_level", "log_level"],
};

const Schema = z.object({
  properties: z.record(z.string(), z.looseObject({ type: z.unknown() })).default({}),
});

/** Reads from a tool's input schema which argument is for what; undefined when none takes a query. */
export function argumentsOf(inputSchema: Record<string, unknown>): Arguments | undefined {
  const properties = Schema.safeParse(inputSchema).data?.properties ?? {};
  const named = (part: Part) => NAMES[part].find((name) => name in properties) ?? null;
  const query = named("query");
  if (query === null) return undefined;
  const from = named("from");
  const type = from === null ? undefined : properties[from]?.type;
  return {
    query,
    from,
    to: named("to"),
    limit: named("limit"),
    severity: named("severity"),
    times: type === "integer" || type === "number" ? "milliseconds" : "rfc3339",
    constants: {},
  };
}
