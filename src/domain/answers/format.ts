/** The form a caller wants the answer in: text, any JSON object, or JSON that fits a schema. */
import * as z from "zod";
import { schemaFault } from "./schema.ts";

const Schema = z.record(z.string(), z.unknown()).superRefine((schema, ctx) => {
  const fault = schemaFault(schema);
  if (fault !== null) ctx.addIssue({ code: "custom", message: fault });
});

/** As OpenAI's API writes it. */
export const ResponseFormat = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({
      name: z.string().regex(/^[\w-]{1,64}$/, "may hold letters, digits, _ and -"),
      description: z.string().max(1_000).optional(),
      schema: Schema,
      strict: z.boolean().nullish(),
    }),
  }),
]);
export type ResponseFormat = z.infer<typeof ResponseFormat>;
export type JsonFormat = Exclude<ResponseFormat, { type: "text" }>;

/** Null where text is wanted. */
export const jsonFormat = (format: ResponseFormat | undefined): JsonFormat | null =>
  format && format.type !== "text" ? format : null;

/** What the prompt says of it. */
export function formatRule(format: JsonFormat): string {
  const shape =
    format.type === "json_object"
      ? "Reply with one JSON object and nothing else."
      : `Reply with one JSON value and nothing else, which fits this JSON Schema:\n${JSON.stringify(format.json_schema.schema)}`;
  return `${shape}\nWrite the marks with their copied words inside the string values, behind the statement that they support, with the quotation marks escaped: "It takes 5 days [1: \\"copied words\\"]". Values that are not sentences, such as numbers, dates, names and choices, carry no mark.`;
}
