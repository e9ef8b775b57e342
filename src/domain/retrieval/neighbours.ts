/** Passages that follow each other in a document are read as one. */

export type Placed = {
  chunk_id: string;
  document_id: string;
  version: number;
  ordinal: number;
  page: number | null;
  heading: string[];
  content: string;
  start: number;
  end: number;
};

/** Chunks that were joined to one passage, in the order of the text; absent for a chunk alone. */
export type Joined = { chunks?: { chunk_id: string; ordinal: number }[] };

/** White space that the chunker cuts away between two chunks. */
const LONGEST_GAP = 2;
/** Two full chunks: more would take the place of other evidence. */
const LONGEST = 2_800;

/**
 * Takes the best passages, at most `limit`; a hit that touches or overlaps one taken already is joined to it instead of
 * taking a place of its own. Only within one page and under the same headings, and only where both are the document's own
 * text from start to end, so that a quote's page and offsets stay right.
 * @param hits best first
 */
export function joinNeighbours<Hit extends Placed>(hits: readonly Hit[], limit: number): (Hit & Joined)[] {
  const taken: (Hit & Joined)[] = [];
  for (const hit of hits) {
    const at = taken.findIndex((passage) => touches(passage, hit));
    const passage = taken[at];
    if (passage) taken[at] = join(passage, hit);
    else if (taken.length < limit) taken.push(hit);
    else break;
  }
  return taken;
}

function touches(passage: Placed & Joined, hit: Placed): boolean {
  if (passage.document_id !== hit.document_id || passage.version !== hit.version) return false;
  if (passage.page !== hit.page || passage.heading.join("\n") !== hit.heading.join("\n")) return false;
  if (!isWhole(passage) || !isWhole(hit)) return false;
  const [first, second] = passage.start < hit.start ? [passage, hit] : [hit, passage];
  const follows =
    lastOf(first) + 1 === firstOf(second) && second.start > first.start && second.end > first.end;
  return follows && second.start <= first.end + LONGEST_GAP && second.end - first.start <= LONGEST;
}

const firstOf = ({ chunks, ordinal }: Placed & Joined) => chunks?.[0]?.ordinal ?? ordinal;
const lastOf = ({ chunks, ordinal }: Placed & Joined) => chunks?.at(-1)?.ordinal ?? ordinal;

/** A piece of a table begins with a copy of its header, which stands elsewhere in the document. */
const isWhole = ({ content, start, end }: Placed) => content.length === end - start;

/** The better one's place in the order, both ones' text. */
function join<Hit extends Placed>(passage: Hit & Joined, hit: Hit): Hit & Joined {
  const self = ({ chunks, chunk_id, ordinal }: Placed & Joined) => chunks ?? [{ chunk_id, ordinal }];
  const [first, second] = passage.start < hit.start ? [passage, hit] : [hit, passage];
  // Between two chunks there was white space: as a line break it keeps every offset.
  const gap = "\n".repeat(Math.max(0, second.start - first.end));
  return {
    ...passage,
    content: first.content + gap + second.content.slice(Math.max(0, first.end - second.start)),
    start: first.start,
    end: second.end,
    chunks: [...self(first), ...self(second)],
  };
}
