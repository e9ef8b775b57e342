/** Opens a document's original bytes, or the canonical text that citations point into. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type OpenFile, originalKey, textKey } from "../../infra/files/port.ts";
import { findDocument } from "./sql.ts";

export const DownloadInput = z.object({ format: z.enum(["original", "text"]).default("original") });
export type DownloadInput = z.infer<typeof DownloadInput>;

export type Download = OpenFile & { name: string; contentType: string };

/** @throws AppError `not_found` | `not_ready` while the text is being made | `file_missing` */
export async function download(ctx: Ctx, id: string, { format }: DownloadInput): Promise<Download> {
  const { orgId } = ctx.actor;
  const [[document]] = await tenantBatch(ctx, (db) => [findDocument(db, orgId, id)]);
  if (!document) throw new AppError("not_found");
  const text = format === "text";
  if (text && document.status !== "ready") throw new AppError("not_ready");
  const key = text ? textKey(orgId, id, document.version) : originalKey(orgId, document.sha256);
  const file = await ctx.ports.files.open(key);
  if (!file) throw new AppError("file_missing");
  return {
    ...file,
    name: text ? `${document.name}.txt` : document.name,
    contentType: text ? "text/plain; charset=utf-8" : document.contentType,
  };
}
