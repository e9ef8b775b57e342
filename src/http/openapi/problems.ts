/** Which errors a route can answer with, and how the reference shows them. */
import * as z from "zod";
import { ERRORS, type ErrorCode } from "../../errors.ts";
import type { Entry } from "./entry.ts";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";
import type { Route } from "./routes.ts";

export const Problem = z
  .looseObject({
    type: z.string().describe("Address of the error's name."),
    title: z.string().describe("The same for every error with this code."),
    status: z.int(),
    code: z.string().describe("What to branch on. It never changes its meaning."),
    detail: z.string().describe("What happened here and what to do, for the person who reads it."),
    request_id: z.string().describe("Stands in our logs as well: quote it when you ask for help."),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("Of an `invalid_request`: each field that is wrong."),
  })
  .meta({ id: "Problem", description: "An error as RFC 9457 has it." });

const OpenAiFailure = z
  .strictObject({
    error: z.strictObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: "OpenAiFailure", description: "An error as OpenAI's clients know it; `code` is ours." });

const DifyFailure = z
  .strictObject({ error_code: z.int(), error_msg: z.string(), code: z.string() })
  .meta({ id: "DifyFailure", description: "An error as Dify knows it." });

export const FAILURES = { problem: Problem, openai: OpenAiFailure, dify: DifyFailure };
export type FailureKind = keyof typeof FAILURES;

/** As http/failure.ts chooses them. */
export const failureKindOf = (path: string): FailureKind =>
  path.startsWith("/v1/") ? "openai" : path === "/retrieval" ? "dify" : "problem";

/** Every code of the route, by status. */
export function problemsOf(route: Route, entry: Entry): Map<number, ErrorCode[]> {
  const codes = new Set<ErrorCode>([...ofItsKind(route, entry), ...(entry.errors ?? [])]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

/** What follows from how a route is called. */
function ofItsKind({ action, path, method, schemas }: Route, { bodies = [] }: Entry): ErrorCode[] {
  const hasBody = schemas.json !== undefined || bodies.length > 0;
  return [
    ...(action ? (["unauthenticated", "forbidden", "rate_limited"] as const) : []),
    ...(action && action !== "platform" ? (["session_revoked"] as const) : []),
    ...(action && action !== "platform" && !action.startsWith("account:")
      ? (["email_verification_required"] as const)
      : []),
    ...(path.includes(":") ? (["not_found"] as const) : []),
    // A secret in the address is refused wherever it is.
    "invalid_request",
    ...(schemas.json ? (["malformed_json"] as const) : []),
    ...(hasBody && method !== "GET" ? (["too_large", "unsupported_type"] as const) : []),
    ...(!/^\/(health|\.well-known)/.test(path) ? (["database_unavailable"] as const) : []),
    "internal",
  ];
}

/** The response of one status, with an example for each code. */
export function failureResponse(
  kind: FailureKind,
  status: number,
  codes: readonly ErrorCode[],
  schemas: Record<string, JsonSchema>,
): JsonSchema {
  const waits = status === 429 || status === 503;
  // Inside of another schema a named one is a reference.
  const { anyOf: [shape] = [] } = jsonSchema(z.union([FAILURES[kind]]), "output", schemas) as {
    anyOf?: JsonSchema[];
  };
  const content =
    kind === "problem"
      ? {
          "application/problem+json": {
            schema: {
              allOf: [shape, { type: "object", properties: { code: { enum: codes } } }],
            },
            examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
          },
        }
      : { "application/json": { schema: shape } };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(" "),
    headers: {
      "x-request-id": { $ref: "#/components/headers/RequestId" },
      ...(waits ? { "retry-after": { $ref: "#/components/headers/RetryAfter" } } : {}),
    },
    content,
  };
}

const exampleOf = (code: ErrorCode) => ({
  type: `https://kalamna.dev/errors/${code}`,
  title: ERRORS[code].title,
  status: ERRORS[code].status,
  code,
  detail: ERRORS[code].title,
  request_id: "3f0c7e52-6a4e-4a67-9d9c-2f4f1b9d1c11",
});
