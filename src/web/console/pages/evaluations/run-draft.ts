/** What a form says of a run to come, and what is sent. */
import { linesOf } from "../../lines.ts";
import { type Figure, kindOf } from "./figures.ts";
import type { Run } from "./types.ts";

export type ConfigurationDraft = {
  name: string;
  /** Passages that an answer may be drawn from. */
  topK: number | null;
  minScore: number | null;
  rerank: boolean;
  expand: "none" | "multi_query" | "hyde";
  /** Empty: as the organization chose. */
  model: string;
};

export type Limit = { figure: Figure; value: string };

export type RunDraft = {
  name: string;
  kind: Run["kind"];
  tags: string;
  first: ConfigurationDraft;
  /** Compared with the first. */
  second: ConfigurationDraft | null;
  gate: Limit[];
};

export const plain: ConfigurationDraft = {
  name: "",
  topK: 8,
  minScore: null,
  rerank: true,
  expand: "none",
  model: "",
};

export const emptyRun: RunDraft = {
  name: "",
  kind: "answer",
  tags: "",
  first: plain,
  second: null,
  gate: [],
};

const configurationOf = (
  { name, topK, minScore, rerank, expand, model }: ConfigurationDraft,
  kind: Run["kind"],
) => ({
  ...(name.trim() && { name: name.trim() }),
  ...(topK !== null && { top_k: topK }),
  ...(minScore !== null && { min_score: minScore }),
  ...(!rerank && { rerank }),
  ...(expand !== "none" && { expand }),
  ...(kind === "answer" && model && { model }),
});

/** People write shares in percent. */
const limitOf = ({ figure, value }: Limit) =>
  kindOf(figure) === "share" ? Number(value) / 100 : Number(value);

export const runBodyOf = ({ name, kind, tags, first, second, gate }: RunDraft) => ({
  name,
  kind,
  tags: linesOf(tags),
  configurations: [first, ...(second ? [second] : [])].map((one) => configurationOf(one, kind)),
  ...(gate.length > 0 && { gate: Object.fromEntries(gate.map((limit) => [limit.figure, limitOf(limit)])) }),
});
