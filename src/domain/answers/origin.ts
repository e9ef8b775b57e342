/** Where a source comes from, as its citations repeat it. */
import type { Origin } from "./events.ts";

export function originOf(source: Origin): Origin {
  if (source.kind === "taught") {
    const { kind, chunk_id, document_id, taught } = source;
    return { kind, chunk_id, document_id, taught };
  }
  if (source.kind === "log") {
    const { kind, chunk_id, document_id, log } = source;
    return { kind, chunk_id, document_id, log };
  }
  const { kind, chunk_id, document_id } = source;
  return { kind, chunk_id, document_id };
}
