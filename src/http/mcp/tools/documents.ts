/** Tools `list_documents` and `get_document`: what there is, and what it says. */
import * as z from "zod";
import { get, ListInput, list } from "../../../domain/documents/list.ts";
import { Metadata } from "../../../domain/documents/metadata.ts";
import { readText } from "../../../domain/documents/read-text.ts";
import type { DocumentView } from "../../../domain/documents/view.ts";
import { linksTo } from "../document-uri.ts";
import { NOTICE, quoted } from "../quoted.ts";
import { tool } from "../tool.ts";

export const DocumentFields = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  content_type: z.string(),
  status: z
    .string()
    .describe("`ready` can be searched; `failed` says why in `failure`; all others are on their way."),
  failure: z.string().nullable(),
  access_level: z.string(),
  metadata: Metadata,
  version: z.int(),
  characters: z.int().nullable(),
  pages: z.int().nullable(),
  external_id: z.string().nullable(),
  url: z.string().nullable(),
  updated_at: z.string().nullable(),
});

/** What of a document matters to a model. */
export const fieldsOf = ({ counts, failure, ...document }: DocumentView): z.input<typeof DocumentFields> => ({
  id: document.id,
  name: document.name,
  title: document.title,
  content_type: document.content_type,
  status: document.status,
  failure: failure?.code ?? null,
  access_level: document.access_level,
  metadata: document.metadata,
  version: document.version,
  characters: counts.characters,
  pages: counts.pages,
  external_id: document.external_id,
  url: document.url,
  updated_at: document.updated_at,
});

export const listDocuments = tool({
  name: "list_documents",
  title: "List documents",
  description:
    "Lists the documents the caller may read, newest first, a page at a time. To find out what they say use `search` or `ask`.",
  action: "documents:read",
  input: z.strictObject({
    name: ListInput.shape.name.describe("Part of the name or title."),
    status: ListInput.shape.status,
    limit: z.int().min(1).max(100).default(20),
    cursor: ListInput.shape.cursor.describe("`next_cursor` of the page before."),
  }),
  output: z.object({
    notice: z.string(),
    documents: z.array(DocumentFields),
    next_cursor: z.string().nullable(),
  }),
  async run(ctx, input) {
    const { data, next_cursor } = await list(ctx, input);
    const lines = data.map(({ id, name, status, counts }) =>
      [id, name.replace(/\s+/g, " "), status, counts.pages && `${counts.pages} pages`]
        .filter(Boolean)
        .join(" | "),
    );
    const more = next_cursor === null ? "" : `\n\nThere are more: cursor "${next_cursor}".`;
    return {
      structured: { notice: NOTICE, documents: data.map(fieldsOf), next_cursor },
      text:
        data.length === 0
          ? "There are no documents here."
          : quoted([{ name: "documents", text: lines.join("\n") }]) + more,
    };
  },
});

export const getDocument = tool({
  name: "get_document",
  title: "Read a document",
  description:
    "A document's description and a stretch of its text. Offsets are those of search results and citations: to read around a quote, begin a little before its `start`.",
  action: "documents:read",
  input: z.strictObject({
    id: z.uuid(),
    start: z.int().min(0).default(0).describe("UTF-16 offset to begin at."),
    length: z.int().min(1).max(100_000).default(20_000).describe("UTF-16 units to read at most."),
  }),
  output: z.object({
    notice: z.string(),
    document: DocumentFields,
    text: z.string().nullable().describe("Null while no version has been read."),
    start: z.int(),
    end: z.int(),
    next_start: z.int().nullable().describe("Give it as `start` to read on; null at the end."),
  }),
  async run(ctx, { id, start, length }) {
    const document = await get(ctx, id);
    const links = linksTo(ctx.actor, [document]);
    const structured = { notice: NOTICE, document: fieldsOf(document) };
    if (document.published_version === null) {
      return {
        structured: { ...structured, text: null, start, end: start, next_start: null },
        text: `The document has no text yet: ${document.failure?.code ?? document.status}.`,
        links,
      };
    }
    const { text, end, more } = await readText(ctx, id, { start, length });
    return {
      structured: { ...structured, text, start, end, next_start: more ? end : null },
      text: `${quoted([{ name: `${document.name} | ${start} to ${end}`, text }])}${more ? `\n\nIt goes on at ${end}.` : ""}`,
      links,
    };
  },
});
