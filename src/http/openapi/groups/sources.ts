/** Reference: addresses that documents come from. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../../context.ts";
import type { RemovedSource } from "../../../domain/sources/remove.ts";
import type { PageView, SourceView } from "../../../domain/sources/view.ts";
import { GONE_CHOICES, PAGE_STATES, SOURCE_KINDS, SOURCE_STATUSES } from "../../../infra/db/schema.ts";
import { Deletion } from "../deletion.ts";
import { exactly, group, id, moment, page } from "../entry.ts";
import { A, SOME } from "../examples.ts";

const Failure = z.strictObject({ code: z.string(), detail: z.string().nullable() }).nullable();

const Source = exactly<SourceView>()(
  z.strictObject({
    id,
    kind: z.enum(SOURCE_KINDS),
    url: z.string(),
    name: z.string().nullable(),
    external_id: z.string().nullable(),
    batch_id: id.nullable(),
    settings: z.record(z.string(), z.unknown()),
    on_gone: z.enum(GONE_CHOICES).describe("What becomes of a document whose page is gone."),
    refresh_every: z.int().nullable().describe("Minutes; null: fetched once."),
    access_level: z.enum(ACCESS_LEVELS),
    groups: z.array(id).nullable(),
    metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    status: z.enum(SOURCE_STATUSES),
    failure: Failure,
    run: z.int().describe("Counts the rounds through its pages."),
    pages: z.record(z.string(), z.int()).describe("By state."),
    limit_reached: z.boolean(),
    document_id: id.nullable().describe("Of a single address: the document, once it is fetched."),
    created_by: id.nullable(),
    created_at: moment,
    started_at: moment,
    finished_at: moment.nullable(),
    next_run_at: moment.nullable(),
  }),
).meta({ id: "Source" });

const Page = exactly<PageView>()(
  z.strictObject({
    url: z.string(),
    kind: z.enum(["page", "sitemap"]),
    state: z.enum(PAGE_STATES),
    failure: Failure,
    depth: z.int(),
    document_id: id.nullable(),
    attempt: z.int(),
    checked_at: moment.nullable(),
    changed_at: moment.nullable(),
  }),
).meta({ id: "SourcePage" });

export const Accepted = z
  .strictObject({ source: Source, duplicate: z.boolean() })
  .meta({ id: "SourceAccepted" });
const One = z.strictObject({ source: Source });

const Removed = z.strictObject({
  deleted: exactly<RemovedSource>()(z.strictObject({ id, url: z.string(), pages: z.int() })),
});

export const sources = group("Sources", "Pages, sitemaps and crawls that documents are fetched from.", {
  "POST /api/v1/sources": {
    id: "addSource",
    summary: "Fetch a page, a sitemap or a site",
    description:
      "Name one of `url`, `sitemap` and `crawl`. With `refresh_every` it is visited again; robots.txt is obeyed.",
    answers: { 202: Accepted },
    errors: ["url_refused", "external_id_taken"],
    example: { body: { url: A.address, access_level: "external", refresh_every: 1440 } },
  },
  "GET /api/v1/sources": {
    id: "listSources",
    summary: "List sources",
    answers: { 200: page(Source) },
    example: { query: { kind: "url" } },
  },
  "GET /api/v1/sources/:id": {
    id: "getSource",
    summary: "How a source is doing",
    answers: { 200: One },
    example: { path: { id: SOME.source } },
  },
  "GET /api/v1/sources/:id/pages": {
    id: "listSourcePages",
    summary: "List a source's pages",
    description: "In the order in which they were found.",
    answers: { 200: page(Page) },
    example: { path: { id: SOME.source } },
  },
  "POST /api/v1/sources/:id/refresh": {
    id: "refreshSource",
    summary: "Visit a source again now",
    answers: { 202: One },
    errors: ["not_ready"],
    example: { path: { id: SOME.source } },
  },
  "POST /api/v1/sources/:id/pause": {
    id: "pauseSource",
    summary: "Pause a source",
    answers: { 200: One },
    example: { path: { id: SOME.source } },
  },
  "POST /api/v1/sources/:id/resume": {
    id: "resumeSource",
    summary: "Go on with a source",
    answers: { 200: One },
    example: { path: { id: SOME.source } },
  },
  "PATCH /api/v1/sources/:id": {
    id: "changeSource",
    summary: "Change a source and the documents that came from it",
    answers: { 200: One },
    errors: ["duplicate_document"],
    example: { path: { id: SOME.source }, body: { refresh_every: 60, access_level: "internal" } },
  },
  "DELETE /api/v1/sources/:id": {
    id: "deleteSource",
    summary: "Delete a source",
    description:
      "Its documents stay, or go with it (`documents=delete`: then the answer is a deletion, as of `POST /api/v1/documents/delete`).",
    answers: { 200: z.union([Removed, Deletion]), 202: Deletion },
    example: { path: { id: SOME.source } },
  },
});
