/** The documents that golden questions name are the caller's to name. */
import { tenantBatch } from "../../infra/db/tenant.ts";
import { invalidField } from "../invalid-fields.ts";
import type { EvalCtx } from "./evaluator.ts";
import { unknownDocuments } from "./expected-sql.ts";

type Naming = { document_ids?: readonly string[] | undefined };

type Where = {
  /** The field of the case at this place, for whoever sent many. */
  pathOf?: (at: number) => string;
  /** The case that there is already: what it names may have been deleted since. */
  caseId?: string;
};

/**
 * Documents that are deleted afterwards stay in their cases; a run says that they are gone.
 * @throws AppError `invalid_request` for a document that does not exist, is not for the caller, or another organization's
 */
export async function demandDocuments(
  ctx: EvalCtx,
  cases: readonly Naming[],
  { pathOf = () => "document_ids", caseId }: Where = {},
): Promise<void> {
  const ids = [...new Set(cases.flatMap(({ document_ids = [] }) => document_ids))];
  if (ids.length === 0) return;
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    unknownDocuments(db, ctx.actor.orgId, ids, caseId ?? null),
  ]);
  const unknown = new Set(rows.map(({ id }) => id));
  const at = cases.findIndex(({ document_ids = [] }) =>
    document_ids.some((id) => unknown.has(id.toLowerCase())),
  );
  if (at >= 0) throw invalidField(pathOf(at), "one of these documents does not exist");
}
