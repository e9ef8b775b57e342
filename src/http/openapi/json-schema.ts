/** Zod schemas as JSON Schema; those with a name are kept once, under `components`. */
import * as z from "zod";

export type JsonSchema = { [key: string]: unknown };

/** Their format says it; the pattern is half a page. */
const PLAIN_FORMATS = ["uuid", "email", "date-time", "uri"];

/** What callers send, or what they get. */
export type Direction = "input" | "output";

/** @param named gets the schemas that `.meta({ id })` gives a name, unless it has them */
export function jsonSchema(
  schema: z.ZodType,
  direction: Direction,
  named: Record<string, JsonSchema>,
): JsonSchema {
  const {
    $schema: _,
    $defs = {},
    ...whole
  } = z.toJSONSchema(schema, {
    io: direction,
    unrepresentable: "any",
    override: ({ jsonSchema: made }) => {
      if (PLAIN_FORMATS.includes(made.format ?? "")) delete made.pattern;
      if (made.contentEncoding === "binary") delete made.contentEncoding;
      // A client must bear members that are added later.
      if (direction === "output" && made.additionalProperties === false) delete made.additionalProperties;
    },
  });
  for (const [name, part] of Object.entries($defs)) named[name] ??= pointed(part);
  return pointed(whole);
}

const pointed = (schema: object): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;
