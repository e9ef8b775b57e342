/** Statements that take a source's documents from readers whom it no longer lets in; in a tenant batch. */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";

/** The next documents of a source that somebody may read who may not read the source's any more. */
const tooWide = (orgId: string, id: string, most: number): SQL => sql`
  select d.id, s.access_level, s.groups
    from kalamna.sources s
    join kalamna.documents d on d.org_id = s.org_id and d.id in (
           select p.document_id from kalamna.source_pages p where p.org_id = s.org_id and p.source_id = s.id)
   where s.org_id = ${orgId} and s.id = ${id}
     and kalamna.may_change(s.created_by, s.created_by_key) and kalamna.may_change(d.created_by, d.created_by_key)
     and (s.access_level = 'internal' and d.access_level = 'external'
          or s.groups is not null and (d.groups is null or not d.groups <@ s.groups))
   order by d.id limit ${most}::int for update of d`;

/** Gives their passages and statistics the source's readers; after `awaitAudience`, before {@link narrowDocuments}. */
export const narrowPassages = (db: Database, orgId: string, id: string, most: number) =>
  db.execute(sql`
    select kalamna.reaccess_document(d.id, case d.access_level when 'internal' then 1 else 0 end::smallint, d.groups)
      from (${tooWide(orgId, id, most)}) d`);

/** The same for their rows. */
export const narrowDocuments = (db: Database, orgId: string, id: string, most: number) =>
  db.execute<{ id: string }>(sql`
    update kalamna.documents set access_level = n.access_level, groups = n.groups, updated_at = now()
      from (${tooWide(orgId, id, most)}) n
     where documents.org_id = ${orgId} and documents.id = n.id
    returning documents.id`);
