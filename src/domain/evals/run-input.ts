/** What a run does: which cases, asked how, and what has to come of it. */
import * as z from "zod";
import { EVAL_KINDS } from "../../infra/db/schema.ts";
import { SearchInput } from "../retrieval/search.ts";
import { Tags } from "./case-input.ts";
import { FIGURES } from "./figures.ts";

const { top_k, min_score, rerank, rewrite, expand, access_level, filters, metadata } = SearchInput.shape;

/** One way to ask: the options of a question, as `query` and `search` take them. */
export const Configuration = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  top_k,
  min_score,
  rerank,
  rewrite,
  expand,
  access_level,
  filters,
  metadata,
  /** One of the language models that the organization uses. */
  model: z.string().min(1).max(200).optional(),
  /** True: an answer that was kept will do. */
  cache: z.boolean().default(false),
});
export type Configuration = z.infer<typeof Configuration>;

const figureNames = Object.keys(FIGURES) as (keyof typeof FIGURES)[];

/** The least that a figure must reach, or the most where less is better; of the first configuration. */
export const Gate = z.partialRecord(z.enum(figureNames as [keyof typeof FIGURES]), z.number().min(0));
export type Gate = z.infer<typeof Gate>;

export const RunInput = z.strictObject({
  name: z.string().trim().max(200).default(""),
  /** `search` asks no model and finds only. */
  kind: z.enum(EVAL_KINDS).default("answer"),
  configurations: z
    .array(Configuration)
    .min(1)
    .max(2)
    .default(() => [Configuration.parse({})]),
  gate: Gate.optional(),
  /** Only cases with one of these. */
  tags: Tags.default([]),
});
export type RunInput = z.infer<typeof RunInput>;
