/** Tool `ask`: an answer from the documents, with citations that were verified. */
import * as z from "zod";
import { collect } from "../../../domain/answers/answer.ts";
import { ask as askDocuments } from "../../../domain/answers/ask.ts";
import type { Citation } from "../../../domain/answers/events.ts";
import { labelOf, visible } from "../../../domain/answers/fence.ts";
import { linksTo } from "../document-uri.ts";
import { NOTICE, quoted } from "../quoted.ts";
import { tool } from "../tool.ts";
import { SearchFields } from "./search.ts";

const Cited = z.object({
  index: z.int().describe("The number of its mark `[n]` in the answer."),
  kind: z.enum(["document", "taught", "log"]).describe("`taught`: an answer that an admin wrote."),
  document_id: z.string().nullable(),
  document_name: z.string(),
  version: z.int(),
  page: z.int().nullable(),
  heading: z.array(z.string()),
  quote: z.string().describe("Word for word from the document."),
  start: z.int().describe("UTF-16 offset in the document's text, as get_document counts."),
  end: z.int(),
  answer_start: z.int().describe("UTF-16 range of the mark in the answer."),
  answer_end: z.int(),
});

export const ask = tool({
  name: "ask",
  title: "Ask the documents",
  description:
    "Answers a question from the organization's documents only. Marks `[n]` in the answer stand for citations, each a verbatim quote that was found in the document it names; pass them on. It says so when the documents do not contain the answer (`grounded` is then false): do not fill the gap yourself. Questions are kept with their answers and count towards the organization's quota.",
  action: "ask",
  input: z.strictObject(SearchFields),
  output: z.object({
    notice: z.string(),
    answer: z.string(),
    grounded: z.boolean().describe("At least one citation was verified."),
    supported: z
      .number()
      .nullable()
      .describe("Share of the answer's statements that a citation stands behind."),
    citations: z.array(Cited),
    message_id: z.string().describe("What question and answer are kept under."),
    model: z.string(),
    degraded: z.string().optional().describe("Why it was quoted without a language model."),
  }),
  async run(ctx, input) {
    const said = await collect(askDocuments(ctx, { ...input, history: [] }, { channel: "mcp" }));
    const titles = new Map(said.sources.map(({ index, title }) => [index, title]));
    const blocks = said.citations.map((one) => ({
      name: `[${one.index}] ${labelOf({ ...one, title: titles.get(one.index) ?? null })}`,
      text: one.quote,
    }));
    return {
      structured: {
        notice: NOTICE,
        answer: said.answer,
        grounded: said.grounded,
        supported: said.supported,
        citations: said.citations.map(citedOf),
        message_id: said.message_id,
        model: said.model,
        ...(said.degraded ? { degraded: said.degraded } : {}),
      },
      text: [visible(said.answer), ...(blocks.length === 0 ? [] : [quoted(blocks)])].join("\n\n"),
      links: linksTo(
        ctx.actor,
        said.citations.flatMap(({ document_id: id, document_name: name }) => (id ? [{ id, name }] : [])),
      ),
    };
  },
});

const citedOf = (one: Citation) => ({
  index: one.index,
  kind: one.kind,
  document_id: one.document_id,
  document_name: one.document_name,
  version: one.version,
  page: one.page,
  heading: one.heading,
  quote: one.quote,
  start: one.start,
  end: one.end,
  answer_start: one.answer_start,
  answer_end: one.answer_end,
});
