/** Opens a version's original bytes, or the canonical text that citations point into. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type OpenFile, originalKey, textKey } from "../../infra/files/port.ts";
import { findDocument } from "./sql.ts";
import { findVersion } from "./version-sql.ts";
import { VersionNumber } from "./versions.ts";

export const DownloadInput = z.object({
  format: z.enum(["original", "text"]).default("original"),
  /** The version that answers, or before there is one the first on its way, when it is not given. */
  version: z.coerce.number().pipe(VersionNumber).optional(),
});
export type DownloadInput = z.infer<typeof DownloadInput>;

export type Download = OpenFile & { name: string; contentType: string };

/**
 * @throws AppError `not_found` also for a version that is not kept, or not the reader's to see | `not_ready` for the text
 *   of a version that never answered | `file_missing`
 */
export async function download(ctx: Ctx, id: string, input: DownloadInput): Promise<Download> {
  const { orgId } = ctx.actor;
  const [[document], [version]] = await tenantBatch(ctx, (db) => [
    findDocument(db, orgId, id),
    findVersion(db, orgId, id, input.version),
  ]);
  if (!document || !version) throw new AppError("not_found");
  const text = input.format === "text";
  if (text && version.publishedAt === null) throw new AppError("not_ready");
  const key = text ? textKey(orgId, id, version.version) : originalKey(orgId, version.sha256);
  const file = await ctx.ports.files.open(key);
  if (!file) throw new AppError("file_missing");
  const name = input.version === undefined ? document.name : version.name;
  return {
    ...file,
    name: text ? `${name}.txt` : name,
    contentType: text ? "text/plain; charset=utf-8" : version.contentType,
  };
}
