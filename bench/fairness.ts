/** How long a newcomer's documents wait while another organization's five thousand stand in the bulk lane. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { freePort, post } from "./support/worker.ts";

const MANY = 5_000;
const ROUNDS = 5;
const LIMIT_MS = 150_000;

type Lane = "ingest" | "ingest-bulk";
type Figures = { lanes: Record<Lane, { unfinished: number }> };

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  let stack: Stack | undefined;
  try {
    stack = await startStack({ port: await freePort(), dataDir });
    const { url } = stack;
    const end = Date.now() + LIMIT_MS;
    const [crowd, newcomer] = [await organization(url, "Crowd"), await organization(url, "Newcomer")];
    await measure(url, newcomer);
    const alone = await measure(url, newcomer);
    await bring(url, crowd, stack);
    const before = await depth(url, crowd);
    const from = performance.now();
    const beside = await measure(url, newcomer, end);
    const after = await depth(url, crowd);
    const seconds = (performance.now() - from) / 1000;
    const line = (what: string, lane: Lane) =>
      `${what}: alone ${ms(alone[lane])}, beside the crowd ${ms(beside[lane])}, ratio ${(median(beside[lane]) / median(alone[lane])).toFixed(1)}`;
    return {
      title: `Fairness: one organization has ${MANY} documents in the bulk lane, another uploads one of each`,
      lines: [
        line("uploaded by a person, until ready", "ingest"),
        line("uploaded in bulk, until ready", "ingest-bulk"),
        `meanwhile the crowd went from ${before} to ${after} waiting, ${((before - after) / seconds).toFixed(1)} documents/s; behind it, first come first served, the newcomer would have waited ${Math.round(before / ((before - after) / seconds))} s`,
      ],
    };
  } finally {
    await stack?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * Five thousand documents at once: the limit on requests would take minutes to let them in, so one goes through the front
 * door and the others are its copies with identities of their own; the last upload starts the turns.
 */
async function bring(url: string, token: string, stack: Stack): Promise<void> {
  const id = await upload(url, token, "ingest");
  await untilReady(url, token, id, Date.now() + LIMIT_MS);
  const client = new pg.Client({ connectionString: stack.connectionString });
  await client.connect();
  try {
    await client.query(
      `insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level, lane, external_id)
       select org_id, n || '-' || name, content_type, bytes, sha256, access_level, 'ingest-bulk', 'copy-' || n
         from kalamna.documents, generate_series(1, $2::int) n where id = $1`,
      [id, MANY],
    );
  } finally {
    await client.end();
  }
  await upload(url, token, "ingest-bulk");
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
const ms = (times: readonly number[]) =>
  `${median(times).toFixed(0)} ms (longest ${Math.max(...times).toFixed(0)})`;

async function organization(url: string, name: string): Promise<string> {
  const email = `${crypto.randomUUID()}@bench.test`;
  const body = { org_name: name, email, password: "correct horse battery" };
  return ((await (await post(`${url}/api/v1/auth/register`, body)).json()) as { token: string }).token;
}

/** One document in each lane, round after round: milliseconds from the upload until it is ready. */
async function measure(
  url: string,
  token: string,
  end = Date.now() + LIMIT_MS,
): Promise<Record<Lane, number[]>> {
  const times: Record<Lane, number[]> = { ingest: [], "ingest-bulk": [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const lane of ["ingest", "ingest-bulk"] as const) {
      const from = performance.now();
      await untilReady(url, token, await upload(url, token, lane), end);
      times[lane].push(performance.now() - from);
    }
  return times;
}

async function upload(url: string, token: string, lane: Lane): Promise<string> {
  const name = `${crypto.randomUUID()}.md`;
  const content = `# ${name}\n\nThe ferry ${name} leaves the northern harbour at half past six.`;
  const answer = await post(`${url}/api/v1/documents`, { name, content, lane }, token);
  return ((await answer.json()) as { document: { id: string } }).document.id;
}

async function untilReady(url: string, token: string, id: string, end: number): Promise<void> {
  while (Date.now() < end) {
    const { document } = (await get(`${url}/api/v1/documents/${id}`, token)) as {
      document: { status: string };
    };
    if (document.status === "ready") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`A document was not ready within ${LIMIT_MS / 1000} s.`);
}

async function get(url: string, token: string): Promise<unknown> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

const depth = async (url: string, token: string): Promise<number> =>
  ((await get(`${url}/api/v1/analytics/ingestion`, token)) as Figures).lanes["ingest-bulk"].unfinished;
