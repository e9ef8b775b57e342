/** Makes the terms of chunks anew that an older analyzer made, from the stored text: nothing is read or embedded again. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import type { Listed } from "../../text/stop-lists.ts";
import { ANALYZER, languageOfPassage } from "../../text/words.ts";
import { indexTerms } from "./lexicon.ts";
import { findOutdated, type Outdated, outdatedChunks, renewTerms } from "./terms-sql.ts";

/** Chunks a transaction: others who publish wait no longer than that. */
const BATCH = 100;
/** Milliseconds a sweep; the next one, a minute later, goes on. */
const ENOUGH_MS = 15_000;
const ORGANIZATIONS = 50;

/**
 * Organizations take turns, a batch each, until nothing is left or the time is up.
 * @throws AppError when the database fails; the next sweep goes on from there
 */
export async function sweepTerms(base: BaseCtx): Promise<{ terms_renewed: number }> {
  const started = base.now().getTime();
  let renewed = 0;
  const [{ rows }] = await systemBatch(base, (db) => [findOutdated(db, ANALYZER, ORGANIZATIONS)]);
  let waiting = rows.map(({ org_id }) => org_id);
  while (waiting.length > 0) {
    const unfinished: string[] = [];
    for (const orgId of waiting) {
      if (base.now().getTime() - started > ENOUGH_MS) return { terms_renewed: renewed };
      const done = await renewSome({ ...base, actor: { kind: "service", orgId } });
      renewed += done;
      if (done > 0) unfinished.push(orgId);
    }
    waiting = unfinished;
  }
  return { terms_renewed: renewed };
}

async function renewSome(ctx: Ctx): Promise<number> {
  const { orgId } = ctx.actor;
  try {
    const [{ rows }] = await tenantBatch(ctx, (db) => [outdatedChunks(db, ANALYZER, BATCH)]);
    if (rows.length === 0) return 0;
    const languages = languagesOf(rows);
    const terms = rows.map(({ chunk_id, document_id: id, title, heading, content }) => ({
      chunk_id,
      ...indexTerms(orgId, {
        title: [title, ...heading].join(" "),
        content,
        language: languages.get(id) ?? "en",
      }),
    }));
    const [result] = await tenantBatch(ctx, (db) => [renewTerms(db, terms, ANALYZER)]);
    return result.rows[0]?.renewed ?? 0;
  } catch (thrown) {
    const error = toAppError(thrown);
    // A suspended organization waits; anything else is the database's trouble and ends this sweep.
    if (error.code !== "session_revoked") throw error;
    return 0;
  }
}

/** Of each document, as far as these chunks tell. */
function languagesOf(rows: readonly Outdated[]): Map<string, Listed> {
  const texts = new Map<string, string>();
  for (const { document_id: id, content } of rows) {
    texts.set(id, `${texts.get(id) ?? ""}\n${content.slice(0, 200)}`);
  }
  return new Map([...texts].map(([id, text]) => [id, languageOfPassage(text)]));
}
