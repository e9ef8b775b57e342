/** Statements about taught answers; migrations/0029_taught.sql holds what they call. */
import { and, desc, eq, lt, or, type SQL, sql } from "drizzle-orm";
import type { Access } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { taughtAnswers, taughtPhrases, taughtVersions } from "../../infra/db/schema.ts";
import { vectorText } from "../../infra/db/vector.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";
import type { Embedded } from "../retrieval/search.ts";
import type { ChangeTaughtInput, TeachInput } from "./input.ts";
import type { Compared, Phrase } from "./phrases.ts";
import type { TaughtState } from "./view.ts";

const state = sql<TaughtState>`case when not ${taughtAnswers.enabled} then 'disabled'
  when ${taughtAnswers.expiresAt} <= now() then 'expired' else 'active' end`;

export const columns = {
  id: taughtAnswers.id,
  version: taughtAnswers.version,
  question: taughtAnswers.question,
  variants: taughtAnswers.variants,
  answer: taughtAnswers.answer,
  accessLevel: taughtAnswers.accessLevel,
  groups: taughtAnswers.groups,
  expiresAt: taughtAnswers.expiresAt,
  enabled: taughtAnswers.enabled,
  note: taughtAnswers.note,
  state,
  createdBy: taughtAnswers.createdBy,
  updatedBy: taughtAnswers.updatedBy,
  createdAt: taughtAnswers.createdAt,
  updatedAt: taughtAnswers.updatedAt,
};

const one = (orgId: string, id: string) => and(eq(taughtAnswers.orgId, orgId), eq(taughtAnswers.id, id));

/** A candidate's phrase: the question or a variant of one taught answer. */
export type Candidate = {
  id: string;
  version: number;
  question: string;
  answer: string;
  phrase: string;
  exact: boolean;
  /** Shared terms, intersection over union. */
  overlap: number;
  /** Null when the question is not in the organization's model. */
  cosine: number | null;
  access: number;
  grouped: boolean;
  updated_at: string;
};

/** What was taught that may be for a question, and who taught it. */
export type Taught = { organization: string; candidates: Candidate[] };

/** Phrases that either way of comparing brings. */
const CANDIDATES = 5;

/** {@link Taught} for the reader of the batch, or null. */
export const taughtCandidates = (
  question: Embedded | null,
  { exact, terms }: Pick<Compared, "exact" | "terms">,
  accessLevel: Access | null,
): SQL => sql`
  kalamna.taught_candidates(
    ${question && vectorText(question.vector)}::halfvec, ${question?.model ?? null}, ${exact}, ${sql.param(terms)}::int[],
    ${accessLevel && (accessLevel === "internal" ? 1 : 0)}::smallint, ${CANDIDATES}::int)`;

/** The same alone; null where nothing was taught. */
export const candidatesFor = (
  db: Database,
  question: Embedded | null,
  asked: Pick<Compared, "exact" | "terms">,
  accessLevel: Access | null,
) =>
  db.execute<{ taught: Taught | null }>(
    sql`select ${taughtCandidates(question, asked, accessLevel)} as taught`,
  );

export type TaughtFilter = { state?: TaughtState | undefined; q?: string | undefined };

export const listTaught = (db: Database, orgId: string, filter: TaughtFilter, page: Page) =>
  db
    .select(columns)
    .from(taughtAnswers)
    .where(
      and(
        eq(taughtAnswers.orgId, orgId),
        filter.state && sql`${state} = ${filter.state}`,
        filter.q === undefined ? undefined : mentions(filter.q),
        olderThan(taughtAnswers, page),
      ),
    )
    .orderBy(...newestFirst(taughtAnswers))
    .limit(page.limit + 1);

/** In question, variants or answer, in any capitalization. */
function mentions(text: string): SQL | undefined {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    sql`${taughtAnswers.question} ilike ${pattern}`,
    sql`${taughtAnswers.answer} ilike ${pattern}`,
    sql`array_to_string(${taughtAnswers.variants}, chr(10)) ilike ${pattern}`,
  );
}

export const findTaught = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(taughtAnswers).where(one(orgId, id));

/** After {@link demandModel}, which lets nobody else add one: undone as `not_found` when there are too many. */
export const demandRoom = (db: Database, orgId: string, most: number) =>
  db.execute(sql`
    select kalamna.demand((select count(*) < ${most}::int from kalamna.taught_answers where org_id = ${orgId}))`);

/** First in a batch that writes vectors: undone as `edit_conflict` when the organization's model is another one. */
export const demandModel = (db: Database, model: string) =>
  db.execute(sql`select kalamna.demand_embedding_model(${model})`);

export const insertTaught = (
  db: Database,
  orgId: string,
  id: string,
  { access_level: accessLevel, expires_at: expiresAt, from_message_id: _, ...rest }: TeachInput,
  by: string,
) =>
  db
    .insert(taughtAnswers)
    .values({ ...rest, accessLevel, expiresAt, id, orgId, createdBy: by, updatedBy: by })
    .returning(columns);

/** What is absent stays. No row when it is not at that version any more. */
export const updateTaught = (
  db: Database,
  orgId: string,
  id: string,
  version: number,
  { access_level: accessLevel, expires_at: expiresAt, ...rest }: ChangeTaughtInput,
  by: string,
) =>
  db
    .update(taughtAnswers)
    .set({ ...rest, accessLevel, expiresAt, updatedBy: by, version: version + 1, updatedAt: sql`now()` })
    .where(and(one(orgId, id), eq(taughtAnswers.version, version)))
    .returning(columns);

/** Condition for the audit log. */
export const isTaught = (orgId: string, id: string, version?: number): SQL =>
  sql`exists (select from kalamna.taught_answers where org_id = ${orgId} and id = ${id}
                 and (${version ?? null}::int is null or version = ${version ?? null}::int))`;

/** Keeps the row as it is now, if it is at that version. */
export const keepVersion = (db: Database, orgId: string, id: string, version: number) =>
  db.execute(sql`
    insert into kalamna.taught_versions (org_id, taught_id, version, question, variants, answer, access_level, groups,
                                         expires_at, enabled, note, changed_by)
    select org_id, id, version, question, variants, answer, access_level, groups, expires_at, enabled, note, updated_by
      from kalamna.taught_answers where org_id = ${orgId} and id = ${id} and version = ${version}
    on conflict do nothing`);

/** Replaces the phrases and their vectors, if the answer is at that version. */
export const replacePhrases = (
  db: Database,
  orgId: string,
  id: string,
  version: number,
  model: string,
  phrases: readonly Phrase[],
) =>
  db.execute(sql`
    with given as (
      select g.* from jsonb_to_recordset(${JSON.stringify(phrases)}::jsonb)
        g(ordinal smallint, text text, exact text, terms int[], analyzer smallint, vector text)
       where ${isTaught(orgId, id, version)}
    ), put as (
      insert into kalamna.taught_phrases (org_id, taught_id, ordinal, text, exact, terms, analyzer)
      select ${orgId}, ${id}, ordinal, text, exact, terms, analyzer from given
    )
    insert into kalamna.taught_vectors (org_id, taught_id, ordinal, embedding_model, embedding)
    select ${orgId}, ${id}, ordinal, ${model}, vector::halfvec(768) from given`);

/** Before {@link replacePhrases}, as a statement of its own. */
export const dropPhrases = (db: Database, orgId: string, id: string, version: number) =>
  db
    .delete(taughtPhrases)
    .where(and(eq(taughtPhrases.orgId, orgId), eq(taughtPhrases.taughtId, id), isTaught(orgId, id, version)));

/** With its versions and phrases. */
export const deleteTaught = (db: Database, orgId: string, id: string) =>
  db.delete(taughtAnswers).where(one(orgId, id)).returning({ id: taughtAnswers.id });

export const versionColumns = {
  version: taughtVersions.version,
  question: taughtVersions.question,
  variants: taughtVersions.variants,
  answer: taughtVersions.answer,
  accessLevel: taughtVersions.accessLevel,
  groups: taughtVersions.groups,
  expiresAt: taughtVersions.expiresAt,
  enabled: taughtVersions.enabled,
  note: taughtVersions.note,
  changedBy: taughtVersions.changedBy,
  createdAt: taughtVersions.createdAt,
};

/** Newest first, all below `before`. */
export const listVersions = (
  db: Database,
  orgId: string,
  id: string,
  before: number | undefined,
  limit: number,
) =>
  db
    .select(versionColumns)
    .from(taughtVersions)
    .where(
      and(
        eq(taughtVersions.orgId, orgId),
        eq(taughtVersions.taughtId, id),
        before === undefined ? undefined : lt(taughtVersions.version, before),
      ),
    )
    .orderBy(desc(taughtVersions.version))
    .limit(limit + 1);
