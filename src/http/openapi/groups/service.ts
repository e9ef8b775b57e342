/** Reference: the service itself: is it up, can it work, and the keys that its tokens are signed with. */
import * as z from "zod";
import type { Readiness } from "../../../domain/health/readiness.ts";
import { exactly, FAULTS, group } from "../entry.ts";
import { LanesShape } from "../lanes.ts";

const upOrDown = z.enum(["ok", "down"]);
const circuit = {
  state: z.enum(["closed", "open", "half_open", "misconfigured"]),
  failures: z.int().describe("In a row."),
  fault: z.enum(FAULTS).exactOptional(),
  retry_in_seconds: z.number().exactOptional(),
};

const Ready = exactly<Readiness>()(
  z.strictObject({
    status: z.enum(["ready", "not_ready"]),
    database: z.strictObject({ status: upOrDown, ms: z.number() }),
    files: z.strictObject({
      status: upOrDown,
      ms: z.number(),
      to_remove: z.int().nullable(),
      orphans_removed: z.int().nullable(),
    }),
    queue: z
      .strictObject({
        unfinished: z.int(),
        oldest_seconds: z.number(),
        overdue: z.int().describe("Past their deadline; must be 0."),
        lanes: LanesShape,
      })
      .nullable(),
    recall: z
      .strictObject({
        organizations: z.int(),
        lowest: z
          .number()
          .nullable()
          .describe("Of the ten nearest chunks, the share found where it is lowest."),
        below_95: z.int().describe("Organizations in which it is lower than .95."),
      })
      .nullable()
      .describe("As last measured, within a week."),
    models: z.strictObject({
      embedder: z.strictObject({
        model: z.string(),
        mode: z.string(),
        providers: z.array(z.strictObject(circuit)),
      }),
      without_embedder: z.int().nullable(),
      chat: z.strictObject({
        model: z.string(),
        mode: z.string(),
        chain: z.array(z.strictObject({ model: z.string(), ...circuit })),
      }),
      reranker: z.strictObject({ model: z.string(), ...circuit }).exactOptional(),
    }),
  }),
).meta({ id: "Readiness" });

export const service = group("Service", "Is it up, can it work, and the keys its tokens are signed with.", {
  "GET /health": {
    id: "health",
    summary: "Is it up?",
    answers: { 200: z.strictObject({ status: z.literal("ok") }) },
  },
  "GET /health/ready": {
    id: "ready",
    summary: "Can it work?",
    description: "What it depends on, and how that is doing; `503` when it cannot work.",
    answers: { 200: Ready, 503: Ready },
  },
  "GET /.well-known/jwks.json": {
    id: "jwks",
    summary: "Public keys of access tokens and deletion receipts",
    answers: { 200: z.strictObject({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }) },
  },
});
