/** Asks one question of a run in one of its ways, as whoever began the run would. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Answer, collect } from "../answers/answer.ts";
import { AskInput, ask } from "../answers/ask.ts";
import { lookUp } from "../answers/look-up.ts";
import { documentsOf } from "../messages/record.ts";
import { expectedDocuments } from "./expected-sql.ts";
import { type AskedCase, judgeAnswer, judgeGone, judgeSearch } from "./judge.ts";
import type { Configuration, RunInput } from "./run-input.ts";
import type { Judgement } from "./work-sql.ts";

/** Characters of an answer that are kept. */
const LONGEST = 2_000;

/** @throws AppError what asking and searching throw */
export async function askCase(
  ctx: Ctx,
  asked: AskedCase,
  kind: RunInput["kind"],
  { name: _, model, cache, ...options }: Configuration,
): Promise<Judgement> {
  const names = asked.document_ids.length + asked.external_ids.length > 0;
  const [rows] = names
    ? await tenantBatch(ctx, (db) => [expectedDocuments(db, ctx.actor.orgId, asked)])
    : [[]];
  if (names && rows.length === 0) {
    return { outcome: judgeGone(asked), answer: null, drawnFrom: [], taughtId: null };
  }
  const expected = names ? new Set(rows.map(({ id }) => id)) : null;
  const input = AskInput.parse({ ...options, cache, query: asked.question });
  const started = ctx.now().getTime();
  const took = () => ctx.now().getTime() - started;
  if (kind === "search") {
    const found = await lookUp(ctx, input);
    return {
      outcome: judgeSearch(asked, expected, found, took()),
      answer: null,
      drawnFrom: [],
      taughtId: null,
    };
  }
  const answer = await collect(
    ask(ctx, input, { unrecorded: true, ...(model === undefined ? {} : { model }) }),
  );
  return {
    outcome: judgeAnswer(asked, expected, answer, took()),
    answer: answer.answer.slice(0, LONGEST),
    drawnFrom: documentsOf(drawnFrom(answer)),
    taughtId: answer.taught?.id ?? null,
  };
}

/** As of a message: "the documents do not say" is drawn from none. */
function drawnFrom({ retrieval, citations, sources }: Answer) {
  if (retrieval.off_topic) return [];
  return citations.length > 0 ? citations : sources;
}
