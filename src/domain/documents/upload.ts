/** Takes a document in: bytes to storage, a row, a message; reading it happens later, in the queue. */
import type { Access, Actor, Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { originalPath, type StoredFile } from "../../infra/files/port.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import { type AuditEvent, audit, auditOf } from "../audit/record.ts";
import { keepFile } from "../files/keep.ts";
import { removeClaimed } from "../files/remove.ts";
import { claimFiles, fileRemoved } from "../files/sql.ts";
import { enqueueExtract } from "../ingestion/enqueue.ts";
import { SUPPORTED } from "../ingestion/extract/detect.ts";
import { followLabels, moveReaders } from "./follow-labels.ts";
import { formatOf } from "./format.ts";
import { nameAudienceFailure } from "./groups.ts";
import type { UploadLabels } from "./labels.ts";
import {
  findBySha256,
  findRegistered,
  type Identity,
  insertDocument,
  isDocument,
  isReplaced,
  isRestarted,
  replaceBytes,
  restart,
} from "./sql.ts";
import { type DocumentView, view } from "./view.ts";

/** How a document came in, where it was not a person at the front door. */
export type Origin = {
  lane?: Lane;
  batchId?: string;
  /** The bytes are the next version of this very document. */
  documentId?: string;
  /** Fetched from there: the address is the document's identity, and `documentId` the document it was before. */
  page?: { url: string; sourceId: string | null; documentId?: string };
  /** Of deferred work: on whose behalf it uploads. */
  owner?: { createdBy: string | null; createdByKey: string | null };
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
 * @throws AppError `unsupported_type` | `forbidden` | `external_id_taken` | `duplicate_document` | `not_found` (the
 *   document to be replaced is gone) | `invalid_request` (no such group) | `quota_full`; the bytes are then removed again
 */
export async function upload(
  ctx: Ctx,
  stored: StoredFile,
  labels: UploadLabels,
  origin: Origin = {},
): Promise<Uploaded> {
  try {
    const uploaded = await registerDocument(ctx, stored, labels, origin);
    ctx.waitUntil(stored.release());
    return uploaded;
  } catch (error) {
    await discard(ctx, stored);
    if (violates(error, "documents_same_bytes")) throw new AppError("duplicate_document", { cause: error });
    throw nameAudienceFailure(error);
  }
}

async function registerDocument(
  ctx: Ctx,
  stored: StoredFile,
  labels: UploadLabels,
  { lane = labels.lane ?? "ingest", batchId, documentId, page, owner: onBehalfOf }: Origin,
): Promise<Uploaded> {
  const { orgId } = ctx.actor;
  const { access, ...self } = uploader(ctx.actor);
  const owner = ctx.actor.kind === "service" ? (onBehalfOf ?? self) : self;
  const accessLevel = labels.access_level ?? access;
  if (accessLevel === "internal" && access === "external") {
    throw new AppError("forbidden", { detail: "You may add external documents only." });
  }
  const format = formatOf(stored.head, labels.name);
  const id = crypto.randomUUID();
  const replacedId = documentId ?? page?.documentId;
  const identity = identityOf(labels, replacedId);
  if (identity) await moveReaders(ctx, identity, stored.sha256, labels);
  const bytes = {
    name: labels.name,
    contentType: SUPPORTED[format].mime,
    bytes: stored.size,
    sha256: stored.sha256,
    lane,
    batchId: batchId ?? null,
  };
  const [replaced, , [row], { rows: removals }] = await tenantBatch(ctx, (db) => [
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
      unless: replacedId !== undefined,
      ...owner,
    }),
    identity || page ? findRegistered(db, orgId, id, identity) : findBySha256(db, orgId, stored.sha256),
    fileRemoved(db, originalPath(stored.sha256)),
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
  if (!row) throw missing(labels, replacedId, page);
  ctx.log.add({ document: row.id, bytes: stored.size, format });
  if (row.sha256 === stored.sha256) await keepFile(ctx, stored, removals[0]?.removed ?? null);
  if (row.id === id || replaced[0]) {
    await enqueueExtract(ctx, row);
    return row.id === id
      ? { document: view(row), outcome: "created" }
      : { document: await followLabels(ctx, row, labels), outcome: "replaced" };
  }
  if (row.sha256 !== stored.sha256) {
    throw new AppError("forbidden", { detail: "Only the document's owner or an admin may replace it." });
  }
  const current = identity ? await followLabels(ctx, row, labels) : view(row);
  const again = current.status === "failed" && (await startAgain(ctx, row.id, lane, batchId));
  if (again) return { document: again, outcome: "requeued" };
  return { document: current, outcome: identity ? "unchanged" : "duplicate" };
}

/** @returns null for a document of somebody else, which stays as it is */
async function startAgain(
  ctx: Ctx,
  id: string,
  lane: Lane,
  batchId: string | undefined,
): Promise<DocumentView | null> {
  const { orgId } = ctx.actor;
  const [[row]] = await tenantBatch(ctx, (db) => [
    restart(db, orgId, id, lane, batchId),
    audit(db, {
      ...auditOf(ctx),
      action: "document.reindexed",
      target: { type: "document", id },
      result: "ok",
      when: isRestarted(orgId, id),
    }),
  ]);
  if (row) await enqueueExtract(ctx, row);
  return row ? view(row) : null;
}

/** Which document these bytes belong to, when the uploader knows. */
function identityOf({ external_id }: UploadLabels, id: string | undefined): Identity | undefined {
  if (id !== undefined) return { id };
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

function missing(
  { external_id }: UploadLabels,
  replacedId: string | undefined,
  page: Origin["page"],
): AppError {
  if (replacedId !== undefined) return new AppError("not_found");
  if (external_id !== undefined) return new AppError("external_id_taken");
  const cause = new Error("the new document is gone");
  return new AppError(page ? "duplicate_document" : "internal", { cause });
}

/** Whose the document will be, and what it may be labelled. */
export function uploader(actor: Actor): {
  access: Access;
  createdBy: string | null;
  createdByKey: string | null;
} {
  if (actor.kind === "widget") throw new AppError("forbidden", { detail: "A widget adds no documents." });
  switch (actor.kind) {
    case "user":
      return { access: actor.access, createdBy: actor.userId, createdByKey: null };
    case "key":
      return { access: actor.access, createdBy: null, createdByKey: actor.keyId };
    case "service":
      return { access: "internal", createdBy: null, createdByKey: null };
  }
}

/** Removes bytes that no document uses; used when an upload is refused after its file was stored. */
export async function discard(ctx: Ctx, stored: StoredFile): Promise<void> {
  ctx.waitUntil(stored.release());
  try {
    const [{ rows }] = await tenantBatch(ctx, (db) => [claimFiles(db, [originalPath(stored.sha256)])]);
    await removeClaimed(ctx, ctx.actor.orgId, rows);
  } catch {
    // The caller hears why the upload failed; what is left behind is for the sweeper, and the log says so.
    ctx.log.add({ discard_failed: true });
  }
}
