/** What an admin is told about the organization's models. */
import type { Embedders } from "../../infra/embedder/port.ts";
import { iso } from "../moment.ts";
import type { Figures, findModel } from "./sql.ts";

type Row = Awaited<ReturnType<typeof findModel>>[number];

export type ModelsView = {
  embedding: {
    offered: { model: string; mode: "offline" | "openai"; default: boolean }[];
    /** What questions are compared with; null while the organization has published nothing. */
    current: string | null;
    /** False: nobody offers it any more, and words alone find until another one is chosen. */
    available: boolean;
    /** `embedded` have a vector of the current model. */
    chunks: { total: number; embedded: number };
    /** What embedding everything with another model takes, about. */
    estimate: { tokens: number };
    change: {
      id: string;
      /** `embedding`: the current model answers until all is done. `removing`: what is left of other models goes. */
      phase: "embedding" | "removing";
      target: string | null;
      /** Chunks. */
      progress: { done: number; total: number };
      /** Sent to the target model so far, and about as many to go. */
      tokens: { spent: number; left: number };
      /** Why it does not go on at the moment; it is tried again until it is called off. */
      failure: { code: string; detail: string } | null;
      started_at: string | null;
    } | null;
  };
};

export function view(embedders: Embedders, row: Row | undefined, figures: Figures): ModelsView {
  const { chunks: total, tokens, embedded } = figures;
  const current = row?.model ?? null;
  return {
    embedding: {
      offered: embedders.list().map(({ model, mode }) => ({
        model,
        mode,
        default: model === embedders.default.model,
      })),
      current,
      available: current === null || embedders.of(current) !== undefined,
      chunks: { total, embedded: current === null ? 0 : (embedded[current] ?? 0) },
      estimate: { tokens },
      change: row ? changeView(row, figures) : null,
    },
  };
}

function changeView(row: Row, { chunks, tokens, embedded }: Figures): ModelsView["embedding"]["change"] {
  const { changeId, phase, target, failureCode: code, failureDetail } = row;
  if (!changeId || !phase) return null;
  const done = embedded[target ?? row.model] ?? 0;
  return {
    id: changeId,
    phase,
    target,
    progress: { done, total: chunks },
    tokens: {
      spent: row.tokens,
      left: phase === "embedding" && chunks > 0 ? Math.round(tokens * (1 - done / chunks)) : 0,
    },
    failure: code ? { code, detail: failureDetail ?? "" } : null,
    started_at: row.startedAt && iso(row.startedAt),
  };
}
