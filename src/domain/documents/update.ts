/** Changes a document's labels: its name, its metadata, and who may read it. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueExtract } from "../ingestion/enqueue.ts";
import { DocumentGroups, nameAudienceFailure } from "./groups.ts";
import { Name } from "./labels.ts";
import { Metadata } from "./metadata.ts";
import {
  awaitAudience,
  findDocument,
  mayChange,
  moveAudience,
  relabel,
  rereadRenamed,
  withdraw,
} from "./sql.ts";
import { type DocumentView, view } from "./view.ts";

export const UpdateInput = z
  .strictObject({
    name: Name.optional(),
    /** Replaces all labels. */
    metadata: Metadata.optional(),
    access_level: z.enum(ACCESS_LEVELS).optional(),
    /** Null: for everybody whom the access level lets in. */
    groups: DocumentGroups.optional(),
  })
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    message: "say what to change: name, metadata, access_level or groups",
  });
export type UpdateInput = z.infer<typeof UpdateInput>;

/**
 * Who may read it changes for the document, its passages and its statistics in one transaction. Another name has a
 * document without a title of its own read again, from known embeddings, because the index finds it by its name.
 * @param hide takes the version that answers out of the index first: the new readers were not meant to read it
 * @throws AppError `not_found` | `forbidden` for a document of somebody else or an audience without the caller |
 *   `invalid_request` for an unknown group | `duplicate_document`
 */
export async function update(
  ctx: Ctx,
  id: string,
  input: UpdateInput,
  { hide = false }: { hide?: boolean } = {},
): Promise<DocumentView> {
  const { orgId } = ctx.actor;
  try {
    const [, [visible], , , [again], [changed]] = await tenantBatch(ctx, (db) => [
      awaitAudience(db, input.access_level !== undefined || input.groups !== undefined),
      findDocument(db, orgId, id),
      withdraw(db, orgId, id, hide),
      moveAudience(db, orgId, id, input.access_level, input.groups),
      rereadRenamed(db, orgId, id, input.name),
      relabel(db, orgId, id, {
        name: input.name,
        metadata: input.metadata,
        accessLevel: input.access_level,
        groups: input.groups,
        ...(hide && { publishedVersion: null }),
      }),
      audit(db, {
        ...auditOf(ctx),
        action: "document.changed",
        target: { type: "document", id },
        detail: said(input),
        result: "ok",
        when: mayChange(orgId, id),
      }),
    ]);
    if (!visible) throw new AppError("not_found");
    if (!changed) {
      throw new AppError("forbidden", { detail: "Only the document's owner or an admin may change it." });
    }
    ctx.log.add({ document: id });
    if (again) await enqueueExtract(ctx, changed);
    return view(changed);
  } catch (thrown) {
    if (violates(thrown, "documents_same_bytes")) throw new AppError("duplicate_document", { cause: thrown });
    throw nameAudienceFailure(thrown);
  }
}

function said({ name, metadata, access_level, groups }: UpdateInput): Record<string, string | null> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(metadata === undefined ? {} : { metadata: Object.keys(metadata).join(" ") }),
    ...(access_level === undefined ? {} : { access_level }),
    ...(groups === undefined ? {} : { groups: groups?.join(" ") ?? null }),
  };
}
