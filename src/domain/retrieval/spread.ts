/** One document does not crowd out all others. */

/** Places of ten that the best passages of one document may take while others have something nearly as good. */
const SHARE = 0.8;
/** What counts as nearly as good, as a share of the best score. */
const NEARLY = 0.6;

/**
 * Moves the weakest passages of a document that would fill more than four of five places behind those of other documents
 * whose score is at least three fifths of the best. The order is otherwise kept, and nothing is left out.
 * @param hits best first
 * @param places how many of them will be shown
 */
export function spread<Hit extends { document_id: string; score: number }>(
  hits: readonly Hit[],
  places: number,
): Hit[] {
  const most = Math.max(1, Math.ceil(places * SHARE));
  const enough = (hits[0]?.score ?? 0) * NEARLY;
  const counts = new Map<string, number>();
  const first: Hit[] = [];
  const later: Hit[] = [];
  const rest: Hit[] = [];
  for (const hit of hits) {
    const count = (counts.get(hit.document_id) ?? 0) + 1;
    counts.set(hit.document_id, count);
    if (hit.score < enough) rest.push(hit);
    else if (count > most) later.push(hit);
    else first.push(hit);
  }
  return [...first, ...later, ...rest];
}
