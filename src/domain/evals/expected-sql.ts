/** Which documents a golden question expects, by the ids they have now. */
import { and, eq, inArray, or } from "drizzle-orm";
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
