/** What an organization decides about itself. */
import * as z from "zod";
import { Domain } from "../accounts/email.ts";
import { Origin } from "../keys/origin.ts";

const unique = <T>(values: T[]) => [...new Set(values)];

const fields = {
  /** A verified e-mail in one of these makes its owner internal, unless an admin decided otherwise. */
  internal_domains: z.array(Domain).max(50).transform(unique),
  /** Pages that may call the API from a browser. */
  allowed_origins: z.array(Origin).max(50).transform(unique),
  /** Past the month's tokens: quote without a model, or refuse. */
  over_budget: z.enum(["extractive", "refuse"]),
  /** Language models in the order in which they are asked; none for the installation's order. */
  chat_models: z.array(z.string().min(1).max(100)).max(10).transform(unique),
  /** Software may have texts embedded with the organization's model (POST /v1/embeddings). */
  embeddings_api: z.boolean(),
  /** How answers are to be written (tone, form, what to point to), for the language model; null for no wishes. */
  answer_instructions: z.string().trim().min(1).max(2_000).nullable(),
  /** An answer in a conversation is finished and kept when its reader goes away; else it stops there. */
  finish_answers: z.boolean(),
  /** Admins may read the conversations of others; each time they do is in the audit log. */
  admins_read_sessions: z.boolean(),
  /** After how many days questions, answers and conversations are forgotten; null for never. */
  history_days: z.int().min(1).max(3_650).nullable(),
  /** Answers are kept for the next who asks the same and may read the same. */
  answer_cache: z.enum(["on", "off"]),
  /** How long at most; whatever they came from ends them sooner by changing. */
  answer_cache_hours: z.int().min(1).max(720),
  /** Least relevance of a passage, where a request does not say; null for what the product finds fitting. */
  min_score: z.number().min(0).max(1).nullable(),
  /** Let the installation's reranker, where it has one, read questions and passages. */
  rerank: z.boolean(),
};

/** The settings as verbs see them; what was never set has its default. */
export const OrgSettings = z.object({
  internal_domains: fields.internal_domains.default([]),
  allowed_origins: fields.allowed_origins.default([]),
  over_budget: fields.over_budget.default("refuse"),
  chat_models: fields.chat_models.default([]),
  embeddings_api: fields.embeddings_api.default(false),
  answer_instructions: fields.answer_instructions.default(null),
  finish_answers: fields.finish_answers.default(false),
  admins_read_sessions: fields.admins_read_sessions.default(false),
  history_days: fields.history_days.default(null),
  answer_cache: fields.answer_cache.default("on"),
  answer_cache_hours: fields.answer_cache_hours.default(24),
  min_score: fields.min_score.default(null),
  rerank: fields.rerank.default(true),
});
export type OrgSettings = z.infer<typeof OrgSettings>;

/** A change: what is absent stays. */
export const SettingsPatch = z.strictObject({
  internal_domains: fields.internal_domains.optional(),
  allowed_origins: fields.allowed_origins.optional(),
  over_budget: fields.over_budget.optional(),
  chat_models: fields.chat_models.optional(),
  embeddings_api: fields.embeddings_api.optional(),
  answer_instructions: fields.answer_instructions.optional(),
  finish_answers: fields.finish_answers.optional(),
  admins_read_sessions: fields.admins_read_sessions.optional(),
  history_days: fields.history_days.optional(),
  answer_cache: fields.answer_cache.optional(),
  answer_cache_hours: fields.answer_cache_hours.optional(),
  min_score: fields.min_score.optional(),
  rerank: fields.rerank.optional(),
});
