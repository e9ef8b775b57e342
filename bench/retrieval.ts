/** What a question costs through the Worker, against the bare SQL function that answers it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { indexUnits } from "../eval/index-units.ts";
import { mean, quantile } from "../eval/metrics.ts";
import type { Group } from "../eval/sets.ts";
import { serviceCtx } from "../eval/stack.ts";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { queryTerms } from "../src/domain/retrieval/lexicon.ts";
import { search } from "../src/domain/retrieval/search.ts";
import { hashVector } from "../src/infra/embedder/offline.ts";
import { prose } from "./support/prose.ts";
import { generator } from "./support/vectors.ts";
import { freePort, post, signUp } from "./support/worker.ts";

const DOCUMENTS = 60;
const CHUNKS_EACH = 25;
const WORDS_EACH = 150;
const QUESTIONS = 200;
const WARM_UP = 20;
const TOP_K = 8;

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  let stack: Stack | undefined;
  let client: pg.Client | undefined;
  try {
    stack = await startStack({ port: await freePort(), dataDir });
    const { url, databaseUrl, endpoint } = stack;
    const { token, orgId } = await signUp(url);
    const ctx = serviceCtx(databaseUrl, endpoint, orgId);
    const { groups, questions } = library();
    await indexUnits(ctx, groups);
    client = new pg.Client({ connectionString: stack.connectionString });
    await client.connect();
    const bare = bareSql(client, orgId);

    const times: Record<string, number[]> = { sql: [], verb: [], worker: [] };
    for (const [at, query] of questions.entries()) {
      // In turn, so that what else the machine does hits all three.
      const round = {
        sql: await bare(query),
        verb: await timed(() => search(ctx, { query, top_k: TOP_K, history: [] })),
        worker: await timed(() => ask(url, token, query)),
      };
      if (at < WARM_UP) continue;
      for (const [name, ms] of Object.entries(round)) times[name]?.push(ms);
    }
    return {
      title: `Retrieval: one question to ${DOCUMENTS * CHUNKS_EACH} chunks, embedded Postgres, offline embedder`,
      lines: report(times),
    };
  } finally {
    await client?.end();
    await stack?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function report(times: Record<string, number[]>): string[] {
  const names: [string, string][] = [
    ["sql", "the SQL function alone, one connection"],
    ["verb", "the search verb: embedding, tenant batch over HTTP, fusion"],
    ["worker", "POST /api/v1/search through the Worker"],
  ];
  const base = quantile(times.sql ?? [], 0.5);
  return names.map(([name, label]) => {
    const all = times[name] ?? [];
    const median = quantile(all, 0.5);
    return `${label.padEnd(60)} p50 ${median.toFixed(1)} ms, p95 ${quantile(all, 0.95).toFixed(1)} ms, mean ${mean(all).toFixed(1)} ms, ratio ${(median / base).toFixed(2)}`;
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** The statement of src/domain/retrieval/sql.ts with everything prepared but the question itself. */
function bareSql(client: pg.Client, orgId: string): (query: string) => Promise<number> {
  return async (query) => {
    const { terms, weights, lexemes } = queryTerms(orgId, query);
    const vector = `[${hashVector(query)
      .map((value) => value.toFixed(5))
      .join(",")}]`;
    await client.query("begin");
    await client.query("select kalamna.enter_service($1)", [orgId]);
    const ms = await timed(() =>
      client.query(
        "select kalamna.search_chunks($1::halfvec, 'offline-hash-768', $2, $3, $4, null, null, null, $5, 5)",
        [vector, terms, weights, lexemes, TOP_K],
      ),
    );
    await client.query("commit");
    return ms;
  };
}

/** The same in every run. */
function library(): { groups: Group[]; questions: string[] } {
  const { words } = prose(generator(7));
  const groups = Array.from({ length: DOCUMENTS }, (_, document) => ({
    name: `document ${document}`,
    units: Array.from({ length: CHUNKS_EACH }, (_, ordinal) => ({
      id: `${document}#${ordinal}`,
      title: words(5),
      text: words(WORDS_EACH),
    })),
  }));
  return { groups, questions: Array.from({ length: QUESTIONS + WARM_UP }, () => words(9)) };
}

async function ask(url: string, token: string, query: string): Promise<unknown> {
  return (await post(`${url}/api/v1/search`, { query, top_k: TOP_K }, token)).json();
}
