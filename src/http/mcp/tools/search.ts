/** Tool `search`: passages, without an answer. */
import * as z from "zod";
import { labelOf } from "../../../domain/answers/fence.ts";
import { lookUp } from "../../../domain/answers/look-up.ts";
import { SearchInput } from "../../../domain/retrieval/search.ts";
import { linksTo } from "../document-uri.ts";
import { NOTICE, quoted } from "../quoted.ts";
import { tool } from "../tool.ts";

const { query, top_k, document_ids, metadata, access_level, min_score } = SearchInput.shape;

/** What of a search makes sense to a model; the rest is for programs, which have the API. */
export const SearchFields = {
  query: query.describe("A question or key words that stand for themselves, in any language."),
  top_k: top_k.describe("How many passages to use."),
  document_ids: document_ids.describe("Only these documents; ids are in results and in list_documents."),
  metadata: metadata.describe("Only documents that carry all of these labels."),
  access_level: access_level.describe("`external`: only what customers may read."),
  min_score: min_score.describe("Leave out passages whose relevance is lower, 0 to 1."),
};

const Passage = z.object({
  document_id: z.string(),
  document_name: z.string(),
  title: z.string().nullable(),
  version: z.int(),
  page: z.int().nullable(),
  heading: z.array(z.string()),
  start: z.int().describe("UTF-16 offset in the document's text, as get_document counts."),
  end: z.int(),
  score: z.number().describe("Relative to the best passage."),
  relevance: z.number().describe("How much of the question it answers, 0 to 1."),
  content: z.string(),
});

export const search = tool({
  name: "search",
  title: "Search documents",
  description:
    "Finds the passages of the organization's documents that answer a question, best first, with document, page and position. Use it to read sources yourself; use `ask` for a finished answer with verified citations. Finds only what the caller may read.",
  action: "search",
  input: z.strictObject(SearchFields),
  output: z.object({
    notice: z.string(),
    results: z.array(Passage),
    off_topic: z.boolean().describe("The documents do not speak of this."),
  }),
  async run(ctx, input) {
    const { results, retrieval } = await lookUp(ctx, { ...input, history: [] });
    const found = quoted(
      results.map((one, at) => ({ name: `${at + 1} | ${labelOf(one)}`, text: one.content })),
    );
    return {
      structured: {
        notice: NOTICE,
        results: results.map((one) => ({
          document_id: one.document_id,
          document_name: one.document_name,
          title: one.title,
          version: one.version,
          page: one.page,
          heading: one.heading,
          start: one.start,
          end: one.end,
          score: one.score,
          relevance: one.relevance,
          content: one.content,
        })),
        off_topic: retrieval.off_topic,
      },
      text:
        results.length === 0
          ? "Nothing was found."
          : retrieval.off_topic
            ? `The documents hardly speak of this; what comes nearest:\n\n${found}`
            : found,
      links: linksTo(
        ctx.actor,
        results.map(({ document_id, document_name }) => ({ id: document_id, name: document_name })),
      ),
    };
  },
});
