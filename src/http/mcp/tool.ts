/** A verb of the domain as a tool: what it is called, who may call it, its schemas, and its result in MCP's words. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { type AppError, toAppError } from "../../errors.ts";
import { failureFields } from "../../log.ts";
import type { Action } from "../permissions.ts";
import { problem } from "../problem.ts";
import { invalid } from "../validate.ts";

/** What tools get to work with. */
export type McpCtx = Ctx & { maxFileBytes: number };

export type Link = { type: "resource_link"; uri: string; name: string; mimeType: string };

/** The same twice: for programs, and for a model to read. */
export type Said<T> = { structured: T; text: string; links?: readonly Link[] };

export type Tool = {
  name: string;
  /** What the caller must be allowed. */
  action: Action;
  /** As `tools/list` shows it. */
  described(): object;
  /** @throws AppError when the caller has no credential that counts any more, or the fault is ours */
  call(ctx: McpCtx, args: unknown): Promise<object>;
};

type Definition<I extends z.ZodObject, O extends z.ZodObject> = {
  name: string;
  title: string;
  /** When to call it and what comes back, for a model. */
  description: string;
  action: Action;
  /** What it does besides reading. */
  changes?: { destructiveHint: boolean; idempotentHint: boolean };
  input: I;
  output: O;
  run(ctx: McpCtx, input: z.output<I>): Promise<Said<z.input<O>>>;
};

export function tool<I extends z.ZodObject, O extends z.ZodObject>(definition: Definition<I, O>): Tool {
  const { name, title, description, action, changes, input, output, run } = definition;
  let described: object | undefined;
  return {
    name,
    action,
    described() {
      // Schemas are made when the first caller wants them: an isolate that serves no MCP client pays nothing.
      described ??= {
        name,
        title,
        description,
        inputSchema: schemaOf(input, "input"),
        outputSchema: schemaOf(output, "output"),
        annotations: { title, readOnlyHint: changes === undefined, ...changes, openWorldHint: false },
      };
      return described;
    },
    async call(ctx, args) {
      try {
        const given = input.safeParse(args);
        if (!given.success) throw invalid(given.error);
        const { structured, text, links = [] } = await run(ctx, given.data);
        return { content: [{ type: "text", text }, ...links], structuredContent: structured, isError: false };
      } catch (thrown) {
        return failed(ctx, toAppError(thrown));
      }
    },
  };
}

/** What a model can read and mend is a result. */
function failed(ctx: McpCtx, error: AppError): object {
  if (error.status === 401 || error.code === "internal") throw error;
  ctx.log.add(failureFields(error));
  const wait = error.retryAfter === undefined ? "" : ` Try again in ${Math.ceil(error.retryAfter)} s.`;
  return {
    content: [{ type: "text", text: `${error.code}: ${error.message}${wait}` }],
    isError: true,
    _meta: { "dev.kalamna/problem": problem(error, ctx.requestId) },
  };
}

/** Their format says it; the pattern is half a page. */
const PLAIN_FORMATS = ["uuid", "date-time"];

function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (PLAIN_FORMATS.includes(jsonSchema.format ?? "")) delete jsonSchema.pattern;
      // A client must bear members that are added later.
      if (io === "output" && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
  return made;
}
