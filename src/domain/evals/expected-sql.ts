/** Which documents a golden question expects, by the ids they have now. */
import { and, eq, inArray, or, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { documents } from "../../infra/db/schema.ts";
import type { AskedCase } from "./judge.ts";

/** Those among them that the caller may see. */
export const expectedDocuments = (db: Database, orgId: string, asked: AskedCase) =>
  db
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        eq(documents.orgId, orgId),
        or(inArray(documents.id, asked.document_ids), inArray(documents.externalId, asked.external_ids)),
      ),
    );

/**
 * Those of `ids` under which the caller sees no document: unknown, and not for the caller, are the same.
 * @param caseId may go on naming what it names
 */
export const unknownDocuments = (
  db: Database,
  orgId: string,
  ids: readonly string[],
  caseId: string | null,
) =>
  db.execute<{ id: string }>(sql`
    select g.id from unnest(${sql.param([...ids])}::uuid[]) g(id)
     where not exists (select from kalamna.documents d where d.org_id = ${orgId}::uuid and d.id = g.id)
       and not exists (select from kalamna.eval_cases c
                        where c.org_id = ${orgId}::uuid and c.id = ${caseId}::uuid and g.id = any (c.document_ids))`);
