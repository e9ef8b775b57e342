/** Would a taught answer be given to this question? Compared as questions are, without asking it. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { findModel } from "../models/sql.ts";
import { type MatchKind, matchTaught } from "./match.ts";
import { compared } from "./phrases.ts";
import { type Candidate, candidatesFor } from "./sql.ts";

export const TryInput = z.strictObject({
  query: z.string().trim().min(1).max(4_000),
  /** As somebody who may read only this; without it as the caller. */
  access_level: z.enum(ACCESS_LEVELS).optional(),
});
export type TryInput = z.infer<typeof TryInput>;

/** `phrase`: the question or variant that comes closest. */
export type TriedAnswer = Pick<Candidate, "id" | "version" | "question" | "answer" | "phrase">;

export type Tried = {
  /** What would be answered; null when the documents are asked. */
  match: (TriedAnswer & { kind: MatchKind }) | null;
  /** Others that speak of the same, closest first. */
  near: TriedAnswer[];
};

const MOST_NEAR = 3;

/** Counts as no question. @throws AppError `embedder_failed` | `embedder_unavailable` */
export async function tryQuestion(ctx: Ctx, { query, access_level }: TryInput): Promise<Tried> {
  const { embedders } = ctx.ports;
  const [[inUse]] = await tenantBatch(ctx, (db) => [findModel(db, ctx.actor.orgId)]);
  const model = inUse?.model ?? embedders.default.model;
  const embedder = embedders.of(model);
  // Where the embedder has no say, its vectors are not worth asking for.
  const counts = (embedder?.fusionWeight ?? 0) > 0;
  const [vector] = embedder && counts ? await embedder.embed([query], ctx.signal) : [];
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    candidatesFor(db, vector ? { model, vector } : null, compared(query), access_level ?? null),
  ]);
  const candidates = rows[0]?.taught?.candidates ?? [];
  const { answer } = matchTaught(query, candidates, vector !== undefined);
  const near = new Map<string, Candidate>();
  for (const one of [...candidates].sort(closestFirst)) {
    if (one.id !== answer?.candidate.id && !near.has(one.id)) near.set(one.id, one);
  }
  return {
    match: answer && { ...shown(answer.candidate), kind: answer.kind },
    near: [...near.values()].slice(0, MOST_NEAR).map(shown),
  };
}

const closestFirst = (a: Candidate, b: Candidate) =>
  (b.cosine ?? 0) - (a.cosine ?? 0) || b.overlap - a.overlap;

const shown = ({ id, version, question, answer, phrase }: Candidate): TriedAnswer => ({
  id,
  version,
  question,
  answer,
  phrase,
});
