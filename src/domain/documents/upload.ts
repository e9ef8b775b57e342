/** Takes a document in: bytes to storage, a row, a message; reading it happens later, in the queue. */
import * as z from "zod";
import { ACCESS_LEVELS, type Access, type Actor, type Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { originalKey, type StoredFile } from "../../infra/files/port.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueExtract } from "../ingestion/enqueue.ts";
import { detect, SUPPORTED } from "../ingestion/extract/detect.ts";
import { DocumentGroups, DocumentGroupsField, nameAudienceFailure } from "./groups.ts";
import { Metadata } from "./metadata.ts";
import { bytesInUse, findBySha256, insertDocument, isDocument, restart } from "./sql.ts";
import { type DocumentView, view } from "./view.ts";

/** A file name as given by any system, without its folders and control characters. */
export const Name = z
  .string()
  .transform((value) => (value.split(/[/\\]/).pop() ?? "").replace(/\p{Cc}/gu, "").trim())
  .pipe(z.string().min(1, "must not be empty").max(500));

const labels = {
  access_level: z.enum(ACCESS_LEVELS).optional(),
  groups: DocumentGroups.optional(),
  metadata: Metadata.default({}),
};

/** `POST documents` as JSON. */
export const UploadText = z.object({ name: Name, content: z.string(), ...labels });

/** The fields beside the file in `POST documents` as a form; metadata is JSON text there. */
export const UploadFields = z.object({
  ...labels,
  name: Name,
  groups: DocumentGroupsField.optional(),
  metadata: z
    .string()
    .default("{}")
    .transform((text, ctx) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        ctx.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(Metadata),
});

export type UploadLabels = {
  name: string;
  access_level?: "internal" | "external" | undefined;
  groups?: readonly string[] | null | undefined;
  metadata: Metadata;
};

export type Uploaded = { document: DocumentView; duplicate: boolean };

/**
 * Registers bytes that `files.store` has taken in.
 * The same bytes in the same organization are the same document; one that had failed is tried again.
 * @throws AppError `unsupported_type` | `forbidden` | `invalid_request` (no such group); the bytes are then removed again
 */
export async function upload(ctx: Ctx, stored: StoredFile, labels: UploadLabels): Promise<Uploaded> {
  try {
    return await registerDocument(ctx, stored, labels);
  } catch (error) {
    await discard(ctx, stored);
    throw nameAudienceFailure(error);
  }
}

async function registerDocument(ctx: Ctx, stored: StoredFile, labels: UploadLabels): Promise<Uploaded> {
  const { orgId } = ctx.actor;
  const { access, ...owner } = uploader(ctx.actor);
  const accessLevel = labels.access_level ?? access;
  if (accessLevel === "internal" && access === "external") {
    throw new AppError("forbidden", { detail: "You may add external documents only." });
  }
  const format = detect(stored.head, labels.name);
  if (typeof format !== "string") {
    throw new AppError("unsupported_type", {
      detail: `This looks like ${format.unsupported}, which we cannot read.`,
      extra: { supported: Object.values(SUPPORTED).map(({ label, extensions }) => ({ label, extensions })) },
    });
  }
  const id = crypto.randomUUID();
  const [, [row]] = await tenantBatch(ctx, (db) => [
    insertDocument(db, {
      id,
      orgId,
      name: labels.name,
      contentType: SUPPORTED[format].mime,
      bytes: stored.size,
      sha256: stored.sha256,
      accessLevel,
      groups: labels.groups ?? null,
      metadata: labels.metadata,
      ...owner,
    }),
    findBySha256(db, orgId, stored.sha256),
    audit(db, {
      ...auditOf(ctx),
      action: "document.uploaded",
      target: { type: "document", id },
      detail: { name: labels.name, bytes: stored.size, access_level: accessLevel },
      result: "ok",
      when: isDocument(orgId, id),
    }),
  ]);
  if (!row)
    throw new AppError("internal", { cause: new Error("the document is gone right after its insertion") });
  ctx.log.add({ document: row.id, bytes: stored.size, format });
  const duplicate = row.id !== id;
  if (duplicate && row.status !== "failed") return { document: view(row), duplicate };
  const [current = row] = duplicate
    ? (await tenantBatch(ctx, (db) => [restart(db, orgId, row.id)]))[0]
    : [row];
  await enqueueExtract(ctx, current);
  return { document: view(current), duplicate };
}

/** Whose the document will be, and what it may be labelled. */
function uploader(actor: Actor): { access: Access; createdBy: string | null; createdByKey: string | null } {
  switch (actor.kind) {
    case "user":
      return { access: actor.access, createdBy: actor.userId, createdByKey: null };
    case "key":
      return { access: actor.access, createdBy: null, createdByKey: actor.keyId };
    case "service":
      return { access: "internal", createdBy: null, createdByKey: null };
    case "widget":
      throw new AppError("forbidden", { detail: "A widget adds no documents." });
  }
}

/** Removes bytes that no document uses; used when an upload is refused after its file was stored. */
export async function discard(ctx: Ctx, stored: StoredFile): Promise<void> {
  try {
    const [{ rows }] = await tenantBatch(ctx, (db) => [bytesInUse(db, stored.sha256)]);
    if (rows[0]?.used === false) await ctx.ports.files.remove([originalKey(ctx.actor.orgId, stored.sha256)]);
  } catch {
    // The caller hears why the upload failed; what is left behind is an unreferenced file, and the log says so.
    ctx.log.add({ discard_failed: true });
  }
}
