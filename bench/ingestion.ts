/** Documents a second through R2, queue and Postgres, memory, growth with the database, and LangChain.js beside it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { lines as linesAt, pdf } from "../test/fixtures/pdf.ts";
import { crowd } from "./support/crowd.ts";
import { type EmbeddingServer, LATENCY_MS, startEmbeddingServer } from "./support/embedding-server.ts";
import { installLangChain, langChain } from "./support/langchain.ts";
import { nativePostgres } from "./support/postgres.ts";
import { watchWorkerd } from "./support/processes.ts";
import { type Page, pages, prose } from "./support/prose.ts";
import { DIMENSIONS, generator } from "./support/vectors.ts";
import { freePort, post, signUp } from "./support/worker.ts";

/** 200 documents, 50,000 chunks, a file of 49 MB; `BENCH_SCALE=0.1` for a quick look. */
const SCALE = Number(process.env.BENCH_SCALE ?? 1);
const DOCUMENTS = Math.ceil(200 * SCALE);
const WARM_UP = 5;
const CROWD = Math.ceil(50_000 * SCALE);
const FILE_MB = 49;
const FILE_PAGES = 1_000;
const LINES_EACH = 48;
const LIMIT_MS = 240_000;
/** The copies made by then are enough; the line says how many. */
const CROWD_MS = 600_000;

type Run = { seconds: number; documents: number; megabytes: number; chunks: number };
type Place = { dataDir: string; databaseUrl?: string };

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  const native = await nativePostgres({ make: false });
  const where = "missing" in native ? "embedded Postgres" : "native PostgreSQL 17";
  const place = { dataDir, ...("missing" in native ? {} : { databaseUrl: native.connectionString }) };
  const models = await startEmbeddingServer();
  try {
    const library = pages(generator(3), DOCUMENTS);
    const offline = await withoutModel(place, library);
    const online = await withModel(place, library, models);
    return {
      title: `Ingestion: ${DOCUMENTS} Markdown documents of ${kilobytes(library)} KB on average, ${where}`,
      lines: [
        ...offline,
        ...online,
        "Kalamna stores the file, queues it, finds its type, cuts it by headings, counts its words for BM25, checks whose it is in every statement, groups vectors for routing, and shows nothing half. LangChain.js splits, embeds and inserts, in the process that calls it.",
      ],
    };
  } finally {
    models.close();
    if (!("missing" in native)) await native.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The offline embedder: how fast, how it grows with the database, and what a large file takes. */
async function withoutModel(place: Place, library: readonly Page[]): Promise<string[]> {
  return withStack(place, { EMBEDDING_MODEL: "offline" }, async (stack, client) => {
    const { token, orgId } = await signUp(stack.url);
    const put = (batch: readonly Page[]) => send(stack, client, { token, orgId }, batch);
    const growth = Math.ceil(DOCUMENTS / 4);
    await put(pages(generator(17), growth));
    const before = await total(client, orgId);
    const few = await put(pages(generator(19), growth));
    const all = await put(library);
    await crowd(client, orgId, CROWD, CROWD_MS);
    const after = await total(client, orgId);
    const many = await put(pages(generator(23), growth));
    const large = await largeFile(stack, client);
    const [cheap, dear] = [perChunk(few), perChunk(many)];
    return [
      row("offline embedder, in bulk", all),
      `a chunk costs ${cheap.toFixed(1)} ms beside ${before} chunks, ${dear.toFixed(1)} ms beside ${after}: ratio ${(dear / cheap).toFixed(2)}`,
      large,
    ];
  });
}

/** The same documents through an embedding model that takes a while, by both. */
async function withModel(place: Place, library: readonly Page[], models: EmbeddingServer): Promise<string[]> {
  const variables = {
    OPENAI_API_KEY: "bench",
    OPENAI_BASE_URL: models.baseUrl,
    EMBEDDING_MODEL: "embed",
    CHAT_MODEL: "offline",
  };
  return withStack(place, variables, async (stack, client) => {
    const who = await signUp(stack.url);
    await send(stack, client, who, pages(generator(17), WARM_UP));
    const ours = await send(stack, client, who, library);
    const out = [row(`embedding model that takes ${LATENCY_MS} ms, in bulk`, ours)];
    const missing = await installLangChain();
    if (missing) return [...out, missing];
    const ways = [
      { label: "LangChain.js, all in one call, no index", way: "together", hnsw: false },
      { label: "LangChain.js, a call for each document, no index", way: "singly", hnsw: false },
      { label: "LangChain.js, a call for each document, HNSW", way: "singly", hnsw: true },
    ] as const;
    const files = saved(place.dataDir, library);
    for (const [at, { label, way, hnsw }] of ways.entries()) {
      const { ms, chunks } = await langChain({
        connectionString: stack.connectionString,
        connections: place.databaseUrl === undefined ? 1 : 10,
        baseUrl: models.baseUrl,
        dimensions: DIMENSIONS,
        files,
        way,
        hnsw,
        table: `langchain_${at}`,
      });
      const theirs = { ...ours, seconds: ms / 1000, chunks };
      out.push(
        `${row(label, theirs)}; Kalamna takes ${(ours.seconds / theirs.seconds).toFixed(1)} times as long`,
      );
    }
    return out;
  });
}

async function withStack<T>(
  { dataDir, databaseUrl }: Place,
  variables: Record<string, string>,
  work: (stack: Stack, client: pg.Client) => Promise<T>,
): Promise<T> {
  const own = databaseUrl === undefined ? {} : { databaseUrl };
  const stack = await startStack({ port: await freePort(), dataDir, variables, ...own });
  const client = new pg.Client({ connectionString: stack.connectionString });
  try {
    await client.connect();
    return await work(stack, client);
  } finally {
    await client.end().catch(() => undefined);
    await stack.stop();
  }
}

type Who = { token: string; orgId: string };

/** One request for all of them; from its first byte until the last is ready. */
async function send(
  stack: Stack,
  client: pg.Client,
  { token, orgId }: Who,
  batch: readonly Page[],
): Promise<Run> {
  const before = await total(client, orgId);
  const from = Date.now();
  const response = await fetch(`${stack.url}/api/v1/documents/bulk`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", authorization: `Bearer ${token}` },
    body: batch.map((page) => JSON.stringify(page)).join("\n"),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.body?.cancel();
  const end = await untilReady(client, orgId);
  return {
    seconds: (end - from) / 1000,
    documents: batch.length,
    megabytes: batch.reduce((sum, { content }) => sum + content.length, 0) / 1e6,
    chunks: (await total(client, orgId)) - before,
  };
}

/** @returns when the last one became ready, in milliseconds since 1970 */
async function untilReady(client: pg.Client, orgId: string): Promise<number> {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end; ) {
    const { rows } = await client.query(
      `select count(*) filter (where status not in ('ready', 'failed'))::int as open,
              count(*) filter (where status = 'failed')::int as failed,
              (extract(epoch from max(ready_at)) * 1000)::float8 as last
         from kalamna.documents where org_id = $1`,
      [orgId],
    );
    const { open, failed, last } = rows[0] as { open: number; failed: number; last: number };
    if (failed > 0) throw new Error(`${failed} documents failed.`);
    if (open === 0) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Documents were not ready within ${LIMIT_MS / 1000} s.`);
}

async function total(client: pg.Client, orgId: string): Promise<number> {
  const { rows } = await client.query(
    "select count(*)::int as chunks from kalamna.chunk_vec where org_id = $1",
    [orgId],
  );
  return (rows[0] as { chunks: number }).chunks;
}

/** A manual with pictures, as a person uploads it, in an organization of its own. */
async function largeFile(stack: Stack, client: pg.Client): Promise<string> {
  const { words } = prose(generator(29));
  const sheets = Array.from({ length: FILE_PAGES }, () =>
    linesAt(Array.from({ length: LINES_EACH }, () => words(12))),
  );
  const text = pdf(sheets, { picture: 1 }).length;
  const bytes = pdf(sheets, { picture: FILE_MB * 1024 * 1024 - text });
  const { token, orgId } = await signUp(stack.url);
  await post(
    `${stack.url}/api/v1/documents`,
    { name: "warm-up.md", content: "# Ferry\n\nIt leaves." },
    token,
  );
  await untilReady(client, orgId);
  const memory = watchWorkerd();
  const from = Date.now();
  const form = new FormData();
  form.set("file", new File([Buffer.from(bytes)], "manual.pdf"));
  const headers = { authorization: `Bearer ${token}` };
  const upload = () => fetch(`${stack.url}/api/v1/documents`, { method: "POST", headers, body: form });
  // A kept connection that has been closed while this process was busy is noticed by writing to it (EPIPE).
  const response = await upload().catch(upload);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.body?.cancel();
  const seconds = ((await untilReady(client, orgId)) - from) / 1000;
  const risen = memory.risen();
  return `a PDF of ${(bytes.length / 2 ** 20).toFixed(0)} MB, ${FILE_PAGES} pages, ${await total(client, orgId)} chunks: ready after ${seconds.toFixed(0)} s; workerd, in which R2 and the queues are simulated, too, rose by ${risen === null ? "an amount only Linux tells" : `${risen.toFixed(0)} MB`}`;
}

function saved(dataDir: string, library: readonly Page[]): string[] {
  const folder = join(dataDir, "library");
  mkdirSync(folder);
  return library.map(({ name, content }) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

const kilobytes = (library: readonly Page[]) =>
  (library.reduce((sum, { content }) => sum + content.length, 0) / library.length / 1000).toFixed(0);
const perChunk = ({ seconds, chunks }: Run) => (seconds * 1000) / chunks;

const row = (label: string, { seconds, documents, megabytes, chunks }: Run) =>
  `${label.padEnd(50)} ${(documents / seconds).toFixed(1).padStart(6)} documents/s, ${(megabytes / seconds).toFixed(2)} MB/s, ${(chunks / seconds).toFixed(0)} chunks/s`;
