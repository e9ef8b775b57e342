/** How many of the ten nearest chunks the product finds, and how fast, beside the usual single HNSW, on native Postgres. */
import pg from "pg";
import { mean, quantile } from "../eval/metrics.ts";
import { migrate } from "../src/dev/migrate.ts";
import { load, MODEL, type Organization, type Question, type Shape } from "./support/library.ts";
import { nativePostgres } from "./support/postgres.ts";
import { generator, vectorText, world } from "./support/vectors.ts";

/** 221,000 chunks; `BENCH_SCALE=0.1` for a quick look. */
const SCALE = Number(process.env.BENCH_SCALE ?? 1);
const SHAPES: Shape[] = [
  { name: "100", organizations: 150, chunks: 100, related: true },
  { name: "1,500", organizations: 6, chunks: 1_500, related: true },
  { name: "5,000", organizations: 3, chunks: 5_000, related: true },
  { name: "20,000", organizations: 1, chunks: 20_000, related: true },
  { name: "105,000", organizations: 1, chunks: 105_000, related: true },
  { name: "5,000 unrelated", organizations: 1, chunks: 5_000, related: false },
  { name: "52,000 unrelated", organizations: 1, chunks: 52_000, related: false },
];
/** As in src/infra/embedder/openai.ts. */
const THRESHOLD = 0.5;
const TOP = 10;
/** What a search asks of the vector arm. */
const DEPTH = 50;
/** The first brings each question's pages into the caches, for both ways alike; the others are measured. */
const PASSES = 4;

type Reader = "all" | "external";
type Sample = {
  ours: number[];
  usual: number[];
  found: number[];
  usuallyFound: number[];
  few: number;
  none: number;
};

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const server = await nativePostgres({ make: true });
  if ("missing" in server) return { title: "Recall: skipped", lines: [server.missing] };
  const client = new pg.Client({ connectionString: server.connectionString });
  client.on("error", () => undefined);
  try {
    await migrate(server.connectionString);
    await client.connect();
    const shapes = SHAPES.map((shape) =>
      shape.chunks > 1_000 ? { ...shape, chunks: Math.ceil(shape.chunks * SCALE) } : shape,
    );
    const organizations = await load(client, world(generator(1)), shapes, THRESHOLD);
    const settled = await settle(client);
    const built = await buildUsual(client);
    // Both at their best: built after everything is there.
    for (const index of ["chunk_vec_cell", "chunk_vec_chunk", "cells_route"])
      await client.query(`reindex index kalamna.${index}`);
    await client.query("vacuum analyze");
    const lines = [
      `${settled.segments} segments settled, ${settled.ms.toFixed(2)} ms each, index ${await megabytes(client, "kalamna.chunk_vec_cell")} MB; HNSW built after loading, ${built.toFixed(2)} ms a chunk, ${await megabytes(client, "public.usual_hnsw")} MB`,
      "chunks            reader    ours: recall   p50    p95 ms | single HNSW: recall   p50    p95 ms  under ten  none | p95 ratio",
    ];
    for (const shape of shapes) {
      const asked = organizations.filter((organization) => organization.shape === shape);
      for (const reader of ["all", "external"] as const)
        lines.push(row(shape, reader, await measure(client, asked, reader)));
    }
    const total = shapes.reduce((sum, shape) => sum + shape.organizations * shape.chunks, 0);
    return {
      title: `Recall@${TOP} of ${total} chunks in one database; external readers see a quarter`,
      lines,
    };
  } finally {
    await client.end().catch(() => undefined);
    await server.stop();
  }
}

/** What the sweeper does, without its breaks. */
async function settle(client: pg.Client): Promise<{ segments: number; ms: number }> {
  await client.query("analyze");
  const from = performance.now();
  let segments = 0;
  const { rows } = await client.query("select org_id, embedding_model from kalamna.unsettled()");
  for (const { org_id: org, embedding_model: model } of rows as Record<string, string>[]) {
    for (let done = 1; done > 0; segments += done) {
      const result = await client.query("select kalamna.settle_segments($1, $2, 500) as done", [org, model]);
      done = (result.rows[0] as { done: number }).done;
    }
  }
  return { segments, ms: (performance.now() - from) / Math.max(1, segments) };
}

/** The usual design, at its best: its index is built after everything is loaded. @returns milliseconds a chunk */
async function buildUsual(client: pg.Client): Promise<number> {
  const from = performance.now();
  await client.query(`
    create table public.usual (chunk_id uuid, org_id uuid, access smallint, embedding halfvec(768));
    alter table public.usual alter column embedding set storage plain;
    insert into public.usual select chunk_id, org_id, access, embedding from kalamna.chunk_vec;
    create index on public.usual (org_id);
    create index usual_hnsw on public.usual using hnsw (embedding halfvec_cosine_ops)`);
  const { rows } = await client.query("select count(*)::int as chunks from public.usual");
  return (performance.now() - from) / (rows[0] as { chunks: number }).chunks;
}

async function megabytes(client: pg.Client, index: string): Promise<string> {
  const { rows } = await client.query("select pg_relation_size($1::regclass) / 1048576.0 as size", [index]);
  return Number((rows[0] as { size: string }).size).toFixed(0);
}

async function measure(client: pg.Client, asked: readonly Organization[], reader: Reader): Promise<Sample> {
  const sample: Sample = { ours: [], usual: [], found: [], usuallyFound: [], few: 0, none: 0 };
  const questions = asked.flatMap((organization) =>
    organization.questions.map((question) => ({ organization, question })),
  );
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [at, { organization, question }] of questions.entries()) {
      const right = new Set(question[reader].map(({ place }) => place));
      if (right.size === 0) continue;
      const ways = [
        () => nearest(client, organization, reader, question),
        () => usually(client, organization, reader, question),
      ];
      // Whoever comes second finds the caches warm.
      const first = (at + pass) % 2;
      const results = [await ways[first]?.(), await ways[1 - first]?.()];
      const [ours, usual] = first === 0 ? results : results.toReversed();
      if (!ours || !usual) continue;
      if (pass === 0) await note(client, sample, right, ours.ids.slice(0, TOP), usual.ids);
      else {
        sample.ours.push(ours.ms);
        sample.usual.push(usual.ms);
      }
    }
  }
  return sample;
}

/** What both ways found of a question's `right` places; it is the same in each pass. */
async function note(
  client: pg.Client,
  sample: Sample,
  right: ReadonlySet<string>,
  ours: readonly string[],
  usual: readonly string[],
): Promise<void> {
  sample.found.push((await hits(client, ours, right)) / right.size);
  sample.usuallyFound.push((await hits(client, usual, right)) / right.size);
  if (usual.length < right.size) sample.few += 1;
  if (usual.length === 0) sample.none += 1;
}

type Answer = { ids: string[]; ms: number };

/** The vector arm of kalamna.search_chunks, for somebody who came through the door. */
async function nearest(
  client: pg.Client,
  organization: Organization,
  reader: Reader,
  question: Question,
): Promise<Answer> {
  const all = reader === "all";
  const member = all ? organization.admin : organization.visitor;
  await client.query("begin");
  await client.query("select kalamna.enter($1, $2, $3, $4, 1)", [
    organization.id,
    member,
    all ? "admin" : "viewer",
    all ? "internal" : "external",
  ]);
  const scope = await client.query(
    "select coalesce(sum(chunks), 0)::int as chunks from kalamna.org_corpus where org_id = $1 and access <= $2",
    [organization.id, all ? 1 : 0],
  );
  const answer = await timed(
    client,
    "select unnest((kalamna.nearest_chunks($1::halfvec, $2, null, 0::smallint, 1::smallint, $3, $4)).ids) as id",
    [vectorText(question.vector), MODEL, (scope.rows[0] as { chunks: number }).chunks, DEPTH],
  );
  await client.query("commit");
  return answer;
}

const usually = (client: pg.Client, { id }: Organization, reader: Reader, { vector }: Question) =>
  timed(
    client,
    `select chunk_id as id from public.usual where org_id = $1 and access <= $2
      order by embedding <=> $3::halfvec(768) limit ${TOP}`,
    [id, reader === "all" ? 1 : 0, vectorText(vector)],
  );

async function timed(client: pg.Client, statement: string, values: unknown[]): Promise<Answer> {
  const from = performance.now();
  const { rows } = await client.query(statement, values);
  const ms = performance.now() - from;
  return { ids: (rows as { id: string }[]).map(({ id }) => id), ms };
}

async function hits(client: pg.Client, ids: readonly string[], right: ReadonlySet<string>): Promise<number> {
  const { rows } = await client.query(
    "select replace(document_id::text, '-', '') || '/' || ordinal as place from kalamna.chunks where id = any ($1)",
    [ids],
  );
  return (rows as { place: string }[]).filter(({ place }) => right.has(place)).length;
}

function row({ name }: Shape, reader: Reader, sample: Sample): string {
  const { ours, usual, found, usuallyFound } = sample;
  const share = (count: number) => (count / Math.max(1, found.length)).toFixed(2);
  const spread = (times: number[]) =>
    `${quantile(times, 0.5).toFixed(2).padStart(7)} ${quantile(times, 0.95).toFixed(2).padStart(7)}`;
  const ratio = (quantile(ours, 0.95) / quantile(usual, 0.95)).toFixed(1);
  return `${name.padEnd(17)} ${reader.padEnd(9)} ${mean(found).toFixed(3).padStart(11)} ${spread(ours)}    | ${mean(usuallyFound).toFixed(3).padStart(19)} ${spread(usual)} ${share(sample.few).padStart(10)} ${share(sample.none).padStart(6)} | ${ratio}`;
}
