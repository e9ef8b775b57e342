/** An organization's webhooks, newest first, and one of them. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Listed, listedByDate, type PageInput, pageOf } from "../paging/page.ts";
import { findWebhook, listWebhooks } from "./sql.ts";
import { view, type WebhookView } from "./view.ts";

/** @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: Ctx, input: PageInput): Promise<Listed<WebhookView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listWebhooks(db, ctx.actor.orgId, pageOf(input))]);
  return listedByDate(rows, input.limit, (row) => view(row, ctx.now()));
}

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, id: string): Promise<WebhookView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findWebhook(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return view(row, ctx.now());
}
