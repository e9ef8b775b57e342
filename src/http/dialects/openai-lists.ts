/** What OpenAI's interface lists: language models, and the one vector store. */
import { DEFAULT_STORE } from "./openai-vectors.ts";

/** Nobody here knows when a provider made its model. */
const UNKNOWN = 0;

export const openAiModel = (id: string) => ({
  id,
  object: "model",
  created: UNKNOWN,
  owned_by: "kalamna",
});

export const openAiStore = (now: Date) => ({
  id: DEFAULT_STORE,
  object: "vector_store",
  name: "Everything you may read",
  created_at: UNKNOWN,
  last_active_at: Math.floor(now.getTime() / 1000),
  status: "completed",
  metadata: {},
});
