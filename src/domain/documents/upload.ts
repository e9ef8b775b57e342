/** Takes a document in: bytes to storage, a row, a message; reading it happens later, in the queue. */
import type { Access, Actor, Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { originalKey, type StoredFile } from "../../infra/files/port.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import { type AuditEvent, audit, auditOf } from "../audit/record.ts";
import { enqueueExtract } from "../ingestion/enqueue.ts";
import { SUPPORTED } from "../ingestion/extract/detect.ts";
import { formatOf } from "./format.ts";
import { nameAudienceFailure } from "./groups.ts";
import type { UploadLabels } from "./labels.ts";
import type { Metadata } from "./metadata.ts";
import {
  bytesInUse,
  findBySha256,
  findIdentified,
  type Identity,
  insertDocument,
  isDocument,
  isReplaced,
  replaceBytes,
  restart,
} from "./sql.ts";
import { update } from "./update.ts";
import { type DocumentRow, type DocumentView, view } from "./view.ts";

/** How a document came in, where it was not a person at the front door. */
export type Origin = {
  lane?: Lane;
  batchId?: string;
  /** Fetched from there: the address is the document's identity, and `documentId` the document it was before. */
  page?: { url: string; sourceId: string | null; documentId?: string };
};

/**
 * `created`; `replaced`: a new version of the document with this identity; `unchanged`: it has these bytes already;
 * `duplicate`: another document without an identity has them; `requeued`: the same, and it had failed before.
 */
export type Outcome = "created" | "replaced" | "unchanged" | "duplicate" | "requeued";

export type Uploaded = { document: DocumentView; outcome: Outcome };

/**
 * Registers bytes that `files.store` has taken in.
 * The same bytes in the same organization are the same document, unless the uploader gives it an identity of its own;
 * one that had failed is tried again.
 * @throws AppError `unsupported_type` | `forbidden` | `external_id_taken` | `duplicate_document` | `not_found` (the page's
 *   document is gone) | `invalid_request` (no such group); the bytes are then removed again
 */
export async function upload(
  ctx: Ctx,
  stored: StoredFile,
  labels: UploadLabels,
  origin: Origin = {},
): Promise<Uploaded> {
  try {
    return await registerDocument(ctx, stored, labels, origin);
  } catch (error) {
    await discard(ctx, stored);
    throw nameAudienceFailure(error);
  }
}

async function registerDocument(
  ctx: Ctx,
  stored: StoredFile,
  labels: UploadLabels,
  {
    lane = labels.lane ?? "ingest",
    batchId = null,
    page,
  }: { lane?: Lane; batchId?: string | null; page?: Origin["page"] },
): Promise<Uploaded> {
  const { orgId } = ctx.actor;
  const { access, ...owner } = uploader(ctx.actor);
  const accessLevel = labels.access_level ?? access;
  if (accessLevel === "internal" && access === "external") {
    throw new AppError("forbidden", { detail: "You may add external documents only." });
  }
  const format = formatOf(stored.head, labels.name);
  const id = crypto.randomUUID();
  const identity = identityOf(labels, page);
  const bytes = {
    name: labels.name,
    contentType: SUPPORTED[format].mime,
    bytes: stored.size,
    sha256: stored.sha256,
    lane,
    batchId,
  };
  const [replaced, , [row]] = await tenantBatch(ctx, (db) => [
    replaceBytes(db, orgId, identity, { ...bytes, metadata: labels.metadata }),
    insertDocument(db, {
      id,
      orgId,
      ...bytes,
      accessLevel,
      groups: labels.groups ?? null,
      metadata: labels.metadata ?? {},
      externalId: labels.external_id ?? null,
      url: page?.url ?? null,
      sourceId: page?.sourceId ?? null,
      unless: page?.documentId !== undefined,
      ...owner,
    }),
    identity ? findIdentified(db, orgId, id, identity) : findBySha256(db, orgId, stored.sha256),
    audit(db, {
      ...auditOf(ctx),
      action: "document.uploaded",
      target: { type: "document", id },
      detail: { name: labels.name, bytes: stored.size, access_level: accessLevel },
      result: "ok",
      when: isDocument(orgId, id),
    }),
    ...(identity ? [audit(db, replacement(ctx, orgId, identity, bytes))] : []),
  ]);
  if (!row) throw missing(labels, page);
  ctx.log.add({ document: row.id, bytes: stored.size, format });
  if (row.id === id || replaced[0]) {
    await enqueueExtract(ctx, row);
    return { document: await relabelled(ctx, row, labels), outcome: row.id === id ? "created" : "replaced" };
  }
  if (row.sha256 !== stored.sha256) {
    throw new AppError("forbidden", { detail: "Only the document's owner or an admin may replace it." });
  }
  const current = identity ? await relabelled(ctx, row, labels) : view(row);
  if (row.status !== "failed") return { document: current, outcome: identity ? "unchanged" : "duplicate" };
  const [[again]] = await tenantBatch(ctx, (db) => [restart(db, orgId, row.id)]);
  await enqueueExtract(ctx, again ?? row);
  return { document: again ? view(again) : current, outcome: "requeued" };
}

/** Which document these bytes belong to, when the uploader knows. */
function identityOf({ external_id }: UploadLabels, page: Origin["page"]): Identity | undefined {
  if (page?.documentId !== undefined) return { id: page.documentId };
  return external_id === undefined ? undefined : { externalId: external_id };
}

const replacement = (
  ctx: Ctx,
  orgId: string,
  which: Identity,
  { name, bytes, sha256 }: { name: string; bytes: number; sha256: string },
): AuditEvent => ({
  ...auditOf(ctx),
  action: "document.replaced",
  detail: { name, bytes, sha256 },
  result: "ok",
  when: isReplaced(orgId, which, sha256),
});

function missing({ external_id }: UploadLabels, page: Origin["page"]): AppError {
  if (page?.documentId !== undefined) return new AppError("not_found");
  if (external_id !== undefined) return new AppError("external_id_taken");
  const cause = new Error("the document is gone right after its insertion");
  return new AppError(page ? "duplicate_document" : "internal", { cause });
}

/** A document that keeps its identity takes over what the uploader says about it; what they do not say stays. */
async function relabelled(ctx: Ctx, row: DocumentRow, labels: UploadLabels): Promise<DocumentView> {
  const { access_level, groups, metadata } = labels;
  const audience = {
    ...(access_level !== undefined && access_level !== row.accessLevel ? { access_level } : {}),
    ...(groups !== undefined && String(groups) !== String(row.groups) ? { groups } : {}),
  };
  const unlike = metadata !== undefined && canonical(metadata) !== canonical(row.metadata);
  const changes = { ...audience, ...(unlike ? { metadata } : {}) };
  return Object.keys(changes).length === 0 ? view(row) : update(ctx, row.id, changes);
}

/** Postgres gives the keys of an object back in an order of its own. */
const canonical = (metadata: Metadata) => JSON.stringify(Object.entries(metadata).sort());

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
