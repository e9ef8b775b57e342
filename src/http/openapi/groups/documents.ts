/** Reference: documents, their versions, and deletions of many. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../../context.ts";
import type { Deleted } from "../../../domain/documents/delete.ts";
import type { Inspection } from "../../../domain/documents/inspect.ts";
import { Name, UploadFields } from "../../../domain/documents/labels.ts";
import type { lookup } from "../../../domain/documents/lookup.ts";
import { ReplaceFields } from "../../../domain/documents/replace.ts";
import type { Requeued } from "../../../domain/documents/requeue.ts";
import type { VersionView } from "../../../domain/documents/versions.ts";
import type { DocumentView } from "../../../domain/documents/view.ts";
import { SourceInput } from "../../../domain/sources/input.ts";
import { DOCUMENT_STATUSES, VERSION_STATUSES } from "../../../infra/db/schema.ts";
import { LANES } from "../../../infra/jobs/port.ts";
import { Deletion } from "../deletion.ts";
import { exactly, file, group, id, moment, page, type Raw } from "../entry.ts";
import { SOME } from "../examples.ts";
import { Accepted } from "./sources.ts";

const counts = z.strictObject({
  pages: z.int().nullable(),
  characters: z.int().nullable(),
  chunks: z.int().nullable(),
  tokens: z.int().nullable(),
});
const delta = z
  .strictObject({ reused: z.int().nullable(), embedded: z.int().nullable() })
  .describe("Passages whose embedding was known already, and those that had to be made.");

const Failure = z.strictObject({
  code: z.string(),
  detail: z.string().nullable(),
  retryable: z.boolean().describe("May reading it again help?"),
});

export const Metadata = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .describe("Your own labels; search can ask for them.");

const Document = exactly<DocumentView>()(
  z.strictObject({
    id,
    name: z.string(),
    title: z.string().nullable().describe("As the document says it itself."),
    content_type: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    access_level: z.enum(ACCESS_LEVELS),
    groups: z.array(id).nullable().describe("Null: whoever the access level lets in."),
    metadata: Metadata,
    status: z.enum(DOCUMENT_STATUSES),
    failure: Failure.nullable(),
    version: z.int(),
    published_version: z.int().nullable().describe("The version that answers; null until there is one."),
    external_id: z.string().nullable(),
    url: z.string().nullable(),
    source_id: id.nullable(),
    batch_id: id.nullable(),
    lane: z.enum(LANES),
    attempt: z.int(),
    counts,
    delta,
    step_ms: z.record(z.string(), z.number()),
    created_by: id.nullable(),
    created_at: moment,
    updated_at: moment,
    ready_at: moment.nullable(),
  }),
).meta({ id: "Document" });

const Version = exactly<VersionView>()(
  z.strictObject({
    version: z.int(),
    name: z.string(),
    content_type: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    status: z.enum(VERSION_STATUSES),
    failure: z.strictObject({ code: z.string(), detail: z.string().nullable() }).nullable(),
    counts,
    delta,
    created_at: moment,
    published_at: moment.nullable(),
    current: z.boolean().describe("The one that answers."),
  }),
).meta({ id: "Version" });

const Chunk = z
  .strictObject({
    id,
    ordinal: z.int(),
    start: z.int().describe("UTF-16 range in the document's text."),
    end: z.int(),
    page: z.int().nullable(),
    heading: z.array(z.string()),
    content: z.string(),
    tokens: z.int(),
    version: z.int(),
  })
  .meta({ id: "Chunk", description: "A passage." });

export const Uploaded = z
  .strictObject({
    document: Document,
    duplicate: z.boolean(),
    outcome: z
      .enum(["created", "replaced", "unchanged", "duplicate", "requeued"])
      .describe("`requeued`: the same bytes, and reading them had failed before."),
  })
  .meta({ id: "Uploaded" });

const InspectionShape = exactly<Inspection>()(
  z.strictObject({
    name: z.string(),
    format: z.string(),
    content_type: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    duplicate_of: z.strictObject({ id, name: z.string(), status: z.string() }).nullable(),
    title: z.string().nullable(),
    pages: z.int().nullable(),
    characters: z.int(),
    chunks: z.int(),
    tokens: z.int().describe("Estimated."),
    embedding: z
      .strictObject({ model: z.string(), chunks: z.int(), tokens: z.int() })
      .describe("What would still have to be embedded."),
  }),
).meta({ id: "Inspection" });

const One = z.strictObject({ document: Document });
const form = (schema: z.ZodType) => ({ type: "multipart/form-data", schema });
const bytes: Raw = {
  type: "application/octet-stream",
  description: "The bytes, with the file's own type. `format=text`: the text that citations point into.",
};

/** What taking bytes in may fail with, for whoever waits. */
const storing = ["storage_unavailable", "cut_off", "quota_full", "empty_document"] as const;
/** What reading a document fails with; an upload that nobody waits for has it in `document.failure`. */
const reading = ["encrypted_document", "needs_ocr", "broken_document", "document_too_complex"] as const;

export const documents = group("Documents", "Upload, list, replace and delete what answers come from.", {
  "POST /api/v1/documents": {
    id: "uploadDocument",
    summary: "Upload a document",
    description:
      "As text in JSON, as a file in a form, or as an address to fetch (`url`, `sitemap` or `crawl`). It is read in the background: `202` with the document as it starts, or `200` for one that was there already. How reading went is in `status` and `failure`.",
    bodies: [
      { type: "application/json", schema: SourceInput },
      form(UploadFields.extend({ file, name: Name.optional() })),
    ],
    headers: { "idempotency-key": "Sent again within a week, the request is the same document." },
    answers: { 202: z.union([Uploaded, Accepted]), 200: Uploaded },
    errors: [...storing, "external_id_taken", "duplicate_document", "idempotency_conflict", "url_refused"],
    example: {
      body: {
        name: "returns.md",
        content: "# Returns\n\nAn unworn pair can be returned within 60 days.",
        access_level: "external",
        metadata: { team: "shop" },
      },
    },
  },
  "POST /api/v1/documents/inspect": {
    id: "inspectDocument",
    summary: "Read a file without keeping it",
    description: "What it would become, and what embedding it would cost.",
    bodies: [form(z.object({ file, name: Name.optional() }))],
    answers: { 200: z.strictObject({ inspection: InspectionShape }) },
    errors: ["empty_document", "cut_off", ...reading],
    example: {
      type: "multipart/form-data",
      body: { file: "An unworn pair can be returned.", name: "a.txt" },
    },
  },
  "POST /api/v1/documents/lookup": {
    id: "lookupDocuments",
    summary: "Which of these external ids are there already",
    answers: {
      200: exactly<Awaited<ReturnType<typeof lookup>>>()(
        z.strictObject({
          data: z.array(
            z.strictObject({
              external_id: z.string().nullable(),
              id,
              sha256: z.string(),
              version: z.int(),
              status: z.enum(DOCUMENT_STATUSES),
              failure: Failure.nullable(),
            }),
          ),
        }),
      ),
    },
    example: { body: { external_ids: ["handbook/returns", "handbook/shipping"] } },
  },
  "POST /api/v1/documents/delete": {
    id: "deleteDocuments",
    summary: "Delete many documents",
    description: "`200` with a signed receipt when it is done at once; `202` and a place to ask otherwise.",
    answers: { 200: Deletion, 202: Deletion },
    example: { body: { ids: [SOME.document] } },
  },
  "POST /api/v1/documents/requeue": {
    id: "requeueDocuments",
    summary: "Read failed documents again",
    description: "500 a call, those that failed first; `remaining` says whether to call again.",
    answers: {
      202: exactly<Requeued>()(z.strictObject({ requeued: z.int(), remaining: z.int() })),
    },
    example: { body: { code: "embedder_unavailable" } },
  },
  "GET /api/v1/documents": {
    id: "listDocuments",
    summary: "List documents",
    answers: { 200: page(Document) },
    example: { query: { status: "ready", limit: 20 } },
  },
  "GET /api/v1/documents/:id": {
    id: "getDocument",
    summary: "Read what is known about a document",
    answers: { 200: One },
    example: { path: { id: SOME.document } },
  },
  "PATCH /api/v1/documents/:id": {
    id: "changeDocument",
    summary: "Change name, labels and readers",
    answers: { 200: One },
    errors: ["duplicate_document"],
    example: { path: { id: SOME.document }, body: { name: "returns-2026.md", metadata: { team: "legal" } } },
  },
  "DELETE /api/v1/documents/:id": {
    id: "deleteDocument",
    summary: "Delete a document",
    description: "Nothing can be found in it once this answers. `receipt` is the answer as a signed JWS.",
    answers: {
      200: z.strictObject({
        deleted: exactly<Deleted>()(
          z.strictObject({
            id,
            name: z.string(),
            versions: z.int(),
            chunks: z.int(),
            drafts: z.int(),
            files: z.int().nullable(),
            bytes: z.int(),
            deleted_at: moment,
          }),
        ),
        receipt: z.string(),
      }),
    },
    example: { path: { id: SOME.document } },
  },
  "GET /api/v1/documents/:id/content": {
    id: "downloadDocument",
    summary: "Download the original or its text",
    answers: { 200: bytes },
    errors: ["not_ready", "file_missing", "storage_unavailable"],
    example: { path: { id: SOME.document }, query: { format: "text" } },
  },
  "PUT /api/v1/documents/:id/content": {
    id: "replaceDocument",
    summary: "Give a document other bytes",
    description: "Its next version; the one before answers until the new one is ready.",
    bodies: [form(ReplaceFields.extend({ file, name: Name.optional() }))],
    answers: { 202: Uploaded, 200: Uploaded },
    errors: [...storing, "duplicate_document"],
    example: {
      path: { id: SOME.document },
      body: { content: "An unworn pair can be returned within 90 days." },
    },
  },
  "GET /api/v1/documents/:id/chunks": {
    id: "listChunks",
    summary: "List a document's passages",
    answers: { 200: page(Chunk) },
    example: { path: { id: SOME.document } },
  },
  "GET /api/v1/documents/:id/versions": {
    id: "listVersions",
    summary: "List a document's versions",
    answers: { 200: page(Version) },
    example: { path: { id: SOME.document } },
  },
  "POST /api/v1/documents/:id/reindex": {
    id: "reindexDocument",
    summary: "Read a document again",
    answers: { 202: One },
    errors: ["not_ready"],
    example: { path: { id: SOME.document } },
  },
  "POST /api/v1/documents/:id/rollback": {
    id: "rollbackDocument",
    summary: "Bring an older version back",
    description: "As a new version.",
    answers: { 202: One },
    errors: ["duplicate_document", "not_ready"],
    example: { path: { id: SOME.document }, body: { version: 1 } },
  },
  "POST /api/v1/documents/:id/cancel": {
    id: "cancelDocument",
    summary: "Stop reading a document",
    answers: { 200: One },
    errors: ["not_in_progress"],
    example: { path: { id: SOME.document } },
  },
  "GET /api/v1/deletions/:id": {
    id: "getDeletion",
    summary: "How far a deletion of many is",
    answers: { 200: Deletion },
    example: { path: { id: SOME.deletion } },
  },
});
