/** What several searches for one question brought becomes one order. */
import { fuse } from "./fuse.ts";
import type { Found, Hit } from "./sql.ts";

export type Relevant = Hit & { score: number; relevance: number };

/** One search, and how much it has to say. */
export type Probe = { found: Found; weight: number };

/**
 * A hit's score is the weighted mean of what it got in each search, nothing where it was not found; its relevance the
 * highest share of a question that it answers: of the lexical weight, of the cosine, or of both, as the arms are weighed.
 * @param vectorShare of the vector arm, 0 to 1
 * @returns best first, ties in the order of the text
 */
export function rank(probes: readonly Probe[], vectorShare: number): Relevant[] {
  const total = probes.reduce((sum, { weight }) => sum + weight, 0);
  const hits = new Map<string, Relevant>();
  for (const { found, weight } of probes) {
    for (const hit of fuse(found.hits, vectorShare, Number.POSITIVE_INFINITY)) {
      const relevance = relevanceOf(hit, found.reach, vectorShare);
      const known = hits.get(hit.chunk_id) ?? { ...hit, score: 0, relevance: 0 };
      known.score += (weight * hit.score) / total;
      known.relevance = Math.max(known.relevance, relevance);
      hits.set(hit.chunk_id, known);
    }
  }
  // Sorting is stable, and each list came in the order of the text where scores are equal.
  return [...hits.values()].sort((a, b) => b.score - a.score);
}

function relevanceOf({ telling, vector }: Hit, reach: number, vectorShare: number): number {
  const words = reach > 0 ? Math.min(1, telling / reach) : 0;
  const meaning = Math.max(0, vector ?? 0);
  return Math.round((vectorShare * meaning + (1 - vectorShare) * words) * 1000) / 1000;
}
