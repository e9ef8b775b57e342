/** Organizations of several sizes in one database, published by the product's own function, with exact answers kept aside. */
import { createHash } from "node:crypto";
import type pg from "pg";
import { dot, generator, near, type Random, vectorText } from "./vectors.ts";

/** Organizations of one kind. `related`: a document's chunks are about one thing; else each is about its own (FAQs, tables). */
export type Shape = { name: string; organizations: number; chunks: number; related: boolean };

export type Question = {
  vector: Float32Array;
  /** Places of the ten nearest chunks, best first: of all, and of those that external readers may see. */
  all: Best[];
  external: Best[];
};
type Best = { place: string; cosine: number };

export type Organization = {
  id: string;
  shape: Shape;
  admin: string;
  visitor: string;
  questions: Question[];
};
type Document = { id: string; organization: Organization; seed: number; chunks: number; external: boolean };

export const MODEL = "bench-768";
const TOP = 10;
const ASKED_PER_SHAPE = 120;
/** Organizations of a shape that are asked; the others are there to be in the way. */
const ASKED_ORGANIZATIONS = 20;
/** Cosine of a chunk to its document's subject, by turns: neighbours have .68, .47 and .29 with each other. */
const COHESION = [0.825, 0.686, 0.54];
const UNRELATED_CHUNKS = 100;
const BATCH_CHUNKS = 400;

/** @returns the organizations that can be asked, their rows in place */
export async function load(
  client: pg.Client,
  subjects: readonly Float32Array[],
  shapes: readonly Shape[],
  threshold: number,
): Promise<Organization[]> {
  const random = generator(5);
  const organizations: Organization[] = [];
  const documents: Document[] = [];
  for (const shape of shapes) {
    for (let nth = 0; nth < shape.organizations; nth++) {
      const organization = await register(client, shape);
      organizations.push(organization);
      const own = documentsOf(random, organization);
      documents.push(...own);
      const asked = Math.min(shape.organizations, ASKED_ORGANIZATIONS);
      if (nth < asked) ask(random, subjects, organization, own, Math.ceil(ASKED_PER_SHAPE / asked));
    }
  }
  // As they come in real life: everybody's mixed, so that no organization's rows lie together.
  for (const batch of batches(shuffled(random, documents))) await publish(client, subjects, batch, threshold);
  return organizations.filter(({ questions }) => questions.length > 0);
}

async function register(client: pg.Client, shape: Shape): Promise<Organization> {
  const org = await client.query("insert into kalamna.organizations (name) values ($1) returning id", [
    shape.name,
  ]);
  const { id } = org.rows[0] as { id: string };
  const user = async (role: string, access: string) => {
    const added = await client.query(
      "insert into kalamna.users (org_id, email, role, access) values ($1, $2, $3, $4) returning id",
      [id, `${role}@${id}.test`, role, access],
    );
    return (added.rows[0] as { id: string }).id;
  };
  return {
    id,
    shape,
    admin: await user("admin", "internal"),
    visitor: await user("viewer", "external"),
    questions: [],
  };
}

function documentsOf(random: Random, organization: Organization): Document[] {
  const { chunks: total, related } = organization.shape;
  const documents: Document[] = [];
  for (let rest = total; rest > 0; ) {
    const wanted = related ? 5 + Math.floor(random() * 85) : UNRELATED_CHUNKS;
    const chunks = Math.min(rest, wanted, Math.ceil(total / 5));
    const seed = Math.floor(random() * 2 ** 31);
    const id = uuid(`${organization.id}/${documents.length}`);
    documents.push({ id, organization, seed, chunks, external: random() < 0.25 });
    rest -= chunks;
  }
  return documents;
}

/** Half about something that stands in a document, a third about a subject, the rest about what only others write about. */
function ask(
  random: Random,
  subjects: readonly Float32Array[],
  to: Organization,
  documents: readonly Document[],
  count: number,
) {
  const own = ownSubjects(subjects, to);
  const others = subjects.filter((subject) => !own.includes(subject));
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  for (let nth = 0; nth < count; nth++) {
    const kind = random();
    const vector =
      kind < 1 / 2
        ? near(random, pick(chunksOf(subjects, pick(documents))), 0.75)
        : near(random, pick(kind < 5 / 6 ? own : others), 0.7);
    to.questions.push({ vector, all: [], external: [] });
  }
}

/** An organization writes about some subjects only, more of them the larger it is. */
function ownSubjects(subjects: readonly Float32Array[], { id, shape }: Organization): Float32Array[] {
  const first = Number.parseInt(id.slice(0, 8), 16);
  const many = Math.min(subjects.length - 60, 20 + Math.ceil(shape.chunks / 200));
  return Array.from(
    { length: many },
    (_, nth) => subjects[(first + nth * 7) % subjects.length] as Float32Array,
  );
}

const subjectOf = (subjects: readonly Float32Array[], { organization }: Document, random: Random) => {
  const own = ownSubjects(subjects, organization);
  return own[Math.floor(random() * own.length)] as Float32Array;
};

function chunksOf(subjects: readonly Float32Array[], document: Document): Float32Array[] {
  const random = generator(document.seed);
  const subject = subjectOf(subjects, document, random);
  const center = near(random, subject, 0.75);
  const cohesion = COHESION[document.seed % COHESION.length] ?? 0;
  return Array.from({ length: document.chunks }, () =>
    document.organization.shape.related
      ? near(random, center, cohesion)
      : near(random, subjectOf(subjects, document, random), 0.7),
  );
}

async function publish(
  client: pg.Client,
  subjects: readonly Float32Array[],
  documents: readonly Document[],
  threshold: number,
) {
  await client.query("begin");
  await client.query(
    `insert into kalamna.documents (id, org_id, name, content_type, bytes, sha256, access_level, status, chunks)
     select d.id, d.org_id, d.id::text, 'text/markdown', 1, encode(sha256(d.id::text::bytea), 'hex'), d.level,
            'embedding', d.chunks
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[]) d(id, org_id, level, chunks)`,
    [
      documents.map(({ id }) => id),
      documents.map(({ organization }) => organization.id),
      documents.map(({ external }) => (external ? "external" : "internal")),
      documents.map(({ chunks }) => chunks),
    ],
  );
  const rows = documents.flatMap((document) =>
    chunksOf(subjects, document).map((vector, ordinal) => {
      const { organization, id } = document;
      remember(organization, `${id}/${ordinal}`, vector, document.external);
      return { org: organization.id, id, ordinal, vector: vectorText(vector) };
    }),
  );
  await client.query(
    `insert into kalamna.chunk_drafts (org_id, document_id, version, ordinal, start_offset, end_offset, content,
                                       content_hash, tokens, sv, terms, lexemes, embedding_model, embedding)
     select d.org_id, d.document_id, 1, d.ordinal, 0, 1, 'x', md5(d.document_id || '/' || d.ordinal), 1,
            '{1:1}/536870912', '{1}', '{x}', $5, d.vector::halfvec(768)
       from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) d(org_id, document_id, ordinal, vector)`,
    [
      rows.map(({ org }) => org),
      rows.map(({ id }) => id),
      rows.map(({ ordinal }) => ordinal),
      rows.map(({ vector }) => vector),
      MODEL,
    ],
  );
  await client.query(
    `select kalamna.enter_service(d.org_id), kalamna.publish_document(d.id, 1, $3)
       from unnest($1::uuid[], $2::uuid[]) d(id, org_id)`,
    [documents.map(({ id }) => id), documents.map(({ organization }) => organization.id), threshold],
  );
  await client.query("commit");
}

function remember({ questions }: Organization, place: string, vector: Float32Array, external: boolean) {
  for (const question of questions) {
    const cosine = dot(question.vector, vector);
    keep(question.all, place, cosine);
    if (external) keep(question.external, place, cosine);
  }
}

function keep(best: Best[], place: string, cosine: number) {
  if (best.length === TOP && cosine <= (best[TOP - 1]?.cosine ?? 0)) return;
  const at = best.findIndex((other) => other.cosine < cosine);
  best.splice(at < 0 ? best.length : at, 0, { place, cosine });
  best.length = Math.min(best.length, TOP);
}

function* batches(documents: readonly Document[]): Generator<Document[]> {
  let batch: Document[] = [];
  let size = 0;
  for (const document of documents) {
    batch.push(document);
    size += document.chunks;
    if (size < BATCH_CHUNKS) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

function shuffled<T>(random: Random, values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The same id for the same name, as far as Postgres cares. */
const uuid = (name: string) => createHash("md5").update(name).digest("hex");
