/** Puts a collection into an organization: drafts, vectors and publication are the product's own statements. */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Ctx } from "../src/context.ts";
import { insertDocument } from "../src/domain/documents/sql.ts";
import {
  type Draft,
  insertDrafts,
  publishDrafts,
  storeEmbeddings,
} from "../src/domain/ingestion/draft-sql.ts";
import type { DocumentVersion } from "../src/domain/ingestion/sql.ts";
import { indexTerms } from "../src/domain/retrieval/lexicon.ts";
import type { Database } from "../src/infra/db/client.ts";
import { tenantBatch } from "../src/infra/db/tenant.ts";
import type { Group, Unit } from "./sets.ts";
import { sha256 } from "./stack.ts";

/** Units a transaction: also a busy machine has written them before the database is given up. */
const BATCH = 25;

/** @returns the id of the unit behind `${document_id}:${ordinal}` of a search result */
export async function indexUnits(ctx: Ctx, groups: readonly Group[]): Promise<Map<string, string>> {
  const units = new Map<string, string>();
  for (const batch of batches(groups)) {
    const documents = await Promise.all(batch.map((group) => prepare(ctx, group)));
    await tenantBatch(ctx, (db) =>
      documents.flatMap(({ id, name, drafts, vectors }) => {
        const version = { orgId: ctx.actor.orgId, id, version: 1 };
        return [
          insertDocument(db, {
            id,
            orgId: ctx.actor.orgId,
            name,
            contentType: "text/plain",
            bytes: 1,
            sha256: sha256(`${id}${name}`),
            accessLevel: "internal",
            groups: null,
            metadata: {},
            createdBy: null,
          }),
          ...statements(ctx, db, version, drafts.slice(0, BATCH), vectors),
        ];
      }),
    );
    for (const { id, drafts, vectors } of documents) {
      const version = { orgId: ctx.actor.orgId, id, version: 1 };
      for (let from = BATCH; from < drafts.length; from += BATCH) {
        const slice = drafts.slice(from, from + BATCH);
        await tenantBatch(ctx, (db) =>
          statements(ctx, db, version, slice, vectors.slice(from, from + BATCH)),
        );
      }
    }
    await tenantBatch(ctx, (db) =>
      documents.flatMap(({ id }) => {
        const version = { orgId: ctx.actor.orgId, id, version: 1 };
        return [
          db.execute(sql`update kalamna.documents set status = 'embedding' where id = ${id}`),
          publishDrafts(db, version, ctx.ports.embedders.default.segmentThreshold),
        ];
      }),
    );
    for (const [at, group] of batch.entries()) {
      for (const [ordinal, unit] of group.units.entries())
        units.set(`${documents[at]?.id}:${ordinal}`, unit.id);
    }
  }
  return units;
}

function statements(
  ctx: Ctx,
  db: Database,
  version: DocumentVersion,
  drafts: readonly Draft[],
  vectors: readonly string[],
) {
  const ordinals = drafts.map(({ ordinal }) => ordinal);
  const { model } = ctx.ports.embedders.default;
  return [
    insertDrafts(db, version, drafts),
    storeEmbeddings(db, version, model, ordinals, vectors.slice(0, drafts.length)),
  ];
}

function* batches(groups: readonly Group[]): Generator<Group[]> {
  let batch: Group[] = [];
  let size = 0;
  for (const group of groups) {
    batch.push(group);
    size += group.units.length;
    if (size < BATCH) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

async function prepare(ctx: Ctx, { name, units }: Group) {
  const texts = units.map(({ title, text }) => (title ? `${title}\n\n${text}` : text));
  const vectors = await ctx.ports.embedders.default.embed(texts, ctx.signal);
  return {
    id: randomUUID(),
    name,
    drafts: units.map((unit, ordinal) => draft(ctx.actor.orgId, unit, ordinal)),
    vectors: vectors.map((vector) => `[${vector.map((value) => value.toFixed(5)).join(",")}]`),
  };
}

function draft(orgId: string, { title, text }: Unit, ordinal: number): Draft {
  const content = text.replaceAll("\u0000", "");
  return {
    ordinal,
    start_offset: 0,
    end_offset: content.length,
    page: null,
    heading: [],
    content,
    content_hash: sha256(content).slice(0, 32),
    same_as: null,
    tokens: Math.ceil(content.length / 4),
    ...indexTerms(orgId, { title, content }),
  };
}
