/** Makes what taught phrases are compared by anew where an older analyzer made it; no model is asked. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { ANALYZER } from "../../text/words.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { findOutdatedPhrases, outdatedPhrases, renewPhrases } from "./phrase-sql.ts";
import { compared } from "./phrases.ts";

/** Phrases of an organization a sweep; the next one, a minute later, goes on. */
const BATCH = 1_000;
const ORGANIZATIONS = 50;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepPhrases(base: BaseCtx): Promise<{ phrases_renewed: number }> {
  const [{ rows }] = await systemBatch(base, (db) => [findOutdatedPhrases(db, ANALYZER, ORGANIZATIONS)]);
  let renewed = 0;
  for (const { org_id: orgId } of rows) {
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    renewed += (await unlessSuspended(() => renewSome(ctx))) ?? 0;
  }
  return { phrases_renewed: renewed };
}

async function renewSome(ctx: Ctx): Promise<number> {
  const { orgId } = ctx.actor;
  const [outdated] = await tenantBatch(ctx, (db) => [outdatedPhrases(db, orgId, ANALYZER, BATCH)]);
  if (outdated.length === 0) return 0;
  const fresh = outdated.map((phrase) => ({ ...phrase, ...compared(phrase.text) }));
  const [{ rows }] = await tenantBatch(ctx, (db) => [renewPhrases(db, orgId, fresh)]);
  return rows.length;
}
