/** Makes a document of what an address answered, or finds that it has not changed. */
import { createHash } from "node:crypto";
import type { Ctx } from "../../context.ts";
import { type AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { StoredFile } from "../../infra/files/port.ts";
import type { WebAnswer } from "../../infra/net/port.ts";
import { Metadata } from "../documents/metadata.ts";
import { discard, upload } from "../documents/upload.ts";
import { detect } from "../ingestion/extract/detect.ts";
import { decode } from "../ingestion/extract/encoding.ts";
import { extractHtml } from "../ingestion/extract/html.ts";
import type { Format } from "../ingestion/extract/types.ts";
import { isInScope, pageAddress } from "./address.ts";
import { peek, readUpTo } from "./body.ts";
import { type PageFacts, readPage } from "./html-page.ts";
import type { StepSource } from "./step.ts";
import {
  type Ending,
  findDocumentOf,
  findPage,
  findSameText,
  findTaken,
  moveDocument,
  type NextPage,
} from "./step-sql.ts";

/** A page of text beyond this is a dump; what is no page may be as large as `MAX_FILE_BYTES`. */
const MAX_HTML_BYTES = 8 * 1024 * 1024;
export const MAX_FILE_BYTES = 50 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;

/** Types that crawls meet and that are nobody's documents. */
const NO_DOCUMENT = /^(?:image|audio|video|font)\/|^text\/css|javascript|(?:rss|atom)\+xml|manifest\+json/;

/** What a page without a proper beginning may look like; anything else is what its bytes say, whatever it is called. */
const LOOSE = new Set<Format>(["text", "markdown", "csv", "json"]);

export type TakenIn = {
  ending: Ending;
  /** Where the page leads. */
  links: string[];
};

/** @throws AppError `quota_full`, and whatever database, storage and queue fail with */
export async function takeIn(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  answer: WebAnswer,
): Promise<TakenIn> {
  const final = pageAddress(answer.url) ?? page.url;
  if (final !== page.url && source.kind !== "url") {
    await answer.body.cancel();
    return moved("redirected", `The page redirects to ${final}.`, final);
  }
  const type = (answer.headers.get("content-type") ?? "").toLowerCase();
  if (NO_DOCUMENT.test(type)) {
    await answer.body.cancel();
    return ended(unread(source, `The address gives ${type.split(";")[0]}, which is no document.`));
  }
  const { head, whole } = await peek(answer.body, HEAD_BYTES);
  if (head.length === 0)
    return ended({ state: "failed", code: "empty_document", detail: "The page is empty." });
  const name = fileName(answer, final);
  const format = detect(head, name);
  const isText = typeof format === "string" && LOOSE.has(format);
  if (format === "html" || (isText && /^(?:text\/html|application\/xhtml\+xml)\b/.test(type))) {
    return await takeInHtml(ctx, source, page, { answer, whole, final, type });
  }
  if (typeof format !== "string") {
    await whole.cancel();
    return ended(unread(source, `This looks like ${format.unsupported}, which we cannot read.`));
  }
  const stored = await ctx.ports.files.store(ctx.actor.orgId, whole, MAX_FILE_BYTES);
  const facts = { name: source.kind === "url" ? (source.name ?? name) : name, canonical: final };
  return ended(await keep(ctx, source, page, { answer, stored, textHash: stored.sha256, ...facts }));
}

async function takeInHtml(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  given: { answer: WebAnswer; whole: ReadableStream<Uint8Array>; final: string; type: string },
): Promise<TakenIn> {
  const { answer, final } = given;
  const { bytes, more } = await readUpTo(given.whole, MAX_HTML_BYTES);
  if (more) {
    const detail = `The page has more than ${MAX_HTML_BYTES / 1024 / 1024} MB.`;
    return ended({ state: "failed", code: "too_large", detail });
  }
  const html = inUtf8(bytes, given.type);
  const facts = readPage(
    new TextDecoder().decode(html),
    final,
    answer.headers.get("x-robots-tag"),
    answer.headers.get("link"),
  );
  const links = source.kind === "crawl" ? facts.links : [];
  if (source.kind !== "url") {
    const passed = await passedOver(ctx, source, page, facts);
    // The links of a page that is another one are that one's.
    if (passed) return { ending: passed.ending, links: passed.links.length > 0 ? passed.links : links };
  }
  const { text, title } = await ctx.log.step("extract", () => extractHtml(html));
  if (text.trim() === "") {
    const detail = "The page has no text of its own; perhaps scripts make it, which we do not run.";
    return { ending: { state: "failed", code: "empty_document", detail }, links };
  }
  const textHash = createHash("sha256").update(`${title}\n${text}`).digest("hex");
  const unchanged = page.document_id !== null && page.text_hash === textHash;
  if (unchanged) return { ending: { state: "unchanged", ...validatorsOf(answer), textHash }, links };
  const twin = source.kind === "url" ? null : await sameText(ctx, source, page, textHash);
  if (twin) return { ending: twin, links };
  const stored = await ctx.ports.files.store(ctx.actor.orgId, new Blob([html]).stream(), MAX_HTML_BYTES * 4);
  const name = htmlName(
    html,
    (source.kind === "url" ? source.name : null) ?? (title ? title.slice(0, 300) : fileName(answer, final)),
  );
  const canonical = facts.canonical ?? final;
  return { ending: await keep(ctx, source, page, { answer, stored, textHash, name, canonical }), links };
}

type Content = { answer: WebAnswer; stored: StoredFile; textHash: string; name: string; canonical: string };

/** The document of the page gets these bytes; it is made when there is none. */
async function keep(ctx: Ctx, source: StepSource, page: NextPage, content: Content): Promise<Ending> {
  const { orgId } = ctx.actor;
  const validators = { ...validatorsOf(content.answer), textHash: content.textHash };
  const [{ rows: made }, { rows: taken }] = await tenantBatch(ctx, (db) => [
    findDocumentOf(db, source, page.url),
    findTaken(db, source),
  ]);
  const documentId = page.document_id ?? made[0]?.id;
  // We may do everything here, and whoever added the source may not.
  if (documentId === undefined && taken.length > 0) {
    await discard(ctx, content.stored);
    const detail = "Another document has this external id.";
    return { state: "failed", code: "external_id_taken", detail };
  }
  if (page.document_id !== null && page.text_hash === content.textHash) {
    await discard(ctx, content.stored);
    return { state: "unchanged", ...validators };
  }
  try {
    const { document, outcome } = await upload(
      ctx,
      content.stored,
      {
        name: content.name,
        ...(source.externalId === null ? {} : { external_id: source.externalId }),
        // A document keeps what people have said about it since; only a new one takes the source's labels.
        ...(documentId === undefined ? labelsOf(source, page.url, content.canonical) : {}),
      },
      {
        lane: source.lane,
        ...(source.batchId === null ? {} : { batchId: source.batchId }),
        page: { url: page.url, sourceId: source.id, ...(documentId === undefined ? {} : { documentId }) },
        owner: { createdBy: source.createdBy, createdByKey: source.createdByKey },
      },
    );
    if (document.url !== page.url) {
      await tenantBatch(ctx, (db) => [moveDocument(db, orgId, document.id, page.url)]);
    }
    ctx.log.add({ document: document.id });
    const same = outcome === "unchanged" || outcome === "duplicate";
    return {
      state: same && page.was_known ? "unchanged" : "fetched",
      documentId: document.id,
      ...validators,
      ...(documentId === undefined ? { labelsVersion: source.labelsVersion } : {}),
    };
  } catch (thrown) {
    return refusal(source, toAppError(thrown));
  }
}

/** What is wrong with the page, not with us. @throws what ends or postpones the whole run */
function refusal(source: StepSource, error: AppError): Ending {
  if (error.code === "unsupported_type") return unread(source, error.message);
  if (error.code === "not_found") {
    return { state: "skipped", code: "deleted", detail: "Its document was deleted.", documentId: null };
  }
  if (error.retryable || error.code === "quota_full" || error.code === "session_revoked") throw error;
  return { state: "failed", code: error.code, detail: error.message };
}

/** Pages that wish not to be found, or say that they are another one. */
async function passedOver(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  { canonical, index }: PageFacts,
): Promise<TakenIn | null> {
  if (!index) {
    const detail = "The page asks not to be indexed (noindex).";
    return ended({ state: "skipped", code: "noindex", detail });
  }
  if (canonical === null || canonical === page.url || !isInScope(source, canonical)) return null;
  const [[known]] = await tenantBatch(ctx, (db) => [findPage(db, source, canonical)]);
  // Two pages that each call the other canonical, or one that names a page that is not there: this one stays.
  const isDeadEnd = known && !["queued", "fetched", "unchanged"].includes(known.state);
  return isDeadEnd ? null : moved("canonical", `The page says that it is ${canonical}.`, canonical);
}

async function sameText(
  ctx: Ctx,
  source: StepSource,
  page: NextPage,
  textHash: string,
): Promise<Ending | null> {
  if (page.document_id !== null) return null;
  const [[twin]] = await tenantBatch(ctx, (db) => [findSameText(db, source, page.url, textHash)]);
  return twin
    ? { state: "skipped", code: "same_text", detail: `The page has the same text as ${twin.url}.` }
    : null;
}

const ended = (ending: Ending): TakenIn => ({ ending, links: [] });
const moved = (code: string, detail: string, to: string): TakenIn => ({
  ending: { state: "skipped", code, detail },
  links: [to],
});

/** In a crawl it is one link among many; of a single address it is the answer. */
const unread = (source: StepSource, detail: string): Ending => ({
  state: source.kind === "url" ? "failed" : "skipped",
  code: "unsupported_type",
  detail,
});

const validatorsOf = ({ headers }: WebAnswer): Pick<Ending, "etag" | "lastModified"> => ({
  etag: headers.get("etag")?.slice(0, 500) ?? null,
  lastModified: headers.get("last-modified")?.slice(0, 100) ?? null,
});

/** The source's labels; where the page calls itself by another address, that too. */
export function labelsOf(
  source: Pick<StepSource, "accessLevel" | "groups" | "metadata">,
  url: string,
  canonical: string,
) {
  const named = Metadata.safeParse({ ...source.metadata, canonical_url: canonical });
  const metadata = canonical !== url && named.success ? named.data : source.metadata;
  return { access_level: source.accessLevel, groups: source.groups, metadata };
}

/** The header's word on the encoding goes before the page's own, after a byte-order mark (HTML standard §13.2.3.2). */
function inUtf8(bytes: Uint8Array<ArrayBuffer>, type: string): Uint8Array<ArrayBuffer> {
  const declared = /charset\s*=\s*["']?([\w-]{2,30})/.exec(type)?.[1];
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2048));
  const own = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})/i.exec(head)?.[1];
  const { text, encoding } = decode(bytes, false, declared ?? own);
  return encoding === "utf-8" ? bytes : new Uint8Array(new TextEncoder().encode(text));
}

/** `Content-Disposition`, or the end of the path, or the host. */
function fileName({ headers }: WebAnswer, url: string): string {
  const disposition = headers.get("content-disposition") ?? "";
  const given =
    /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition)?.[1] ??
    /filename\s*=\s*"?([^";]+)/i.exec(disposition)?.[1];
  const { pathname, hostname } = new URL(url);
  const last = pathname.split("/").filter(Boolean).at(-1);
  const name =
    decoded(given ?? last ?? hostname)
      .split(/[/\\]/)
      .at(-1) ?? "";
  return (
    name
      .replace(/\p{Cc}/gu, "")
      .trim()
      .slice(0, 300) || hostname
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name under which the reader takes it for HTML as well, should its content not begin like it. */
function htmlName(html: Uint8Array, name: string): string {
  const clean = name.replace(/\p{Cc}/gu, " ").trim() || "page";
  return detect(html.subarray(0, HEAD_BYTES), clean) === "html" ? clean : `${clean}.html`;
}
