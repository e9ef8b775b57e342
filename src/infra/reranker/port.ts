/** What the second look at found passages needs: somebody who reads question and passage together. */
import type { ChatModel, Spent } from "../chat-model/port.ts";
import type { CircuitReport } from "../openai/port.ts";

export type Passage = { title: string; content: string };

export type Ranking = {
  /**
   * Places in the list of passages, best first, each at most once. `score` is between 0 and 1 and means the same for every
   * question; null from a model that only orders. Null as a whole: the reply could not be read, but cost what it cost.
   */
  order: { index: number; score: number | null }[] | null;
  /** What it used up, where that is counted in tokens. */
  spent: Spent | null;
};

export type Reranker = {
  /** As shown in answers and in health. */
  model: string;
  /** Passages it is shown at most. */
  depth: number;
  /**
   * Null: it failed lately and is left alone for a while.
   * @throws ProviderError when it does not answer in its time, or not as agreed
   */
  rank(question: string, passages: readonly Passage[], signal: AbortSignal): Promise<Ranking | null>;
};

/** Who reranks in this installation. */
export type Rerankers = {
  /** Ranking uses up the organization's tokens. */
  spendsTokens: boolean;
  /** @param chat the model that answers for the organization; null when there is nobody to ask */
  for(chat: ChatModel): Reranker | null;
  /** For health; absent where a chat model ranks. */
  report?(): { model: string } & CircuitReport;
};
