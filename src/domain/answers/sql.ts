/** What is known before the search: taught answers and the cache, in one statement of its batch. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import type { CacheKey } from "../cache/key.ts";
import { cachedAnswer, type Looked } from "../cache/sql.ts";
import { type Taught, taughtCandidates } from "../knowledge/sql.ts";
import type { Embedded } from "../retrieval/search.ts";
import type { Payload } from "./cached.ts";

export const lookUp = (
  db: Database,
  question: Embedded | null,
  asked: Parameters<typeof taughtCandidates>[1],
  accessLevel: Parameters<typeof taughtCandidates>[2],
  key: CacheKey | null,
  closest: number | null,
) =>
  db.execute<{ taught: Taught | null; cached: Looked<Payload> }>(sql`
    select ${taughtCandidates(question, asked, accessLevel)} as taught, ${cachedAnswer(key, question, closest)} as cached`);
