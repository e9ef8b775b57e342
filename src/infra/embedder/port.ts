/** What ingestion and retrieval need from an embedding model. */
import type { CircuitReport } from "../openai/port.ts";
import type { Patience } from "../openai/provider.ts";

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
   * @param patience how long to wait when somebody else could be asked instead
   * @throws AppError `embedder_failed` | `embedder_unavailable`
   */
  embed(texts: readonly string[], signal: AbortSignal, patience?: Patience): Promise<number[][]>;
  /** How each of its providers is doing, in the order in which they are asked. */
  circuits?(): CircuitReport[];
};

/** The embedding models that this installation offers. */
export type Embedders = {
  /** For organizations that have published nothing yet. */
  default: Embedder;
  /** All of them, the default first. */
  list(): readonly Embedder[];
  /** Undefined when the model is not offered, or no longer. */
  of(model: string): Embedder | undefined;
  /**
   * The model of an organization as this isolate saw it last, the default while it saw none. A guess that saves a round
   * trip: whoever uses it asks the database in the same batch and tells `saw`.
   */
  guess(orgId: string): string;
  saw(orgId: string, model: string): void;
};
