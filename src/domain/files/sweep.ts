/** Removes what should be gone from storage, and walks over everything stored for what nothing needs. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { keyOf } from "../../infra/files/port.ts";
import { claimDueFiles, claimOrphans, filesGone, forgetRemovals, moveOn, nextPlace } from "./sql.ts";

/** Files a sweep removes of those that should be gone; the next sweep comes in a minute. */
const DUE = 500;

/** Files a page, and pages a sweep: a million files in seven hours. */
const PAGE = 500;
const PAGES = 5;

/** An upload under way has stored what it has not registered yet: files this young are left alone. */
const GRACE_MS = 60 * 60_000;

/** From the end of a lap to the beginning of the next. */
const REST_MS = 60 * 60_000;

export type FilesSwept = { files_removed: number; orphans_removed: number; files_checked: number };

/** @throws AppError when database or storage fails; the next sweep goes on from there */
export async function sweepFiles(ctx: BaseCtx): Promise<FilesSwept> {
  const [{ rows: due }] = await systemBatch(ctx, (db) => [claimDueFiles(db, DUE), forgetRemovals(db)]);
  await ctx.ports.files.remove(due.map(({ org_id, key }) => keyOf(org_id, key)));
  await gone(
    ctx,
    due.map(({ claim }) => claim),
  );
  const swept: FilesSwept = { files_removed: due.length, orphans_removed: 0, files_checked: 0 };
  for (let page = 0; page < PAGES && (await sweepPage(ctx, swept)); page++);
  return swept;
}

/** @returns whether there is more to look at */
async function sweepPage(ctx: BaseCtx, swept: FilesSwept): Promise<boolean> {
  const now = ctx.now();
  const [[place]] = await systemBatch(ctx, (db) => [nextPlace(db, now.toISOString())]);
  if (!place) return false;
  const listed = await ctx.ports.files.list(place.after, PAGE);
  const old = listed.filter(({ uploaded }) => now.getTime() - uploaded.getTime() >= GRACE_MS);
  const removed = await removeOrphans(
    ctx,
    old.map(({ key }) => key),
  );
  const after = listed.length < PAGE ? null : (listed.at(-1)?.key ?? null);
  const runAfter = new Date(now.getTime() + (after === null ? REST_MS : 0)).toISOString();
  await systemBatch(ctx, (db) => [
    moveOn(db, { after, runAfter, now: now.toISOString(), checked: listed.length, removed }),
  ]);
  swept.orphans_removed += removed;
  swept.files_checked += listed.length;
  return after !== null;
}

async function removeOrphans(ctx: BaseCtx, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const [{ rows: orphans }] = await systemBatch(ctx, (db) => [claimOrphans(db, keys)]);
  await ctx.ports.files.remove(orphans.map(({ key }) => key));
  await gone(
    ctx,
    orphans.flatMap(({ claim }) => claim ?? []),
  );
  return orphans.length;
}

async function gone(ctx: BaseCtx, claims: readonly string[]): Promise<void> {
  if (claims.length > 0) await systemBatch(ctx, (db) => [filesGone(db, claims)]);
}
