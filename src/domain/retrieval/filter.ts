/** Which documents a search keeps to: comparisons of labels and of what we know about a document, in OpenAI's grammar. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../context.ts";
import { SUPPORTED } from "../ingestion/extract/detect.ts";
import type { Format } from "../ingestion/extract/types.ts";

const MAX_DEPTH = 6;
const MAX_COMPARISONS = 100;
const MAX_VALUES = 100;

/** Postgres holds neither U+0000 nor half of a character. */
const Text = z
  .string()
  .max(512)
  .refine(
    (text) => !text.includes("\u0000") && text.isWellFormed(),
    "may not contain U+0000 or half a character",
  );
const Key = Text.min(1).max(64);
const Scalar = z.union([Text, z.number(), z.boolean()], { error: "must be text, a number, true or false" });
const Ordered = z.union([Text, z.number()], { error: "must be a number, a date or text" });

const Equality = z.object({ type: z.enum(["eq", "ne"]), key: Key, value: Scalar });
const Order = z.object({ type: z.enum(["gt", "gte", "lt", "lte"]), key: Key, value: Ordered });
const Membership = z.object({
  type: z.enum(["in", "nin"]),
  key: Key,
  value: z.array(Scalar).min(1).max(MAX_VALUES),
});

export type Comparison = z.infer<typeof Equality> | z.infer<typeof Order> | z.infer<typeof Membership>;
export type Filter = Comparison | { type: "and" | "or"; filters: Filter[] };

const Tree: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion(
    "type",
    [
      Equality,
      Order,
      Membership,
      z.object({ type: z.enum(["and", "or"]), filters: z.array(Tree).min(1).max(MAX_COMPARISONS) }),
    ],
    { error: "must be eq, ne, gt, gte, lt, lte, in, nin, and or or" },
  ),
);

const isFormat = (value: unknown): value is Format =>
  typeof value === "string" && Object.hasOwn(SUPPORTED, value);
const isId = (value: unknown) => z.uuid().safeParse(value).success;
const isText = (value: unknown) => typeof value === "string";
const isMoment = (value: unknown) =>
  typeof value === "number"
    ? Math.abs(value) < 1e11
    : z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(value).success;

type Reserved = { is: (value: unknown) => boolean; must: string; ordered?: true };

/** Keys that speak of the document itself. Labels whose names begin like these are reached by `metadata` only. */
const RESERVED: Readonly<Record<string, Reserved>> = {
  "document.id": { is: isId, must: "an id (a UUID)" },
  "document.source_id": { is: isId, must: "an id (a UUID)" },
  "document.groups": { is: isId, must: "a group's id (a UUID)" },
  "document.name": { is: isText, must: "text" },
  "document.external_id": { is: isText, must: "text" },
  "document.access_level": {
    is: (value) => ACCESS_LEVELS.some((level) => level === value),
    must: ACCESS_LEVELS.join(" or "),
  },
  "document.format": { is: isFormat, must: `one of ${Object.keys(SUPPORTED).join(", ")}` },
  "document.created_at": { is: isMoment, must: "a date, a moment or seconds since 1970", ordered: true },
  "document.updated_at": { is: isMoment, must: "a date, a moment or seconds since 1970", ordered: true },
};
const PREFIX = "document.";

/**
 * A filter as callers write it: `{type: eq|ne|gt|gte|lt|lte|in|nin, key, value}` or `{type: and|or, filters}`, at most
 * six levels deep and a hundred comparisons. Keys are labels of `metadata`, or `document.…`.
 */
export const Filter = Tree.superRefine((filter, ctx) => {
  let comparisons = 0;
  const visit = (one: Filter, path: (string | number)[], depth: number) => {
    const issue = (message: string, at: (string | number)[]) =>
      ctx.addIssue({ code: "custom", message, path: at });
    if (depth > MAX_DEPTH) return issue(`may nest at most ${MAX_DEPTH} levels deep`, path);
    if ("filters" in one) {
      for (const [at, inner] of one.filters.entries()) visit(inner, [...path, "filters", at], depth + 1);
      return;
    }
    comparisons += 1;
    if (comparisons === MAX_COMPARISONS + 1) issue(`may make at most ${MAX_COMPARISONS} comparisons`, []);
    if (!one.key.startsWith(PREFIX)) return;
    const reserved = RESERVED[one.key];
    if (!reserved)
      return issue(`must be a label or one of ${Object.keys(RESERVED).join(", ")}`, [...path, "key"]);
    const isOrder = ["gt", "gte", "lt", "lte"].includes(one.type);
    if (isOrder !== (reserved.ordered ?? false)) {
      const types = reserved.ordered ? "gt, gte, lt or lte" : "eq, ne, in or nin";
      return issue(`must be ${types} for ${one.key}`, [...path, "type"]);
    }
    for (const [at, value] of [one.value].flat().entries()) {
      const where = Array.isArray(one.value) ? ["value", at] : ["value"];
      if (!reserved.is(value)) issue(`must be ${reserved.must}`, [...path, ...where]);
    }
  };
  visit(filter, [], 1);
});

/** The same for `kalamna.filter_sql`: formats as the content types that documents carry. */
export function filterJson(filter: Filter): string {
  return JSON.stringify(filter, (_, value: unknown) => {
    const one = value as Partial<Comparison> | null;
    if (one?.key !== "document.format" || one.value === undefined) return value;
    const mime = (format: unknown) => (isFormat(format) ? SUPPORTED[format].mime : format);
    return {
      ...one,
      key: "document.content_type",
      value: Array.isArray(one.value) ? one.value.map(mime) : mime(one.value),
    };
  });
}
