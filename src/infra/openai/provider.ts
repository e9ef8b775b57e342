/** A provider that speaks the OpenAI protocol: OpenAI, Azure, Gemini's compatible endpoint, Workers AI, Ollama. */

export type ProviderConfig = {
  apiKey: string;
  /** OpenAI itself when absent. */
  baseURL?: string;
  model: string;
  /** Milliseconds to wait for the first piece of an answer, further tries included, and between two pieces of it. */
  timeoutMs: number;
  /** Further tries after 408, 409, 429, 5xx or a lost connection; 2 when absent. */
  maxRetries?: number;
};
