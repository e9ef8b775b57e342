/** A provider that speaks the OpenAI protocol: OpenAI, Azure, Gemini's compatible endpoint, Workers AI, Ollama. */

export type ProviderConfig = {
  /** Empty where none is needed. */
  apiKey: string;
  /** OpenAI itself when absent. */
  baseURL?: string;
  model: string;
  /** Azure's way to name a model, and to carry the key. */
  azure?: { deployment: string; apiVersion: string };
  /** Variable that holds the key, for whoever has to look after it. */
  keyName?: string;
  /** Milliseconds to wait for the first piece of an answer, further tries included, and between two pieces of it. */
  timeoutMs: number;
  /** Further tries after 408, 409, 429, 5xx or a lost connection; 2 when absent. */
  maxRetries?: number;
};

/** How long one attempt may take when there are others to turn to. */
export type Patience = {
  /** Until the first piece of the answer, further tries included; the provider's own time when absent. */
  firstMs?: number;
  /** Further tries, and the longest pause before one; see {@link ProviderConfig} and post.ts when absent. */
  maxRetries?: number;
  longestPauseMs?: number;
};
