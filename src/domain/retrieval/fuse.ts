/** Two scores of each chunk become one order. */

export type Scored = { document_id: string; ordinal: number; lexical: number; vector: number | null };

/**
 * Convex combination `a·dense + (1 − a)·lexical` over the union of both arms (Bruch et al., arXiv 2210.11934), best
 * first: lexical divided by the best lexical score, dense as cosine scaled to 0…1 over the union.
 *
 * @param weight a, the share of the vector arm, 0 to 1
 * @param limit most hits to return; those that no arm with a say brought are never among them
 * @returns the hits with `score` between 0 and 1; ties in the order of the text
 */
export function fuse<Hit extends Scored>(
  hits: readonly Hit[],
  weight: number,
  limit: number,
): (Hit & { score: number })[] {
  const best = Math.max(0, ...hits.map(({ lexical }) => lexical));
  const cosines = hits.flatMap(({ vector }) => (vector === null ? [] : [vector]));
  const lowest = Math.min(...cosines);
  const range = Math.max(...cosines) - lowest;

  const dense = ({ vector }: Hit) => (vector === null ? 0 : range > 0 ? (vector - lowest) / range : 1);
  const lexical = (hit: Hit) => (best > 0 ? hit.lexical / best : 0);
  return hits
    .map((hit) => ({ ...hit, score: weight * dense(hit) + (1 - weight) * lexical(hit) }))
    .filter((hit) => (weight < 1 && hit.lexical > 0) || (weight > 0 && hit.vector !== null))
    .sort((a, b) => b.score - a.score || compare(a.document_id, b.document_id) || a.ordinal - b.ordinal)
    .slice(0, limit);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
