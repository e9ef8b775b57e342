/** Searching and embedding in OpenAI's words: vector stores, of which an organization has one, and embeddings. */
import * as z from "zod";
import { Filter } from "../../domain/retrieval/filter.ts";
import { type Result, SearchInput } from "../../domain/retrieval/search.ts";
import { invalid } from "../validate.ts";

/** The one store: everything the caller may read. */
export const DEFAULT_STORE = "default";

/** `/:id` of the one store. */
export const StoreParam = z.object({ id: z.literal(DEFAULT_STORE) });

/** https://platform.openai.com/docs/api-reference/vector-stores/search */
export const StoreSearchInput = z.object({
  query: z.union([z.string(), z.array(z.string()).min(1).max(10)]),
  max_num_results: z.int().min(1).max(50).default(10),
  filters: Filter.nullish(),
  ranking_options: z.object({ score_threshold: z.number().min(0).max(1).nullish() }).nullish(),
});
export type StoreSearchInput = z.infer<typeof StoreSearchInput>;

/** @throws AppError `invalid_request` for a question that is none, or too long */
export function searchOf({ query, max_num_results, filters }: StoreSearchInput): SearchInput {
  const input = SearchInput.safeParse({
    query: [query].flat().join("\n"),
    top_k: max_num_results,
    ...(filters ? { filters } : {}),
  });
  if (!input.success) throw invalid(input.error);
  return input.data;
}

export function openAiResults(input: StoreSearchInput, results: readonly Result[]) {
  const least = input.ranking_options?.score_threshold ?? 0;
  return {
    object: "vector_store.search_results.page",
    search_query: [input.query].flat(),
    data: results
      .filter(({ score }) => score >= least)
      .map(({ document_id, document_name, score, metadata, content, ...place }) => ({
        file_id: document_id,
        filename: document_name,
        score,
        attributes: metadata,
        content: [{ type: "text", text: content }],
        kalamna: {
          chunk_id: place.chunk_id,
          page: place.page,
          heading: place.heading,
          start: place.start,
          end: place.end,
        },
      })),
    has_more: false,
    next_page: null,
  };
}

const Text = z.string().min(1).max(32_000);

/** https://platform.openai.com/docs/api-reference/embeddings/create; lists of token numbers are not taken. */
export const EmbeddingsInput = z.object({
  model: z.string().max(200).optional(),
  input: z.union([Text, z.array(Text).min(1).max(100)], { error: "must be text, or up to 100 texts" }),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.literal(768, { error: "vectors have 768 dimensions" }).nullish(),
});

export function openAiEmbeddings(
  { model, vectors, tokens }: { model: string; vectors: readonly number[][]; tokens: number },
  format: "float" | "base64",
) {
  return {
    object: "list",
    data: vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: format === "float" ? vector : base64Of(vector),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Little-endian 32-bit floats, which OpenAI's own clients ask for. */
const base64Of = (vector: readonly number[]) =>
  Buffer.from(new Float32Array(vector).buffer).toString("base64");
