/** Ends a run that cannot go on: every page still in line gets the reason. */
import type { Ctx } from "../../context.ts";
import type { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { failRun as failed, failPages, type SourceRun } from "./step-sql.ts";

export async function failRun(ctx: Ctx, run: SourceRun, { code, message }: AppError): Promise<void> {
  await tenantBatch(ctx, (db) => [failPages(db, run, code, message), failed(db, run, code, message)]);
}
