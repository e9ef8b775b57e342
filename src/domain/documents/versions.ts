/** What a document was before: its versions, newest first. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { Limit, type Listed, listed } from "../paging/page.ts";
import { findDocument } from "./sql.ts";
import { listVersions } from "./version-sql.ts";

/** An int4. */
export const VersionNumber = z.int().min(1).max(2_147_483_647);

export const VersionsInput = z.object({
  limit: Limit,
  /** The `version` that the last page ended with. */
  cursor: z.coerce.number().pipe(VersionNumber).optional(),
});
export type VersionsInput = z.infer<typeof VersionsInput>;

type VersionRow = Awaited<ReturnType<typeof listVersions>>[number];

export type VersionView = ReturnType<typeof view>;

/**
 * Those who may change the document see all that are kept: the one that answers, the one on its way, and the ten newest
 * of the others. Other readers see the one that answers.
 * @throws AppError `not_found`
 */
export async function versions(ctx: Ctx, id: string, input: VersionsInput): Promise<Listed<VersionView>> {
  const { orgId } = ctx.actor;
  const [[document], rows] = await tenantBatch(ctx, (db) => [
    findDocument(db, orgId, id),
    listVersions(db, orgId, id, input.limit, input.cursor),
  ]);
  if (!document) throw new AppError("not_found");
  return listed(
    rows,
    input.limit,
    (row) => view(row, document.publishedVersion),
    ({ version }) => String(version),
  );
}

function view(row: VersionRow, published: number | null) {
  return {
    version: row.version,
    name: row.name,
    content_type: row.contentType,
    bytes: row.bytes,
    sha256: row.sha256,
    status: row.status,
    failure: row.failureCode === null ? null : { code: row.failureCode, detail: row.failureDetail },
    counts: { pages: row.pages, characters: row.characters, chunks: row.chunks, tokens: row.tokens },
    delta: { reused: row.reused, embedded: row.embedded },
    created_at: iso(row.createdAt),
    published_at: iso(row.publishedAt),
    /** The one that answers. */
    current: row.version === published,
  };
}
