/** Golden questions of an organization: made, changed, listed, deleted. */
import * as z from "zod";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { sentences } from "../../text/sentences.ts";
import { iso } from "../moment.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import type { CaseInput, ChangeCaseInput, FromMessage, NewCaseInput } from "./case-input.ts";
import {
  type Candidate,
  type CaseRow,
  deleteCase,
  demandRoom,
  findCase,
  insertCase,
  listCandidates,
  listCases,
  updateCase,
} from "./case-sql.ts";
import type { EvalCtx } from "./evaluator.ts";
import { demandDocuments } from "./expected.ts";

/** A run asks all of them, twice where it compares. */
export const MOST_CASES = 1_000;
const MOST_FACTS = 20;

export type CaseView = ReturnType<typeof view>;

const view = (row: CaseRow) => ({
  id: row.id,
  question: row.question,
  document_ids: row.documentIds,
  external_ids: row.externalIds,
  facts: row.facts,
  answerable: row.answerable,
  tags: row.tags,
  note: row.note,
  /** The question that somebody voted down, of which it was made. */
  message_id: row.messageId,
  created_by: row.createdBy,
  created_by_key: row.createdByKey,
  created_at: iso(row.createdAt),
  updated_at: iso(row.updatedAt),
});

/**
 * @throws AppError `case_exists` | `quota_full` | `not_found` for a message that nobody voted down, or is a case already |
 * `forbidden` for software that names one | what {@link demandDocuments} throws
 */
export async function create(ctx: EvalCtx, input: NewCaseInput): Promise<CaseView> {
  const fromMessage = "from_message_id" in input;
  const given = fromMessage ? await fromFeedback(ctx, input) : input;
  await demandDocuments(ctx, [given]);
  const [[row]] = await named(
    tenantBatch(ctx, (db) => [
      insertCase(db, ctx.actor, given, fromMessage ? input.from_message_id : null),
      demandRoom(db, ctx.actor.orgId, MOST_CASES),
    ]),
  );
  if (!row) throw new AppError("internal");
  return view(row);
}

async function fromFeedback(ctx: EvalCtx, input: FromMessage): Promise<CaseInput> {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", { detail: "Feedback is for admins." });
  const { from_message_id: id, ...said } = input;
  const [{ rows }] = await tenantBatch(ctx, (db) => [listCandidates(db, { limit: 1, after: null }, id)]);
  const candidate = rows[0];
  if (!candidate) throw new AppError("not_found");
  const answerable = said.answerable ?? true;
  return {
    question: said.question ?? candidate.question,
    document_ids: said.document_ids ?? [],
    external_ids: said.external_ids ?? [],
    facts: said.facts ?? (answerable ? factsIn(candidate.expected_answer) : []),
    answerable,
    tags: said.tags ?? ["feedback"],
    note: said.note ?? "",
  };
}

/** Each sentence of it. */
function factsIn(expected: string | null): string[] {
  if (expected === null) return [];
  return sentences(expected)
    .map(({ start, end }) => expected.slice(start, end).trim().slice(0, 1_000))
    .filter((sentence) => sentence !== "")
    .slice(0, MOST_FACTS);
}

async function named<T>(batch: Promise<T>): Promise<T> {
  return batch.catch((thrown: unknown) => {
    if (violates(thrown, "eval_cases_question")) throw new AppError("case_exists", { cause: thrown });
    throw roomFailure(thrown);
  });
}

export const tooMany = (cause?: unknown) =>
  new AppError("quota_full", {
    detail: `An organization has at most ${MOST_CASES} golden questions.`,
    cause,
  });

/** Of a batch with {@link demandRoom}. */
export const roomFailure = (thrown: unknown): unknown =>
  thrown instanceof AppError && thrown.code === "not_found" ? tooMany(thrown) : thrown;

export const ListCasesInput = PageInput.extend({
  tag: z.string().trim().min(1).max(50).optional(),
  /** Stands in the question. */
  q: z.string().trim().min(1).max(200).optional(),
});
export type ListCasesInput = z.infer<typeof ListCasesInput>;

/** Newest first. @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: EvalCtx, input: ListCasesInput): Promise<Listed<CaseView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listCases(db, ctx.actor.orgId, input, pageOf(input))]);
  return listedByDate(rows, input.limit, view);
}

/** @throws AppError `not_found` */
export async function get(ctx: EvalCtx, id: string): Promise<CaseView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findCase(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return view(row);
}

/** @throws AppError `not_found` | `case_exists` | what {@link demandDocuments} throws */
export async function change(ctx: EvalCtx, id: string, input: ChangeCaseInput): Promise<CaseView> {
  const nothingSaysIt = input.answerable === false ? { document_ids: [], external_ids: [], facts: [] } : {};
  await demandDocuments(ctx, [input], { caseId: id });
  const [[row]] = await named(
    tenantBatch(ctx, (db) => [updateCase(db, ctx.actor.orgId, id, { ...input, ...nothingSaysIt })]),
  );
  if (!row) throw new AppError("not_found");
  return view(row);
}

/** Runs that asked it keep what they asked. @throws AppError `not_found` */
export async function remove(ctx: EvalCtx, id: string): Promise<{ id: string }> {
  const [[row]] = await tenantBatch(ctx, (db) => [deleteCase(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return row;
}

export type CandidateView = ReturnType<typeof viewCandidate>;

const viewCandidate = ({ id, createdAt, ...rest }: Candidate) => ({
  message_id: id,
  voted_at: iso(createdAt),
  ...rest,
});

/** Questions that were voted down and are no case yet, newest first. @throws AppError `invalid_request` for a foreign cursor */
export async function candidates(ctx: EvalCtx, input: PageInput): Promise<Listed<CandidateView>> {
  const [{ rows }] = await tenantBatch(ctx, (db) => [listCandidates(db, pageOf(input))]);
  return listedByDate(rows, input.limit, viewCandidate);
}
