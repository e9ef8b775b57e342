/** Takes an address in: a row and a message; fetching happens later, in the queue. */
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import { audit, auditOf } from "../audit/record.ts";
import { nameAudienceFailure } from "../documents/groups.ts";
import type { UploadLabels } from "../documents/labels.ts";
import { uploader } from "../documents/upload.ts";
import { enqueueStep } from "./enqueue.ts";
import type { SourceInput } from "./input.ts";
import { forgetMoved, moveTwin, requeueTwin, restartTwin } from "./run-sql.ts";
import { findInserted, insertBeginning, insertSource, isSource, type NewSource } from "./sql.ts";
import { type SourceView, view } from "./view.ts";

/** `duplicate`: the same page is there already for the same readers, or its external id is; it is fetched again. */
export type Added = { source: SourceView; outcome: "created" | "duplicate" };

export type PageToAdd = {
  /** As `pageAddress` gives it. */
  url: string;
  labels: Omit<UploadLabels, "name"> & { name?: string | undefined };
  batchId?: string;
  lane?: Lane;
};

/**
 * One address as a source of its own. Its document comes later and carries `source_id` and, when given, `batch_id`; until
 * then (and if it never comes) `source.status` and `source.failure` say how it goes.
 * @throws AppError `forbidden` | `invalid_request` (no such group) | `external_id_taken`
 */
export function addPage(ctx: Ctx, { url, labels, batchId, lane }: PageToAdd): Promise<Added> {
  return add(ctx, { ...labels, url }, { ...(batchId ? { batchId } : {}), ...(lane ? { lane } : {}) });
}

/**
 * A page, a sitemap or a crawl. A page that is a source for the same readers already stays one source.
 * @throws AppError `forbidden` | `url_refused` | `invalid_request` (no such group) | `external_id_taken`
 */
export async function add(
  ctx: Ctx,
  input: SourceInput,
  { batchId, lane }: { batchId?: string; lane?: Lane } = {},
): Promise<Added> {
  const row = rowOf(ctx, input, batchId ?? null, lane);
  // A person hears it at once; lines of a batch find out one by one when they are fetched.
  if (batchId === undefined) await refuseClosed(ctx, row.url);
  const { orgId, id } = row;
  try {
    const [, , , , , , [source]] = await tenantBatch(ctx, (db) => [
      insertSource(db, row),
      insertBeginning(db, row),
      restartTwin(db, row, {
        accessLevel: input.access_level,
        groups: input.groups,
        metadata: input.metadata,
      }),
      moveTwin(db, row),
      forgetMoved(db, row),
      requeueTwin(db, row),
      findInserted(db, row),
      audit(db, {
        ...auditOf(ctx),
        action: "source.created",
        target: { type: "source", id },
        detail: { kind: row.kind, url: row.url, access_level: row.accessLevel },
        result: "ok",
        when: isSource(orgId, id),
      }),
    ]);
    if (!source) throw new AppError("external_id_taken");
    ctx.log.add({ source: source.id, kind: source.kind });
    if (source.status === "running") await enqueueStep(ctx, source);
    return { source: view(source), outcome: source.id === id ? "created" : "duplicate" };
  } catch (thrown) {
    throw nameAudienceFailure(thrown);
  }
}

/** Longest wait for looking a name up, in milliseconds. */
const CHECK_MS = 5_000;

/** @throws AppError `url_refused`; a name that cannot be looked up now may be there when it is fetched */
async function refuseClosed(ctx: Ctx, url: string): Promise<void> {
  try {
    await ctx.log.step("resolve", () => ctx.ports.web.check(url, { timeoutMs: CHECK_MS }));
  } catch (thrown) {
    if (toAppError(thrown).code !== "fetch_failed") throw thrown;
  }
}

function rowOf(ctx: Ctx, input: SourceInput, batchId: string | null, lane: Lane | undefined): NewSource {
  const { access, ...owner } = uploader(ctx.actor);
  const accessLevel = input.access_level ?? access;
  if (accessLevel === "internal" && access === "external") {
    throw new AppError("forbidden", { detail: "You may add external documents only." });
  }
  return {
    id: crypto.randomUUID(),
    orgId: ctx.actor.orgId,
    ...beginningOf(input),
    name: input.name ?? null,
    externalId: input.external_id ?? null,
    batchId,
    onGone: input.on_gone,
    refreshEvery: input.refresh_every,
    accessLevel,
    groups: input.groups ?? null,
    metadata: input.metadata ?? {},
    // A person waits for a page they name, and for nothing that has many, whatever they say.
    lane: input.url === undefined ? "ingest-bulk" : (lane ?? input.lane ?? "ingest"),
    ...owner,
  };
}

function beginningOf({ url, sitemap, crawl }: SourceInput): Pick<NewSource, "kind" | "url" | "settings"> {
  if (url !== undefined) return { kind: "url", url, settings: {} };
  const [kind, given] = sitemap ? (["sitemap", sitemap] as const) : (["crawl", crawl] as const);
  if (!given) throw new AppError("invalid_request");
  const { url: start, ...settings } = given;
  return { kind, url: start, settings };
}
