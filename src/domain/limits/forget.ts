/** Removes what the login guard no longer needs to know. */
import { sql } from "drizzle-orm";
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";

export async function forgetLogins(ctx: BaseCtx): Promise<void> {
  await systemBatch(ctx, (db) => [db.execute(sql`select kalamna.forget_logins()`)]);
}
