/** Which errors a route can answer with, and how the reference shows them. */
import * as z from "zod";
import { ERRORS, type ErrorCode } from "../../errors.ts";
import type { Entry } from "./entry.ts";
import type { JsonSchema } from "./json-schema.ts";
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
    ...(path.startsWith("/api/") ? (["database_unavailable"] as const) : []),
    "internal",
  ];
}

/** The response of one status, with an example for each code. */
export function problemResponse(status: number, codes: readonly ErrorCode[]): JsonSchema {
  const waits = status === 429 || status === 503;
  const examples = codes.map((code) => [
    code,
    {
      value: {
        type: `https://kalamna.dev/errors/${code}`,
        title: ERRORS[code].title,
        status,
        code,
        detail: ERRORS[code].title,
        request_id: "3f0c7e52-6a4e-4a67-9d9c-2f4f1b9d1c11",
      },
    },
  ]);
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(" "),
    headers: {
      "x-request-id": { $ref: "#/components/headers/RequestId" },
      ...(waits ? { "retry-after": { $ref: "#/components/headers/RetryAfter" } } : {}),
    },
    content: {
      "application/problem+json": {
        schema: {
          allOf: [
            { $ref: "#/components/schemas/Problem" },
            { type: "object", properties: { code: { type: "string", enum: codes } } },
          ],
        },
        examples: Object.fromEntries(examples),
      },
    },
  };
}
