/** The same words are not two pieces of evidence. */

/**
 * Drops hits that say word for word, under the same headings, what a better one says: documents with identities of their
 * own may have equal text.
 * @param hits best first
 */
export function distinct<Hit extends { heading: readonly string[]; content: string }>(
  hits: readonly Hit[],
): Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ heading, content }) => {
    const text = [...heading, content].join("\u0000");
    return !seen.has(text) && seen.add(text);
  });
}
