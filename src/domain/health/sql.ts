/** The statement of the readiness check, for a system batch. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { documents, orgEmbedding } from "../../infra/db/schema.ts";

/** Documents of all organizations that are on their way; `oldest` in seconds. */
export const countUnfinished = (db: Database) =>
  db
    .select({
      unfinished: sql<number>`count(*)::int`,
      oldest: sql<number>`coalesce(extract(epoch from now() - min(${documents.createdAt})), 0)::int`,
      overdue: sql<number>`(count(*) filter (where ${documents.deadlineAt} < now()))::int`,
    })
    .from(documents)
    .where(sql`${documents.status} in ('pending', 'extracting', 'embedding')`);

/** Organizations whose embedding model is not among these: words alone find their documents. */
export const countWithoutModel = (db: Database, offered: readonly string[]) =>
  db
    .select({ organizations: sql<number>`count(*)::int` })
    .from(orgEmbedding)
    .where(sql`${orgEmbedding.model} <> all(${sql.param([...offered])}::text[])`);
