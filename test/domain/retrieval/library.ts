/** An organization with published documents, without HTTP, queue or files in between. */
import { sql } from "drizzle-orm";
import type { Access, Ctx } from "../../../src/context.ts";
import { insertDocument } from "../../../src/domain/documents/sql.ts";
import { insertDrafts, publishDrafts, storeEmbeddings } from "../../../src/domain/ingestion/draft-sql.ts";
import { indexTerms } from "../../../src/domain/retrieval/lexicon.ts";
import { type SearchInput, search } from "../../../src/domain/retrieval/search.ts";
import { accountBatch, tenantBatch } from "../../../src/infra/db/tenant.ts";
import { hashVector } from "../../../src/infra/embedder/offline.ts";
import { baseCtx, ctxFor } from "../../support/people.ts";

const MODEL = "offline-hash-768";

export type Library = { orgId: string; service: Ctx; internal: Ctx; external: Ctx };

/** A new organization, the queue acting for it, an employee and a customer. */
export async function library(): Promise<Library> {
  const orgId = crypto.randomUUID();
  const people = { internal: crypto.randomUUID(), external: crypto.randomUUID() };
  await accountBatch(baseCtx(), (db) => [
    db.execute(sql`insert into kalamna.organizations (id, name) values (${orgId}, 'Library')`),
    db.execute(sql`insert into kalamna.users (id, org_id, email, role, access) values
      (${people.internal}, ${orgId}, ${`${people.internal}@acme.test`}, 'member', 'internal'),
      (${people.external}, ${orgId}, ${`${people.external}@acme.test`}, 'viewer', 'external')`),
  ]);
  const person = (userId: string) => ({ token: "", refreshToken: "", orgId, userId, email: "" });
  return {
    orgId,
    service: { ...baseCtx(), actor: { kind: "service", orgId } },
    internal: ctxFor(person(people.internal), "member", "internal"),
    external: ctxFor(person(people.external), "viewer", "external"),
  };
}

export type Labels = {
  title?: string;
  access?: Access;
  metadata?: Record<string, string | number | boolean | null>;
  name?: string;
};

const vectorText = (text: string) =>
  `[${hashVector(text)
    .map((value) => value.toFixed(5))
    .join(",")}]`;

const draftsOf = (orgId: string, title: string, passages: readonly string[]) =>
  passages.map((content, ordinal) => ({
    ordinal,
    start_offset: ordinal * 1000,
    end_offset: ordinal * 1000 + content.length,
    page: ordinal + 1,
    heading: ["Chapter", `Part ${ordinal}`],
    content,
    content_hash: `${ordinal}`,
    same_as: null,
    tokens: 10,
    ...indexTerms(orgId, { title, content }),
  }));

/** A document whose drafts wait for publication; `embedded` says how many of them have their vector. */
export async function draft(
  { orgId, service }: Library,
  passages: readonly string[],
  labels: Labels = {},
  embedded = passages.length,
): Promise<{ orgId: string; id: string; version: number }> {
  const document = { orgId, id: crypto.randomUUID(), version: 1 };
  const name = labels.name ?? "Document.txt";
  await tenantBatch(service, (db) => [
    insertDocument(db, {
      id: document.id,
      orgId,
      name,
      contentType: "text/plain",
      bytes: 1,
      sha256: (document.id + document.id).replaceAll("-", ""),
      accessLevel: labels.access ?? "internal",
      groups: null,
      metadata: labels.metadata ?? {},
      createdBy: null,
    }),
    ...redraftStatements(db, document, passages, labels.title ?? "", embedded),
  ]);
  return document;
}

type Db = Parameters<typeof insertDocument>[0];

const redraftStatements = (
  db: Db,
  document: { orgId: string; id: string; version: number },
  passages: readonly string[],
  title: string,
  embedded = passages.length,
) => [
  insertDrafts(db, document, draftsOf(document.orgId, title, passages)),
  storeEmbeddings(
    db,
    document,
    MODEL,
    passages.slice(0, embedded).map((_, ordinal) => ordinal),
    passages.slice(0, embedded).map(vectorText),
  ),
];

/** The same version drafted again, as a reindex would. */
export async function redraft(
  { service }: Library,
  document: { orgId: string; id: string; version: number },
  passages: readonly string[],
  title = "",
): Promise<void> {
  await tenantBatch(service, (db) => redraftStatements(db, document, passages, title));
}

/** @returns how many chunks readers now have, or null */
export async function publish(
  { service }: Library,
  document: { orgId: string; id: string; version: number },
  threshold = 0.25,
): Promise<number | null> {
  const [, { rows }] = await tenantBatch(service, (db) => [
    db.execute(sql`update kalamna.documents set status = 'embedding' where id = ${document.id}`),
    publishDrafts(db, document, threshold),
  ]);
  return rows[0]?.published ?? null;
}

/** A document that can be found. @returns its id */
export async function add(of: Library, passages: readonly string[], labels: Labels = {}): Promise<string> {
  const document = await draft(of, passages, labels);
  await publish(of, document);
  return document.id;
}

export function find(ctx: Ctx, query: string, rest: Partial<SearchInput> = {}) {
  return search(ctx, { query, top_k: 8, history: [], ...rest });
}

/** The passages found, best first. */
export async function found(ctx: Ctx, query: string, rest: Partial<SearchInput> = {}): Promise<string[]> {
  return (await find(ctx, query, rest)).results.map(({ content }) => content);
}

/** The organization's statistics, whole. */
export async function statistics({ service }: Library): Promise<{ terms: unknown[]; corpus: unknown[] }> {
  const [terms, corpus] = await tenantBatch(service, (db) => [
    db.execute(sql`select to_jsonb(t) row from kalamna.org_terms t where df > 0 order by 1`),
    db.execute(sql`select to_jsonb(c) row from kalamna.org_corpus c where chunks > 0 order by 1`),
  ]);
  return { terms: terms.rows, corpus: corpus.rows };
}
