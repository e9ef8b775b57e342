/** Removes what the login guard no longer needs to know. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { forgetAttempts } from "./login-sql.ts";

export async function forgetLogins(ctx: BaseCtx): Promise<void> {
  await systemBatch(ctx, (db) => [forgetAttempts(db)]);
}
