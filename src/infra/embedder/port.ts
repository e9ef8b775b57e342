/** What ingestion and retrieval need from an embedding model. */

/** Every vector in the product has this many dimensions (docs/decisions.md). */
export const DIMENSIONS = 768;

export type Embedder = {
  /** Stored beside each vector; vectors of different models are never compared. */
  model: string;
  mode: "offline" | "openai";
  /** Share of the vector arm in convex fusion, 0 to 1; 0 for the offline hash embedder (facts: it adds nothing to BM25). */
  fusionWeight: number;
  /** Cosine below which consecutive chunks open a new segment. */
  segmentThreshold: number;
  /**
   * One unit-length vector of {@link DIMENSIONS} numbers per text, in order; at most 100 texts a call.
   * @throws AppError `embedder_failed` | `embedder_unavailable`
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]>;
};
