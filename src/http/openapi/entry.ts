/** What the API reference says about a route beyond its schemas and permissions, which the route itself tells. */
import * as z from "zod";
import type { ErrorCode } from "../../errors.ts";

/** A body that is not one JSON value: a file, lines, a stream of events. */
export type Raw = {
  type: string;
  /** Of one event or line; without it the body is bytes or text. */
  each?: z.ZodType;
  description: string;
};

/** The answer has no body. */
export const NOTHING: Raw = { type: "", description: "" };

export type Answer = z.ZodType | Raw;

export type RequestBody = {
  type: string;
  schema: z.ZodType;
  /** The schema is that of one line. */
  lines?: true;
};

export type Example = {
  path?: Record<string, string>;
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  /** Sent as JSON, or by `type` as it is. */
  body?: unknown;
  type?: string;
};

export type Entry = {
  /** Unique; the name of the operation in generated clients. */
  id: string;
  summary: string;
  description?: string;
  /** Bodies that `valid("json", …)` does not check. */
  bodies?: readonly RequestBody[];
  headers?: Record<string, string>;
  /** By status. The first is what the example is answered with. */
  answers: Record<number, Answer | Answer[]>;
  /** What it fails with beyond what every route of its kind does (problems.ts). */
  errors?: readonly ErrorCode[];
  example?: Example;
};

export type Group = { name: string; description: string; entries: Record<string, Entry> };

/** @param entries by route, `GET /api/v1/documents/:id` */
export const group = (name: string, description: string, entries: Group["entries"]): Group => ({
  name,
  description,
  entries,
});

/**
 * The schema, which must say of `T` neither less nor more: the compiler notices when an answer changes.
 * @example exactly<DocumentView>()(z.strictObject({ … }))
 */
export const exactly =
  <T>() =>
  <S extends z.ZodType<T>>(schema: S & (T extends z.output<S> ? unknown : never)): S =>
    schema;

/** One page of a list. */
export const page = (entry: z.ZodType) =>
  z.strictObject({
    data: z.array(entry),
    next_cursor: z
      .string()
      .nullable()
      .describe("Give it as `cursor` to get the next page; null on the last one."),
  });

export const CSV: Raw = { type: "text/csv", description: "The same as a table, with `format=csv`." };

/** Rows as JSON or as a table. */
export const rows = (row: z.ZodType) => ({ 200: [z.strictObject({ data: z.array(row) }), CSV] });

/** An object that has every one of `keys`. */
export const byKey = <const Key extends string, Value extends z.ZodType>(
  keys: readonly Key[],
  value: Value,
) => z.strictObject(Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, Value>);

export const id = z.uuid();
export const moment = z.iso.datetime();

/** A file in a form; forms carry it as bytes. */
export const file = z.file();

/** What goes wrong with a provider of models (infra/openai/failure.ts). */
export const FAULTS = [
  "rate_limited",
  "overloaded",
  "unreachable",
  "timeout",
  "cut",
  "unreadable",
  "empty",
  "misconfigured",
  "too_long",
  "refused",
  "content_policy",
] as const;
