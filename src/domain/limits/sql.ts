/** Statements about quotas and usage. */
import { eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { orgStorage, orgUsage, quotas } from "../../infra/db/schema.ts";

/** What `kalamna.reserve_question` answers. */
export type Reserved = {
  /** The month that it counts in, `2026-11-01`. */
  month: string;
  /** Tokens set aside. */
  reserved: number;
  /** The month's tokens do not suffice, and the organization prefers an answer without the model to none. */
  over_budget: boolean;
  /** Null when any number may be asked. */
  questions: number | null;
  questions_left: number | null;
  resets_at: string;
};

/**
 * Last in a question's batch: it holds the organization's counter. The batch fails when the quota is used up.
 * Brings along what the organization has set for its answers.
 * @param free models that use up no tokens: an organization that chose only among them needs nothing set aside
 */
export const reserveQuestion = (db: Database, orgId: string, estimate: number, free: readonly string[]) =>
  db.execute<{
    reserved: Reserved;
    chat_models: string[] | null;
    answer_instructions: string | null;
    finish_answers: boolean;
  }>(sql`
    select kalamna.reserve_question(case when o.chosen <> '[]' and o.chosen <@ ${JSON.stringify(free)}::jsonb
                                         then 0 else ${estimate}::bigint end) as reserved,
           o.chosen as chat_models, o.answer_instructions, o.finish_answers
      from (select coalesce(settings -> 'chat_models', '[]') as chosen,
                   settings ->> 'answer_instructions' as answer_instructions,
                   coalesce(settings -> 'finish_answers' = 'true', false) as finish_answers
              from kalamna.organizations where id = ${orgId}::uuid) o`);

/** What `kalamna.reserve_tokens` answers. */
export type ReservedTokens = Pick<Reserved, "month" | "reserved">;

/** For work that is no question; the batch fails when the month's tokens do not suffice. */
export const reserveTokens = (db: Database, estimate: number) =>
  db.execute<{ reserved: ReservedTokens }>(
    sql`select kalamna.reserve_tokens(${estimate}::bigint) as reserved`,
  );

export const settleQuestion = (
  db: Database,
  { month, reserved }: ReservedTokens,
  spent: number,
  answered: boolean,
) =>
  db.execute(
    sql`select kalamna.settle_question(${month}::date, ${reserved}::bigint, ${spent}::bigint, ${answered})`,
  );

export const quotaOf = (db: Database, orgId: string) =>
  db.execute<Quota>(sql`
    select q.documents, q.storage_bytes::float8, q.questions, q.tokens::float8
      from kalamna.quota_of(${orgId}::uuid) q`);

/** Null allows any amount. */
export type Quota = {
  documents: number | null;
  storage_bytes: number | null;
  questions: number | null;
  tokens: number | null;
};

export const usageOf = (db: Database, orgId: string, month: string) =>
  db
    .select({ questions: orgUsage.questions, tokens: orgUsage.tokens })
    .from(orgUsage)
    .where(sql`${orgUsage.orgId} = ${orgId} and ${orgUsage.month} = ${month}`);

export const storageOf = (db: Database, orgId: string) =>
  db
    .select({ documents: orgStorage.documents, bytes: orgStorage.bytes })
    .from(orgStorage)
    .where(eq(orgStorage.orgId, orgId));

/** First in a batch: the organization exists, or the batch is undone as `not_found`. */
export const demandOrganization = (db: Database, orgId: string | null) =>
  db.execute(sql`
    select kalamna.demand(${orgId}::uuid is null or exists (select from kalamna.organizations where id = ${orgId}::uuid))`);

/** The figures of one organization, or of all that have none, as set; null falls back or allows any amount. */
export const findQuota = (db: Database, orgId: string | null) =>
  db
    .select({
      documents: quotas.documents,
      storage_bytes: quotas.storageBytes,
      questions: quotas.questions,
      tokens: quotas.tokens,
    })
    .from(quotas)
    .where(orgId === null ? isNull(quotas.orgId) : eq(quotas.orgId, orgId));

export const putQuota = (db: Database, orgId: string | null, quota: Quota) =>
  db.execute(sql`
    insert into kalamna.quotas (org_id, documents, storage_bytes, questions, tokens)
    values (${orgId}::uuid, ${quota.documents}::int, ${quota.storage_bytes}::bigint, ${quota.questions}::int,
            ${quota.tokens}::bigint)
    on conflict (org_id) do update set documents = excluded.documents, storage_bytes = excluded.storage_bytes,
      questions = excluded.questions, tokens = excluded.tokens`);
