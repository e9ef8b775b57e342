/** What the product keeps of questions, as it stands in the database. */
import { sql } from "drizzle-orm";
import { vi } from "vitest";
import { baseCtx } from "./people.ts";

export type Kept = Record<string, any>;

export async function messagesOf(orgId: string): Promise<Kept[]> {
  const { rows } = await baseCtx().ports.db.execute<Kept>(
    sql`select * from kalamna.messages where org_id = ${orgId} order by created_at, id`,
  );
  return rows;
}

/** The message once its answer has ended: it is written after the response. */
export function keptMessage(id: string): Promise<Kept> {
  return vi.waitUntil(
    async () => {
      const { rows } = await baseCtx().ports.db.execute<Kept>(
        sql`select * from kalamna.messages where id = ${id} and status <> 'answering'`,
      );
      return rows[0];
    },
    { timeout: 10_000, interval: 50 },
  );
}
