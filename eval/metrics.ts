/** Ranking figures as trec_eval computes them: linear gain, ideal over everything judged. */

export type Judgements = ReadonlyMap<string, number>;

export type Figures = { ndcg: number; recall: number; mrr: number };

/** Figures of one ranking at `depth`; `ranking` holds each id at most once. */
export function figures(ranking: readonly string[], judged: Judgements, depth = 10): Figures {
  const gains = ranking.slice(0, depth).map((id) => Math.max(0, judged.get(id) ?? 0));
  const relevant = [...judged.values()].filter((gain) => gain > 0).sort((a, b) => b - a);
  const first = gains.findIndex((gain) => gain > 0);
  return {
    ndcg: discounted(gains) / discounted(relevant.slice(0, depth)),
    recall: gains.filter((gain) => gain > 0).length / relevant.length,
    mrr: first < 0 ? 0 : 1 / (first + 1),
  };
}

const discounted = (gains: readonly number[]) =>
  gains.reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
