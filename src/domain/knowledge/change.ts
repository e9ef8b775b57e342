/** Changes a taught answer; what it was before stays among its versions. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { nameAudienceFailure } from "../documents/groups.ts";
import { findModel } from "../models/sql.ts";
import type { ChangeTaughtInput } from "./input.ts";
import { phrasesOf } from "./phrases.ts";
import {
  demandModel,
  dropPhrases,
  findTaught,
  isTaught,
  keepVersion,
  replacePhrases,
  updateTaught,
} from "./sql.ts";
import { type TaughtView, view } from "./view.ts";

/**
 * @throws AppError `not_found` | `edit_conflict` | `invalid_request` for an unknown group | `forbidden` for an audience
 *   without the caller | what the embedder fails with
 */
export async function change(ctx: Ctx<UserActor>, id: string, input: ChangeTaughtInput): Promise<TaughtView> {
  const { orgId, userId } = ctx.actor;
  const [[before], [inUse]] = await tenantBatch(ctx, (db) => [
    findTaught(db, orgId, id),
    findModel(db, orgId),
  ]);
  if (!before) throw new AppError("not_found");
  const model = inUse?.model ?? ctx.ports.embedders.default.model;
  const asksAnew = input.question !== undefined || input.variants !== undefined;
  const asked = [input.question ?? before.question, ...(input.variants ?? before.variants)];
  const phrases = asksAnew ? await phrasesOf(ctx, model, asked) : [];
  const version = before.version + 1;
  const [, [row]] = await tenantBatch(ctx, (db) => [
    demandModel(db, model),
    updateTaught(db, orgId, id, before.version, input, userId),
    keepVersion(db, orgId, id, version),
    ...(asksAnew
      ? [dropPhrases(db, orgId, id, version), replacePhrases(db, orgId, id, version, model, phrases)]
      : []),
    audit(db, {
      ...auditOf(ctx),
      action: "knowledge.changed",
      target: { type: "taught_answer", id },
      detail: { version, changed: Object.keys(input).join(" ") },
      result: "ok",
      when: isTaught(orgId, id, version),
    }),
  ]).catch((thrown: unknown) => {
    throw nameAudienceFailure(thrown);
  });
  if (!row) throw new AppError("edit_conflict");
  ctx.log.add({ taught: id });
  return view(row, ctx.actor);
}
