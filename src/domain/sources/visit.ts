/** Visits one page and brings it to an end, or puts it off. */
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { remove } from "../documents/delete.ts";
import { update } from "../documents/update.ts";
import { isInScope } from "./address.ts";
import { type Asked, askPage, failureOf } from "./ask-page.ts";
import { MAX_CRAWL_PAGES } from "./input.ts";
import { type Robots, robotsOf } from "./robots.ts";
import { readSitemap } from "./sitemap.ts";
import type { StepSource } from "./step.ts";
import {
  addPages,
  type Ending,
  endPage,
  findPage,
  handOver,
  type NextPage,
  postponePage,
} from "./step-sql.ts";
import { labelsOf, MAX_FILE_BYTES, type TakenIn, takeIn } from "./take-in.ts";

/** After this many tries a page has failed. */
const MAX_ATTEMPTS = 4;
/** Seconds before the second, third and fourth try, unless the host says when. */
const PAUSES = [5, 30, 120];
/** Sitemaps of sitemaps of sitemaps. */
const MAX_SITEMAP_DEPTH = 3;
const MAX_SITEMAPS = 1_000;
/** Addresses a statement, of at most 2,000 characters: 5 of the 8 MB that a request may have. */
const SLICE = 2_500;
/** A page that is not there twice in a row is gone; a site may be half deployed for one visit. */
const MISSES = 2;

/** @throws AppError when something of ours fails */
export async function visit(ctx: Ctx, source: StepSource, page: NextPage, robots: Robots): Promise<void> {
  if (robots.unreachable !== null) return putOff(ctx, source, page, robots.unreachable, null);
  if (!robots.allows(page.url)) return end(ctx, source, page, disallowed);
  if (page.attempt > MAX_ATTEMPTS) {
    const detail = "Reading this page took too many tries.";
    return end(ctx, source, page, { state: "failed", code: "ingestion_timeout", detail });
  }
  if (page.kind === "sitemap" && isRobots(page.url)) return followRobots(ctx, source, page, robots);
  const validators = { etag: page.etag, lastModified: page.last_modified };
  const known = page.kind === "page" && page.document_id !== null ? validators : null;
  const asked = await ctx.log.step("fetch", () => askPage(ctx, page.url, MAX_FILE_BYTES, known));
  await conclude(ctx, source, page, asked);
}

const disallowed: Ending = {
  state: "disallowed",
  code: "disallowed",
  detail: "The site's robots.txt asks us not to read this page.",
};

async function conclude(ctx: Ctx, source: StepSource, page: NextPage, asked: Asked): Promise<void> {
  switch (asked.kind) {
    case "later":
      return putOff(ctx, source, page, asked.detail, asked.seconds);
    case "failed":
      return end(ctx, source, page, { state: "failed", code: asked.code, detail: asked.detail });
    case "gone":
      return miss(ctx, source, page, asked.status);
    case "unchanged":
      return end(ctx, source, page, { state: "unchanged" });
    case "answer":
  }
  try {
    if (!(await allowsEnd(ctx, page.url, asked.answer.url))) {
      await asked.answer.body.cancel();
      return await end(ctx, source, page, disallowed);
    }
    if (page.kind === "sitemap") {
      return await listPages(ctx, source, page, await readSitemap(asked.answer.body, asked.answer.url));
    }
    const taken = await takeIn(ctx, source, page, asked.answer);
    return await end(ctx, source, page, taken.ending, taken);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === "broken_document" || error.code === "document_too_complex") {
      return end(ctx, source, page, { state: "failed", code: error.code, detail: error.message });
    }
    return conclude(ctx, source, page, failureOf(thrown));
  }
}

/** A redirect to another host is that host's to allow. */
async function allowsEnd(ctx: Ctx, asked: string, answered: string): Promise<boolean> {
  const { origin } = new URL(answered);
  if (origin === new URL(asked).origin) return true;
  const robots = await robotsOf(ctx, origin);
  return robots.allows(answered);
}

async function putOff(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  detail: string,
  seconds: number | null,
): Promise<void> {
  const code = "fetch_failed";
  if (page.attempt >= MAX_ATTEMPTS) return end(ctx, source, page, { state: "failed", code, detail });
  const pause = Math.max(seconds ?? 0, PAUSES[page.attempt - 1] ?? 0) * (1 + Math.random() / 4);
  await tenantBatch(ctx, (db) => [postponePage(db, source, page.url, { code, detail, seconds: pause })]);
}

/** What the page is not: there. Its document goes when that is what the source wants. */
async function miss(ctx: Ctx, source: StepSource, page: NextPage, status: number): Promise<void> {
  const misses = page.misses + 1;
  const deletes = source.onGone === "delete" && (status === 410 || misses >= MISSES);
  if (deletes && page.document_id !== null) await removeDocument(ctx, page.document_id);
  const detail = `The page is not there (${status}).`;
  await end(ctx, source, page, { state: "gone", code: "gone", detail, misses });
}

/** Somebody else may have deleted it already. */
async function removeDocument(ctx: Ctx, id: string): Promise<void> {
  try {
    await remove(ctx, id);
  } catch (thrown) {
    if (toAppError(thrown).code !== "not_found") throw thrown;
  }
}

async function end(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  ending: Ending,
  { links }: Pick<TakenIn, "links"> = { links: [] },
): Promise<void> {
  // However the visit ends: a page that cannot be had any more may still have a document, with readers.
  const relabels = page.document_id !== null && page.labels_version < source.labelsVersion;
  if (relabels) await relabel(ctx, source, page.document_id, page.url);
  const { depth = 0, limit = MAX_CRAWL_PAGES } = source.settings;
  const isMove = ending.code === "canonical" || ending.code === "redirected";
  const below = isMove ? page.depth : page.depth + 1;
  const reached = source.kind === "sitemap" ? isMove : isMove || page.depth < depth;
  const urls = reached ? links.filter((url) => isInScope(source, url)) : [];
  await tenantBatch(ctx, (db) => [
    ...(urls.length > 0 ? [addPages(db, source, { urls, kind: "page", depth: below, limit })] : []),
    // One that is another now: its document goes with it, unless the other has one.
    ...(isMove && urls[0] !== undefined ? [handOver(db, source, page.url, urls[0])] : []),
    endPage(db, source, page.url, {
      ...ending,
      ...(relabels ? { labelsVersion: source.labelsVersion } : {}),
    }),
  ]);
  if (ending.state === "skipped" && page.document_id !== null && source.onGone === "delete") {
    await removeLeft(ctx, source, page.url);
  }
}

/** A page that is to be passed over leaves a document behind that nothing stands for. */
async function removeLeft(ctx: Ctx, source: StepSource, url: string): Promise<void> {
  const [[left]] = await tenantBatch(ctx, (db) => [findPage(db, source, url)]);
  if (left?.documentId) await removeDocument(ctx, left.documentId);
}

/** The source's labels have changed since the document took them. */
async function relabel(ctx: Ctx, source: StepSource, id: string | null, url: string): Promise<void> {
  if (id === null) return;
  try {
    const { access_level, groups, metadata } = labelsOf(source, url, url);
    await update(ctx, id, { access_level, groups, metadata });
  } catch (thrown) {
    if (toAppError(thrown).code !== "not_found") throw thrown;
  }
}

const isRobots = (url: string): boolean => new URL(url).pathname === "/robots.txt";

/** A sitemap given as the address of a site: robots.txt says where it is, or it is where most are. */
async function followRobots(ctx: Ctx, source: StepSource, page: NextPage, robots: Robots): Promise<void> {
  const { origin } = new URL(page.url);
  const sitemaps = robots.sitemaps.length > 0 ? robots.sitemaps : [`${origin}/sitemap.xml`];
  await listPages(ctx, source, page, { pages: [], sitemaps });
}

async function listPages(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  found: { pages: string[]; sitemaps: string[] },
): Promise<void> {
  const pages = found.pages.filter((url) => isInScope(source, url));
  if (pages.length === 0 && found.sitemaps.length === 0) {
    throw new AppError("broken_document", {
      detail: "The sitemap lists no address that this source goes to.",
    });
  }
  const { limit = MAX_CRAWL_PAGES } = source.settings;
  const deeper = page.depth < MAX_SITEMAP_DEPTH ? found.sitemaps : [];
  const below = { depth: page.depth + 1 };
  for (let from = 0; from < pages.length; from += SLICE) {
    const urls = pages.slice(from, from + SLICE);
    await tenantBatch(ctx, (db) => [addPages(db, source, { urls, kind: "page", ...below, limit })]);
  }
  await tenantBatch(ctx, (db) => [
    ...(deeper.length > 0
      ? [addPages(db, source, { urls: deeper, kind: "sitemap", ...below, limit: MAX_SITEMAPS })]
      : []),
    endPage(db, source, page.url, { state: "fetched" }),
  ]);
}
