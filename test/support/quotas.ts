/** Quotas of an organization, set as the platform would. */
import { sql } from "drizzle-orm";
import type { Person } from "./api.ts";
import { baseCtx } from "./people.ts";

type Quota = { documents?: number; storage_bytes?: number; questions?: number; tokens?: number };

export async function setQuota({ orgId }: Person, quota: Quota): Promise<void> {
  const { db } = baseCtx().ports;
  const { documents = null, storage_bytes = null, questions = null, tokens = null } = quota;
  await db.execute(sql`
    insert into kalamna.quotas (org_id, documents, storage_bytes, questions, tokens)
    values (${orgId}, ${documents}, ${storage_bytes}, ${questions}, ${tokens})
    on conflict (org_id) do update set documents = excluded.documents, storage_bytes = excluded.storage_bytes,
      questions = excluded.questions, tokens = excluded.tokens`);
}
