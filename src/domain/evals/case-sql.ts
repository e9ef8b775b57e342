/** Statements about golden questions; their policy shows those of the caller's own level and below. */
import { and, arrayOverlaps, eq, ilike, sql } from "drizzle-orm";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { Database } from "../../infra/db/client.ts";
import { evalCases } from "../../infra/db/schema.ts";
import { accessOf } from "../messages/asker.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";
import type { CaseInput, ChangeCaseInput } from "./case-input.ts";
import type { Evaluator } from "./evaluator.ts";

export const columns = {
  id: evalCases.id,
  question: evalCases.question,
  documentIds: evalCases.documentIds,
  externalIds: evalCases.externalIds,
  facts: evalCases.facts,
  answerable: evalCases.answerable,
  tags: evalCases.tags,
  note: evalCases.note,
  messageId: evalCases.messageId,
  createdBy: evalCases.createdBy,
  createdByKey: evalCases.createdByKey,
  createdAt: evalCases.createdAt,
  updatedAt: evalCases.updatedAt,
};
export type CaseRow = SelectResultFields<typeof columns>;

const one = (orgId: string, id: string) => and(eq(evalCases.orgId, orgId), eq(evalCases.id, id));
const everyone = (orgId: string) => eq(evalCases.orgId, orgId);

const makerOf = (actor: Evaluator) => ({
  orgId: actor.orgId,
  access: accessOf(actor),
  createdBy: actor.kind === "user" ? actor.userId : null,
  createdByKey: actor.kind === "key" ? actor.keyId : null,
});

export const insertCase = (
  db: Database,
  actor: Evaluator,
  { document_ids: documentIds, external_ids: externalIds, ...rest }: CaseInput,
  messageId: string | null,
) =>
  db
    .insert(evalCases)
    .values({ ...rest, ...makerOf(actor), documentIds, externalIds, messageId })
    .returning(columns);

/** What has the same question is replaced. `created` is false then. */
export const upsertCases = (db: Database, actor: Evaluator, inputs: readonly CaseInput[]) => {
  const { orgId, access, createdBy, createdByKey } = makerOf(actor);
  return db.execute<{ id: string; created: boolean }>(sql`
    insert into kalamna.eval_cases (org_id, access, created_by, created_by_key, question, document_ids, external_ids,
                                    facts, answerable, tags, note)
    select ${orgId}::uuid, ${access}::smallint, ${createdBy}::uuid, ${createdByKey}::uuid, g.*
      from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb)
        g(question text, document_ids uuid[], external_ids text[], facts text[], answerable boolean, tags text[], note text)
    on conflict (org_id, access, md5(question)) do update
      set document_ids = excluded.document_ids, external_ids = excluded.external_ids, facts = excluded.facts,
          answerable = excluded.answerable, tags = excluded.tags, note = excluded.note, updated_at = now()
    returning id, xmax = 0 as created`);
};

/** Undone as `not_found` when there are too many by now. */
export const demandRoom = (db: Database, orgId: string, most: number) =>
  db.execute(sql`
    select kalamna.demand((select count(*) <= ${most}::int from kalamna.eval_cases where org_id = ${orgId}))`);

export const findCase = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(evalCases).where(one(orgId, id));

export type CaseFilter = { tag?: string | undefined; q?: string | undefined };

export const listCases = (db: Database, orgId: string, { tag, q }: CaseFilter, page: Page) =>
  db
    .select(columns)
    .from(evalCases)
    .where(
      and(
        everyone(orgId),
        tag === undefined ? undefined : arrayOverlaps(evalCases.tags, [tag]),
        q === undefined ? undefined : ilike(evalCases.question, `%${q.replace(/[\\%_]/g, "\\$&")}%`),
        olderThan(evalCases, page),
      ),
    )
    .orderBy(...newestFirst(evalCases))
    .limit(page.limit + 1);

/** What is absent stays. */
export const updateCase = (
  db: Database,
  orgId: string,
  id: string,
  { document_ids, external_ids, ...rest }: ChangeCaseInput,
) =>
  db
    .update(evalCases)
    .set({ ...rest, documentIds: document_ids, externalIds: external_ids, updatedAt: sql`now()` })
    .where(one(orgId, id))
    .returning(columns);

export const deleteCase = (db: Database, orgId: string, id: string) =>
  db.delete(evalCases).where(one(orgId, id)).returning({ id: evalCases.id });

/** All whose question is none of these; null: none at all. */
export const deleteOthers = (db: Database, actor: Evaluator, questions: readonly string[] | null) =>
  db
    .delete(evalCases)
    .where(
      and(
        everyone(actor.orgId),
        eq(evalCases.access, accessOf(actor)),
        questions ? sql`not ${evalCases.question} = any (${sql.param([...questions])}::text[])` : sql`false`,
      ),
    )
    .returning({ id: evalCases.id });

export type Candidate = {
  id: string;
  createdAt: string;
  question: string;
  answer: string | null;
  reason: string | null;
  expected_answer: string | null;
  document_ids: string[];
};

/** @param messageId only this one */
export const listCandidates = (db: Database, { limit, after }: Page, messageId: string | null = null) =>
  db.execute<Candidate>(sql`
    select * from kalamna.eval_candidates(${after?.createdAt ?? null}::timestamptz, ${after?.id ?? null}::uuid,
                                          ${messageId === null ? limit + 1 : null}::int) c
     where ${messageId}::uuid is null or c.id = ${messageId}::uuid`);
