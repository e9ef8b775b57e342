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

/** @param createdAt of the organization, ISO 8601 */
export const openAiStore = (name: string, createdAt: string) => ({
  id: DEFAULT_STORE,
  object: "vector_store",
  name,
  created_at: Math.floor(Date.parse(createdAt) / 1000),
  status: "completed",
  metadata: {},
});
