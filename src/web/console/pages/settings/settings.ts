/** What an organization decides about itself, and which form asks about it. */
import type { Schemas } from "../../typed.ts";

export type Settings = Schemas["Settings"];

export const ORGANIZATION = ["internal_domains", "allowed_origins"] as const;
export const ANSWERS = [
  "answer_instructions",
  "min_score",
  "rerank",
  "finish_answers",
  "answer_cache",
  "answer_cache_hours",
  "over_budget",
] as const;
export const PRIVACY = ["history_days", "admins_read_sessions", "embeddings_api"] as const;
/** On the page about models, where it takes effect at once. */
const MODELS = ["chat_models"] as const;

type Asked = (typeof ORGANIZATION | typeof ANSWERS | typeof PRIVACY | typeof MODELS)[number];

/** Does not compile while the API knows a setting that no form asks about. */
export const UNASKED: Record<Exclude<keyof Settings, Asked>, never> = {};
