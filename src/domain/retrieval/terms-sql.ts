/** Statements about terms made by an older analyzer; migrations/0026_forms.sql holds what they call. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import type { IndexedTerms } from "./lexicon.ts";

/** Organizations that have such chunks; for a system batch. */
export const findOutdated = (db: Database, current: number, limit: number) =>
  db.execute<{ org_id: string }>(
    sql`select org_id from kalamna.outdated_terms(${current}::smallint, ${limit}::int) as org_id`,
  );

/** What a chunk's terms are made of. `title` of the document, else its name. */
export type Outdated = {
  chunk_id: string;
  document_id: string;
  title: string;
  heading: string[];
  content: string;
};

export const outdatedChunks = (db: Database, current: number, limit: number) =>
  db.execute<Outdated>(sql`
    select l.chunk_id, l.document_id, coalesce(d.title, regexp_replace(d.name, '\\.[A-Za-z0-9]{1,8}$', '')) as title, c.heading, c.content
      from (select x.chunk_id, x.org_id, x.document_id from kalamna.chunk_lex x
             where x.org_id = kalamna.org_id() and x.analyzer < ${current}::smallint
             order by x.document_id, x.ordinal limit ${limit}::int) l
      join kalamna.chunks c on c.org_id = l.org_id and c.id = l.chunk_id
      join kalamna.documents d on d.org_id = l.org_id and d.id = l.document_id`);

export const renewTerms = (
  db: Database,
  renewed: readonly (IndexedTerms & { chunk_id: string })[],
  current: number,
) =>
  db.execute<{ renewed: number }>(
    sql`select kalamna.renew_terms(${JSON.stringify(renewed)}::jsonb, ${current}::smallint) as renewed`,
  );
