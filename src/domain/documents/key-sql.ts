/** Statements about Idempotency-Keys: which document came with which; in a tenant batch unless they say otherwise. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { documents, idempotencyKeys } from "../../infra/db/schema.ts";
import { columns } from "./sql.ts";

export type UploadKey = { orgId: string; owner: string; key: string };

/** The document that the same caller sent with this key. */
export const findKey = (db: Database, { orgId, owner, key }: UploadKey) =>
  db
    .select({ fingerprint: idempotencyKeys.fingerprint, ...columns })
    .from(idempotencyKeys)
    .innerJoin(
      documents,
      and(eq(documents.orgId, idempotencyKeys.orgId), eq(documents.id, idempotencyKeys.documentId)),
    )
    .where(
      and(eq(idempotencyKeys.orgId, orgId), eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.key, key)),
    );

/** Nothing when the key is taken, or the document is gone meanwhile. */
export const insertKey = (db: Database, { orgId, owner, key }: UploadKey, fingerprint: string, id: string) =>
  db.execute(sql`
    insert into kalamna.idempotency_keys (org_id, owner, key, fingerprint, document_id)
    select d.org_id, ${owner}::uuid, ${key}, ${fingerprint}, d.id
      from kalamna.documents d where d.org_id = ${orgId} and d.id = ${id}
    on conflict do nothing`);

/** For a system batch: keys are kept for a week. */
export const forgetKeys = (db: Database) =>
  db.delete(idempotencyKeys).where(sql`${idempotencyKeys.createdAt} < now() - interval '7 days'`);
