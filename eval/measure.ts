/** Asks every judged question of a collection and adds up what came back. */
import type { Ctx } from "../src/context.ts";
import { type SearchResult, search } from "../src/domain/retrieval/search.ts";
import { type Figures, figures, mean, quantile } from "./metrics.ts";
import type { Group, Query } from "./sets.ts";

export type Measured = Figures & { queries: number; ms: number; p95: number; flagged: number };

const DEPTH = 10;

export type Ask = (query: Query) => Promise<SearchResult>;

/** The product's search with the question alone, or in the light of the conversation before it. */
export function asker(ctx: Ctx, withHistory: boolean): Ask {
  return ({ text, history }) =>
    search(ctx, {
      query: text.slice(0, 4_000),
      top_k: DEPTH,
      history: withHistory ? history.slice(-20) : [],
    });
}

/**
 * A passage that the search leaves out as a repeat of another stands behind that one here, since a collection's judges
 * named one of the copies, and the rankings that it is compared with hold them all.
 * @param units what {@link indexUnits} returned
 * @param copies what {@link copiesIn} returned
 */
export async function measure(
  ask: Ask,
  queries: readonly Query[],
  units: ReadonlyMap<string, string>,
  copies: ReadonlyMap<string, readonly string[]>,
): Promise<Measured> {
  const all: Figures[] = [];
  const times: number[] = [];
  let flagged = 0;
  for (const query of queries) {
    const started = performance.now();
    const { results, retrieval } = await ask(query);
    times.push(performance.now() - started);
    if (retrieval.off_topic) flagged += 1;
    const ranked = results.flatMap(({ document_id, ordinal }) => {
      const unit = units.get(`${document_id}:${ordinal}`);
      return unit === undefined ? [] : [unit, ...(copies.get(unit) ?? [])];
    });
    all.push(figures([...new Set(ranked)], query.judged, DEPTH));
  }
  return {
    queries: all.length,
    ndcg: mean(all.map(({ ndcg }) => ndcg)),
    recall: mean(all.map(({ recall }) => recall)),
    mrr: mean(all.map(({ mrr }) => mrr)),
    ms: mean(times),
    p95: quantile(times, 0.95),
    flagged: flagged / Math.max(1, all.length),
  };
}

/** Of each unit that says the very words of others: which others. */
export function copiesIn(groups: readonly Group[]): Map<string, string[]> {
  const units = groups.flatMap(({ units }) => units);
  const same = Map.groupBy(
    units,
    ({ text }) =>
      text
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.join(" ") ?? text,
  );
  return new Map(
    [...same.values()].flatMap((alike) =>
      alike.map(({ id }) => [id, alike.map((other) => other.id).filter((other) => other !== id)] as const),
    ),
  );
}

/** Share of questions meant for another collection that are recognised as off topic here. */
export async function offTopic(ask: Ask, strangers: readonly Query[]): Promise<number> {
  let flagged = 0;
  for (const query of strangers) if ((await ask(query)).retrieval.off_topic) flagged += 1;
  return flagged / Math.max(1, strangers.length);
}
