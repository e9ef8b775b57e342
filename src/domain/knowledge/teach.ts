/** Teaches an answer: the next question that matches gets it. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { nameAudienceFailure } from "../documents/groups.ts";
import { findModel } from "../models/sql.ts";
import type { TeachInput } from "./input.ts";
import { markTerms } from "./marked.ts";
import { phrasesOf } from "./phrases.ts";
import { demandModel, demandRoom, insertTaught, keepVersion, replacePhrases } from "./sql.ts";
import { askedQuestion, insertMark } from "./suggestion-sql.ts";
import { type TaughtView, view } from "./view.ts";

/** Each question is compared with all of them. */
const MOST = 1_000;

/**
 * @throws AppError `invalid_request` for an unknown group | `not_found` for a message that is not there | `forbidden` for an audience without the caller |
 *   `quota_full` | `edit_conflict` when the embedding model changed meanwhile | what the embedder fails with
 */
export async function teach(ctx: Ctx<UserActor>, input: TeachInput): Promise<TaughtView> {
  const { orgId, userId } = ctx.actor;
  const { from_message_id: from } = input;
  const [[inUse], asked] = await tenantBatch(ctx, (db) => [
    findModel(db, orgId),
    ...(from === undefined ? [] : [askedQuestion(db, from)]),
  ]);
  const suggested = asked?.rows[0]?.question;
  if (from !== undefined && suggested === undefined) throw new AppError("not_found");
  const model = inUse?.model ?? ctx.ports.embedders.default.model;
  const phrases = await phrasesOf(ctx, model, [input.question, ...input.variants]);
  const id = crypto.randomUUID();
  const [, , [row]] = await tenantBatch(ctx, (db) => [
    demandModel(db, model),
    demandRoom(db, orgId, MOST),
    insertTaught(db, orgId, id, input, userId),
    replacePhrases(db, orgId, id, 1, model, phrases),
    keepVersion(db, orgId, id, 1),
    ...(suggested === undefined
      ? []
      : [insertMark(db, { orgId, terms: markTerms(suggested), taughtId: id, markedBy: userId })]),
    audit(db, {
      ...auditOf(ctx),
      action: "knowledge.taught",
      target: { type: "taught_answer", id },
      detail: { access_level: input.access_level, groups: input.groups?.join(" ") ?? null },
      result: "ok",
    }),
  ]).catch((thrown: unknown) => {
    throw thrown instanceof AppError && thrown.code === "not_found"
      ? new AppError("quota_full", {
          detail: `An organization has at most ${MOST} taught answers.`,
          cause: thrown,
        })
      : nameAudienceFailure(thrown);
  });
  if (!row) throw new AppError("internal");
  ctx.log.add({ taught: id });
  return view(row, ctx.actor);
}
