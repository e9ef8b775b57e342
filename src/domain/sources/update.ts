/** Changes what a source visits, how often, and what its documents are labelled. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import type { SourceSettings } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { nameAudienceFailure } from "../documents/groups.ts";
import { awaitAudience } from "../documents/sql.ts";
import { enqueueStep } from "./enqueue.ts";
import type { SourceChanges } from "./input.ts";
import { narrowDocuments, narrowPassages } from "./narrow-sql.ts";
import { requeuePages, restartChanged } from "./run-sql.ts";
import { changeSource, findSource, isTouched } from "./sql.ts";
import { type SourceView, view } from "./view.ts";

/** Documents a transaction, while which nothing of the organization can be published; and how long the caller waits. */
const PIECE = 100;
const PATIENCE_MS = 20_000;

/**
 * Who may not read its documents any more cannot once this returns (of very many, the run takes the last). New labels start a run, in which every document takes them; so does a new reach. `name` and the schedule just change.
 * @throws AppError `not_found` | `forbidden` for a source of somebody else or an audience without the caller |
 *   `invalid_request` for an unknown group, or for a reach where there is none | `duplicate_document`
 */
export async function update(ctx: Ctx, id: string, input: SourceChanges): Promise<SourceView> {
  const { orgId } = ctx.actor;
  const { depth, limit, same_host, include, exclude } = input;
  const reach: SourceSettings = said({ depth, limit, same_host, include, exclude });
  const labels = said({ access_level: input.access_level, groups: input.groups, metadata: input.metadata });
  const reaches = Object.keys(reach).length > 0;
  const readers = input.access_level !== undefined || input.groups !== undefined;
  const most = readers ? PIECE : 0;
  const until = ctx.now().getTime() + PATIENCE_MS;
  const starts = reaches || Object.keys(labels).length > 0;
  try {
    const [, [visible], [changed], , { rows: narrowed }, [started], , [row]] = await tenantBatch(
      ctx,
      (db) => [
        awaitAudience(db, readers),
        findSource(db, orgId, id),
        changeSource(db, orgId, id, input, reach),
        narrowPassages(db, orgId, id, most),
        narrowDocuments(db, orgId, id, most),
        restartChanged(db, orgId, id, starts),
        requeuePages(db, orgId, id),
        findSource(db, orgId, id),
        audit(db, {
          ...auditOf(ctx),
          action: "source.changed",
          target: { type: "source", id },
          detail: { fields: Object.keys(said(input)).join(" ") },
          result: "ok",
          when: isTouched(orgId, id),
        }),
      ],
    );
    if (!visible || !row) throw new AppError("not_found");
    if (!changed && reaches && visible.kind === "url") {
      throw new AppError("invalid_request", {
        detail: "A single address goes nowhere: it has no depth, limit or prefixes.",
      });
    }
    if (!changed) {
      throw new AppError("forbidden", {
        detail:
          "Only the source's owner or an admin may change it, and its labels only who sees all its documents.",
      });
    }
    for (let last = narrowed.length; last > 0 && last === most && ctx.now().getTime() < until; ) {
      const [, , { rows }] = await tenantBatch(ctx, (db) => [
        awaitAudience(db, true),
        narrowPassages(db, orgId, id, most),
        narrowDocuments(db, orgId, id, most),
      ]);
      last = rows.length;
    }
    if (started) await enqueueStep(ctx, started);
    return view(row);
  } catch (thrown) {
    if (violates(thrown, "sources_same_page")) throw new AppError("duplicate_document", { cause: thrown });
    throw nameAudienceFailure(thrown);
  }
}

/** What is there of it. */
function said<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
