/** Reference: many documents in one request. */
import * as z from "zod";
import type { LineResult } from "../../../domain/batches/entry.ts";
import type { get } from "../../../domain/batches/list.ts";
import { type CountedBatch, ITEM_STATES, type ItemView, type view } from "../../../domain/batches/view.ts";
import { UploadText } from "../../../domain/documents/labels.ts";
import type { Requeued } from "../../../domain/documents/requeue.ts";
import { BATCH_KINDS, BATCH_STATUSES, ITEM_OUTCOMES } from "../../../infra/db/schema.ts";
import { Deletion } from "../deletion.ts";
import { byKey, exactly, file, group, id, moment, page } from "../entry.ts";
import { SOME } from "../examples.ts";
import { Problem } from "../problems.ts";

const batch = {
  id,
  kind: z.enum(BATCH_KINDS),
  status: z.enum(BATCH_STATUSES),
  broken_off: z.boolean().describe("The sender went away; the same Idempotency-Key goes on."),
  lines: z.int(),
  refused: z.int(),
  created_by: id.nullable(),
  created_at: moment,
  closed_at: moment.nullable(),
  completed_at: moment.nullable(),
};
const Failure = z.strictObject({ code: z.string(), detail: z.string() }).nullable();

const Batch = exactly<ReturnType<typeof view>>()(z.strictObject(batch)).meta({ id: "Batch" });

const item = {
  line: z.int().describe("Of the line, or of the file in the archive; from 1."),
  name: z.string().nullable(),
  external_id: z.string().nullable(),
  outcome: z.enum(ITEM_OUTCOMES).describe("How it came in."),
  document_id: id.nullable(),
  source_id: id.nullable().describe("Where an address is being fetched."),
  failure: Failure,
};
const Item = exactly<ItemView>()(
  z.strictObject({ ...item, state: z.enum(ITEM_STATES).describe("Where the document is now.") }),
).meta({ id: "BatchItem" });
const Line = exactly<LineResult>()(z.strictObject(item)).meta({ id: "BatchLine" });

const counted = {
  ...batch,
  counts: byKey(ITEM_STATES, z.int()).describe("Lines by state."),
  outcomes: z.record(z.string(), z.int()).describe("Lines by how they came in."),
  progress: z.number().describe("Share of the lines that have ended, 0 to 1."),
};
const Counted = exactly<CountedBatch>()(z.strictObject(counted)).meta({ id: "CountedBatch" });
const Whole = exactly<Awaited<ReturnType<typeof get>>>()(
  z.strictObject({ ...counted, failures: z.array(Item).describe("The first hundred.") }),
).meta({ id: "BatchWithFailures" });

const Event = z
  .union([
    z.strictObject({ event: z.literal("document"), data: Item }),
    z.strictObject({ event: z.literal("progress"), data: Counted }),
    z.strictObject({ event: z.literal("done"), data: Counted }),
    z.strictObject({ event: z.literal("error"), data: z.strictObject({ problem: Problem }) }),
  ])
  .meta({ id: "BatchEvent" });

const Streamed = z.union([Line, z.strictObject({ batch: Whole }), z.strictObject({ problem: Problem })]);

export const batches = group("Batches", "Thousands of documents in one request, and how they are doing.", {
  "POST /api/v1/documents/bulk": {
    id: "uploadBulk",
    summary: "Upload many documents",
    description:
      "Lines of JSON, each as `POST /api/v1/documents` takes it, or a zip. Taken in as it arrives; a bad line is refused and the others go on. With `Accept: application/x-ndjson` the results stream back line by line.",
    bodies: [
      { type: "application/x-ndjson", schema: UploadText, lines: true },
      { type: "application/zip", schema: file },
      { type: "multipart/form-data", schema: z.object({ file }) },
    ],
    headers: { "idempotency-key": "Sent again, the request goes on with the same batch." },
    answers: {
      202: [
        z.strictObject({ batch: Whole, results: z.array(Line).describe("The first thousand, by line.") }),
        {
          type: "application/x-ndjson",
          each: Streamed,
          description: "A line for each result, then one with the batch or the problem that ended it.",
        },
      ],
    },
    errors: [
      "idempotency_conflict",
      "not_found",
      "cancelled",
      "cut_off",
      "quota_full",
      "broken_document",
      "document_too_complex",
      "encrypted_document",
      "storage_unavailable",
    ],
    example: {
      type: "application/x-ndjson",
      body: '{"name":"a.txt","content":"Shoes ship in two days."}\n{"name":"b.txt","content":"Boots ship in three."}\n',
    },
  },
  "GET /api/v1/batches": {
    id: "listBatches",
    summary: "List batches",
    answers: { 200: page(Batch) },
  },
  "GET /api/v1/batches/:id": {
    id: "getBatch",
    summary: "How a batch is doing",
    answers: { 200: z.strictObject({ batch: Whole }) },
    example: { path: { id: SOME.batch } },
  },
  "GET /api/v1/batches/:id/items": {
    id: "listBatchItems",
    summary: "List a batch's lines",
    answers: { 200: page(Item) },
    example: { path: { id: SOME.batch }, query: { state: "failed,refused" } },
  },
  "GET /api/v1/batches/:id/events": {
    id: "watchBatch",
    summary: "Watch a batch",
    description: "What is known, then what happens, until the batch has ended.",
    headers: { "last-event-id": "Go on after this event." },
    answers: {
      200: {
        type: "text/event-stream",
        each: Event,
        description: "Events `document`, `progress`, `done`, `error`.",
      },
    },
    errors: ["invalid_request"],
    example: { path: { id: SOME.batch } },
  },
  "POST /api/v1/batches/:id/cancel": {
    id: "cancelBatch",
    summary: "Stop a batch",
    description: "What is ready stays.",
    answers: { 200: z.strictObject({ cancelled: z.int() }) },
    example: { path: { id: SOME.batch } },
  },
  "POST /api/v1/batches/:id/requeue": {
    id: "requeueBatch",
    summary: "Read a batch's failed documents again",
    answers: { 202: exactly<Requeued>()(z.strictObject({ requeued: z.int(), remaining: z.int() })) },
    example: { path: { id: SOME.batch } },
  },
  "DELETE /api/v1/batches/:id": {
    id: "deleteBatch",
    summary: "Delete a batch and its documents",
    answers: { 200: Deletion, 202: Deletion },
    example: { path: { id: SOME.batch } },
  },
});
