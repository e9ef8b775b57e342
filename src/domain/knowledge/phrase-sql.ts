/** Statements about phrases made by an older analyzer. */
import { and, asc, eq, lt, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { taughtPhrases } from "../../infra/db/schema.ts";
import type { Compared } from "./phrases.ts";

/** Organizations that have such phrases; for a system batch. */
export const findOutdatedPhrases = (db: Database, current: number, limit: number) =>
  db.execute<{ org_id: string }>(
    sql`select org_id from kalamna.outdated_phrases(${current}::smallint, ${limit}::int) as org_id`,
  );

export type Outdated = { taughtId: string; ordinal: number; text: string };

export const outdatedPhrases = (db: Database, orgId: string, current: number, limit: number) =>
  db
    .select({ taughtId: taughtPhrases.taughtId, ordinal: taughtPhrases.ordinal, text: taughtPhrases.text })
    .from(taughtPhrases)
    .where(and(eq(taughtPhrases.orgId, orgId), lt(taughtPhrases.analyzer, current)))
    .orderBy(asc(taughtPhrases.taughtId), asc(taughtPhrases.ordinal))
    .limit(limit);

/** Those that say something else by now are left alone: they were made by whoever changed them. */
export const renewPhrases = (db: Database, orgId: string, renewed: readonly (Outdated & Compared)[]) =>
  db.execute<{ ordinal: number }>(sql`
    update kalamna.taught_phrases p set exact = g.exact, terms = g.terms, analyzer = g.analyzer
      from jsonb_to_recordset(${JSON.stringify(renewed)}::jsonb)
        g("taughtId" uuid, ordinal smallint, text text, exact text, terms int[], analyzer smallint)
     where p.org_id = ${orgId} and p.taught_id = g."taughtId" and p.ordinal = g.ordinal and p.text = g.text
    returning p.ordinal`);
