/** The retrieval test collections and the figures recorded for them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figures, Judgements } from "./metrics.ts";

/** One unit of a collection: indexed as one chunk, so that rankings compare with published ones. */
export type Unit = { id: string; title: string; text: string };

/** Units that follow each other in one document. */
export type Group = { name: string; units: Unit[] };

export type Query = {
  id: string;
  text: string;
  history: { role: "user" | "assistant"; content: string }[];
  judged: Judgements;
};

export type TestSet = { name: string; groups: Group[]; queries: Query[] };

type Recorded = { bm25: Figures; stack: Figures | { ndcg: number } };

const of = (ndcg: number, recall: number, mrr: number): Figures => ({ ndcg, recall, mrr });

/** BM25 (k1 1.2, b .75) and the prototype of this product's ranking, measured once on these sets. */
export const RECORDED: Readonly<Record<string, Recorded>> = {
  scifact: { bm25: of(0.696, 0.816, 0.665), stack: of(0.712, 0.826, 0.681) },
  cranfield: { bm25: of(0.383, 0.398, 0.535), stack: of(0.396, 0.403, 0.549) },
  chunkeval: { bm25: of(0.791, 0.927, 0.76), stack: of(0.796, 0.945, 0.757) },
  stackfaq: { bm25: of(0.733, 0.752, 0.808), stack: of(0.792, 0.802, 0.846) },
  covidfaq: { bm25: of(0.47, 0.696, 0.397), stack: of(0.629, 0.858, 0.558) },
  mtragun: { bm25: of(0.768, 0.827, 0.782), stack: of(0.772, 0.821, 0.797) },
  "mtragun+history": { bm25: of(0.768, 0.827, 0.782), stack: of(0.87, 0.906, 0.892) },
};

export const SET_NAMES = ["cranfield", "chunkeval", "stackfaq", "covidfaq", "mtragun", "scifact"];

const lines = (file: string) => readFileSync(file, "utf8").split("\n").filter(Boolean);

type RawQuery = { id: string; text: string; history?: { role: "user" | "assistant"; text: string }[] };

/** @returns null when the folder does not have the set */
export function loadSet(folder: string, name: string): TestSet | null {
  const at = (file: string) => join(folder, name, file);
  if (!existsSync(at("corpus.jsonl"))) return null;
  const judged = new Map<string, Map<string, number>>();
  for (const line of lines(at("qrels.tsv")).slice(1)) {
    const [query = "", unit = "", gain = "0"] = line.split("\t");
    const known = judged.get(query) ?? new Map<string, number>();
    judged.set(query, known.set(unit, Number(gain)));
  }
  const groups = new Map<string, Group>();
  for (const line of lines(at("corpus.jsonl"))) {
    const unit = JSON.parse(line) as Unit;
    const name = /^(.*)#\d+$/.exec(unit.id)?.[1] ?? unit.id;
    const group = groups.get(name) ?? { name, units: [] };
    group.units.push(unit);
    groups.set(name, group);
  }
  const queries = lines(at("queries.jsonl")).map((line): Query => {
    const { id, text, history = [] } = JSON.parse(line) as RawQuery;
    return {
      id,
      text,
      history: history.map((turn) => ({ role: turn.role, content: turn.text })),
      judged: judged.get(id) ?? new Map(),
    };
  });
  return { name, groups: [...groups.values()], queries };
}
