/** What is offered, and which organization was last seen with what. */
import type { Embedder, Embedders } from "./port.ts";

/** Organizations remembered: 36 characters and a shared string each. */
const MOST_REMEMBERED = 10_000;

/** @param first the default; of two with the same name the first is offered */
export function offer(first: Embedder, ...more: readonly Embedder[]): Embedders {
  const offered = new Map<string, Embedder>();
  for (const embedder of [first, ...more]) {
    if (!offered.has(embedder.model)) offered.set(embedder.model, embedder);
  }
  const seen = new Map<string, string>();
  return {
    default: first,
    list: () => [...offered.values()],
    of: (model) => offered.get(model),
    guess: (orgId) => seen.get(orgId) ?? first.model,
    saw(orgId, model) {
      seen.delete(orgId);
      seen.set(orgId, model);
      const oldest = seen.keys().next();
      if (seen.size > MOST_REMEMBERED && !oldest.done) seen.delete(oldest.value);
    },
  };
}
