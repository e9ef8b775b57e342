/** Statements about runs and their results, as whoever may see them. */
import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { Database } from "../../infra/db/client.ts";
import { evalResults, evalRuns } from "../../infra/db/schema.ts";
import { accessOf } from "../messages/asker.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";
import type { Evaluator } from "./evaluator.ts";
import type { AskedCase, Outcome } from "./judge.ts";
import type { RunInput } from "./run-input.ts";

export const columns = {
  id: evalRuns.id,
  name: evalRuns.name,
  kind: evalRuns.kind,
  configurations: evalRuns.configurations,
  gate: evalRuns.gate,
  tags: evalRuns.tags,
  status: evalRuns.status,
  userId: evalRuns.userId,
  keyId: evalRuns.keyId,
  cases: evalRuns.cases,
  figures: evalRuns.figures,
  passed: evalRuns.passed,
  failureCode: evalRuns.failureCode,
  failureDetail: evalRuns.failureDetail,
  createdAt: evalRuns.createdAt,
  finishedAt: evalRuns.finishedAt,
  asked: sql<number>`(select count(*)::int from kalamna.eval_results e
                       where e.org_id = eval_runs.org_id and e.run_id = eval_runs.id and e.status <> 'waiting')`,
};
export type RunRow = SelectResultFields<typeof columns>;

export const one = (orgId: string, id: string) => and(eq(evalRuns.orgId, orgId), eq(evalRuns.id, id));

/** No run, and no row of {@link insertResults}, when there is no such case. */
export const insertRun = (db: Database, actor: Evaluator, id: string, input: RunInput) =>
  db.execute<{ id: string }>(sql`
    insert into kalamna.eval_runs (id, org_id, name, kind, configurations, gate, tags, user_id, key_id, access, cases)
    select ${id}::uuid, ${actor.orgId}::uuid, ${input.name}, ${input.kind}, ${JSON.stringify(input.configurations)}::jsonb,
           ${input.gate ? JSON.stringify(input.gate) : null}::jsonb, ${sql.param(input.tags)}::text[],
           ${actor.kind === "user" ? actor.userId : null}::uuid, ${actor.kind === "key" ? actor.keyId : null}::uuid,
           ${accessOf(actor)}::smallint, c.cases
      from (select count(*)::int as cases from kalamna.eval_cases where ${chosen(actor.orgId, input.tags)}) c
     where c.cases > 0
    returning id`);

export const insertResults = (db: Database, orgId: string, id: string, { tags, configurations }: RunInput) =>
  db.execute(sql`
    insert into kalamna.eval_results (org_id, run_id, ordinal, configuration, case_id, asked)
    select r.org_id, r.id, row_number() over (partition by n order by c.created_at, c.id), n, c.id,
           jsonb_build_object('question', c.question, 'document_ids', c.document_ids, 'external_ids', c.external_ids,
                              'facts', c.facts, 'answerable', c.answerable, 'tags', c.tags)
      from kalamna.eval_runs r
     cross join (select * from kalamna.eval_cases where ${chosen(orgId, tags)}) c
     cross join generate_series(0, ${configurations.length - 1}::int) n
     where r.org_id = ${orgId}::uuid and r.id = ${id}::uuid`);

const chosen = (orgId: string, tags: readonly string[]): SQL =>
  sql`org_id = ${orgId}::uuid and (${tags.length === 0} or tags && ${sql.param([...tags])}::text[])`;

/** Undone as `not_found` when there are too many by now. */
export const demandRoom = (db: Database, orgId: string, most: number) =>
  db.execute(sql`
    select kalamna.demand((select count(*) <= ${most}::int from kalamna.eval_runs where org_id = ${orgId}))`);

export const isRun = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.eval_runs where org_id = ${orgId} and id = ${id})`;

export const findRun = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(evalRuns).where(one(orgId, id));

export const listRuns = (db: Database, orgId: string, page: Page) =>
  db
    .select(columns)
    .from(evalRuns)
    .where(and(eq(evalRuns.orgId, orgId), olderThan(evalRuns, page)))
    .orderBy(...newestFirst(evalRuns))
    .limit(page.limit + 1);

/** Case by case, its configurations beside each other. The answer only for whoever may read all it was drawn from. */
export const listResults = (db: Database, orgId: string, id: string) =>
  db
    .select({
      caseId: evalResults.caseId,
      configuration: evalResults.configuration,
      status: evalResults.status,
      asked: sql<AskedCase>`${evalResults.asked}`,
      outcome: sql<Outcome | null>`${evalResults.outcome}`,
      answer: sql<
        string | null
      >`case when kalamna.may_show(0::smallint, ${evalResults.drawnFrom}, ${evalResults.taughtId})
                                      then ${evalResults.answer} end`,
    })
    .from(evalResults)
    .where(and(eq(evalResults.orgId, orgId), eq(evalResults.runId, id)))
    .orderBy(asc(evalResults.ordinal), asc(evalResults.configuration));
export type ResultRow = Awaited<ReturnType<typeof listResults>>[number];

/** No row unless it is under way. */
export const cancelRun = (db: Database, orgId: string, id: string) =>
  db
    .update(evalRuns)
    .set({ status: "cancelled", leaseUntil: null, finishedAt: sql`now()` })
    .where(and(one(orgId, id), eq(evalRuns.status, "running")))
    .returning({ id: evalRuns.id });

/** With its results. */
export const deleteRun = (db: Database, orgId: string, id: string) =>
  db.delete(evalRuns).where(one(orgId, id)).returning({ id: evalRuns.id });
