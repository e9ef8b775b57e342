/** Reference: what happened in an organization. */
import * as z from "zod";
import type { AuditEntry, Verification } from "../../../domain/audit/read.ts";
import { ACTOR_KINDS } from "../../../domain/audit/record.ts";
import type { IngestionFigures } from "../../../domain/health/ingestion.ts";
import { LANES } from "../../../infra/jobs/port.ts";
import { exactly, group, moment, page } from "../entry.ts";
import { LanesShape } from "../lanes.ts";

const Entry = exactly<AuditEntry>()(
  z.strictObject({
    seq: z.int(),
    at: moment,
    actor: z.strictObject({
      kind: z.string().describe(`One of ${ACTOR_KINDS.join(", ")}.`),
      id: z.string().nullable(),
    }),
    action: z.string(),
    target: z.strictObject({ type: z.string(), id: z.string().nullable() }).nullable(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    result: z.enum(["ok", "denied"]),
    from: z.strictObject({ address: z.string(), agent: z.string().nullable() }),
    request_id: z.string(),
    hash: z.string().describe("Of this entry and the one before it."),
  }),
).meta({ id: "AuditEntry" });

const spread = z.strictObject({ documents: z.int(), p50_ms: z.number(), p95_ms: z.number() });
const byLane = z.partialRecord(z.enum(LANES), spread);

export const insight = group("Insight", "Audit log and figures.", {
  "GET /api/v1/audit": {
    id: "listAudit",
    summary: "Who did what",
    answers: { 200: page(Entry) },
    example: { query: { action: "org.changed", limit: 20 } },
  },
  "GET /api/v1/audit/export": {
    id: "exportAudit",
    summary: "The whole audit log",
    answers: {
      200: { type: "application/x-ndjson", each: Entry, description: "An entry a line, newest first." },
    },
  },
  "GET /api/v1/audit/verify": {
    id: "verifyAudit",
    summary: "Has anybody tampered with the audit log?",
    answers: {
      200: exactly<Verification>()(
        z.strictObject({
          ok: z.boolean(),
          entries: z.int(),
          head: z.string().nullable().describe("Hash of the newest entry; keep a copy elsewhere."),
          broken_at: z
            .int()
            .nullable()
            .describe("The first entry that does not follow from the one before it."),
        }),
      ),
    },
  },
  "GET /api/v1/analytics/ingestion": {
    id: "getIngestion",
    summary: "How documents come through",
    answers: {
      200: exactly<IngestionFigures>()(
        z.strictObject({
          lanes: LanesShape,
          failures: z.array(z.strictObject({ code: z.string(), total: z.int(), last_24_hours: z.int() })),
          published: z.array(z.strictObject({ hour: z.string(), documents: z.int() })),
          steps: z.record(z.string(), spread),
          waiting: byLane,
          total: byLane,
        }),
      ),
    },
  },
});
