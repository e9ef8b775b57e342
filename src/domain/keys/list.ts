/** An organization's keys, newest first. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { listApiKeys, listWidgetKeys } from "./sql.ts";
import { type ApiKeyView, viewApiKey, viewWidgetKey, type WidgetKeyView } from "./view.ts";

export const ListKeysInput = PageInput.extend({
  /** The beginning of a key as found in a log or a repository; never the whole key. */
  prefix: z
    .string()
    .regex(/^kal_live_[\w-]{0,22}$/, "must be the beginning of a key, up to its second underscore")
    .optional(),
});
export type ListKeysInput = z.infer<typeof ListKeysInput>;

export const ListWidgetKeysInput = PageInput;
export type ListWidgetKeysInput = PageInput;

/** Revoked and expired ones too. @throws AppError `invalid_request` for a foreign cursor */
export async function listKeys(ctx: Ctx, input: ListKeysInput): Promise<Listed<ApiKeyView>> {
  const idPrefix = (input.prefix ?? "").slice("kal_live_".length);
  const [rows] = await tenantBatch(ctx, (db) => [listApiKeys(db, ctx.actor.orgId, pageOf(input), idPrefix)]);
  return listedByDate(rows, input.limit, (row) => viewApiKey(row, ctx.now()));
}

/** The same for widget keys. */
export async function listWidgets(ctx: Ctx, input: ListWidgetKeysInput): Promise<Listed<WidgetKeyView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listWidgetKeys(db, ctx.actor.orgId, pageOf(input))]);
  return listedByDate(rows, input.limit, (row) => viewWidgetKey(row, ctx.now()));
}
