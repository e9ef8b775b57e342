/** What an organization has in storage, and what its rows say should be there. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { originalKey, textKey } from "../../src/infra/files/port.ts";
import { baseCtx } from "./people.ts";

const bucket = (env as unknown as { FILES: R2Bucket }).FILES;

/** Every key in storage that starts with the organization, sorted. */
export async function storedKeys(orgId: string): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await bucket.list({
      prefix: `org/${orgId}/`,
      ...(after === undefined ? {} : { startAfter: after }),
    });
    keys.push(...page.objects.map(({ key }) => key));
    after = keys.at(-1);
    if (!page.truncated) return keys.sort();
  }
}

/**
 * Every key that the database needs, sorted: the original of each version that is kept, and the text of each that ever
 * answered. A version that is still being read may have a text as well; one that failed needs none.
 */
export async function referencedKeys(orgId: string): Promise<string[]> {
  const { rows } = await baseCtx().ports.db.execute<{
    id: string;
    version: number;
    sha256: string;
    answered: boolean;
  }>(sql`
    select document_id as id, version, sha256, published_at is not null as answered
      from kalamna.document_versions where org_id = ${orgId}`);
  const keys = rows.flatMap(({ id, version, sha256, answered }) => [
    originalKey(orgId, sha256),
    ...(answered ? [textKey(orgId, id, version)] : []),
  ]);
  return [...new Set(keys)].sort();
}
