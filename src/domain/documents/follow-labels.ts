/** A document that keeps its identity takes over what its uploader says about it; what they do not say stays. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { UploadLabels } from "./labels.ts";
import type { Metadata } from "./metadata.ts";
import { findIdentified, type Identity } from "./sql.ts";
import { type UpdateInput, update } from "./update.ts";
import { type DocumentRow, type DocumentView, view } from "./view.ts";

type Readers = Pick<DocumentRow, "accessLevel" | "groups">;

/**
 * Changes who may read the document before its bytes change: new text never meets the old readers. Old text never meets
 * new ones either: when the bytes change as well and somebody would be let in, the version that answers is withdrawn.
 * @throws AppError as {@link update}; then nothing has changed
 */
export async function moveReaders(ctx: Ctx, which: Identity, sha256: string, labels: UploadLabels) {
  if (labels.access_level === undefined && labels.groups === undefined) return;
  const [[row]] = await tenantBatch(ctx, (db) => [findIdentified(db, ctx.actor.orgId, which)]);
  const changes = row && readersOf(row, labels);
  if (!row || !changes || Object.keys(changes).length === 0) return;
  const next: Readers = {
    accessLevel: changes.access_level ?? row.accessLevel,
    groups: changes.groups === undefined ? row.groups : changes.groups,
  };
  await update(ctx, row.id, changes, { hide: row.sha256 !== sha256 && !isWithin(next, row) });
}

/** Name and metadata, for a document whose bytes are in place. */
export async function followLabels(ctx: Ctx, row: DocumentRow, labels: UploadLabels): Promise<DocumentView> {
  const { name, metadata } = labels;
  const changes: UpdateInput = {
    ...(name !== row.name ? { name } : {}),
    ...(metadata !== undefined && canonical(metadata) !== canonical(row.metadata) ? { metadata } : {}),
  };
  return Object.keys(changes).length === 0 ? view(row) : update(ctx, row.id, changes);
}

function readersOf(row: Readers, { access_level, groups }: UploadLabels): UpdateInput {
  return {
    ...(access_level !== undefined && access_level !== row.accessLevel ? { access_level } : {}),
    ...(groups !== undefined && String(groups) !== String(row.groups) ? { groups } : {}),
  };
}

/** Could all of the `inner` readers read what the `outer` ones may? */
function isWithin(inner: Readers, outer: Readers): boolean {
  if (inner.accessLevel === "external" && outer.accessLevel === "internal") return false;
  return outer.groups === null || (inner.groups?.every((id) => outer.groups?.includes(id)) ?? false);
}

/** Postgres gives the keys of an object back in an order of its own. */
const canonical = (metadata: Metadata) => JSON.stringify(Object.entries(metadata).sort());
