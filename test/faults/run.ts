/** One run: documents go in while everything breaks, then peace, then the questions. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { dice } from "../fixtures/damage.ts";
import { checkBatch, sendBatch } from "./batch.ts";
import { refusedFiles } from "./broken.ts";
import { checkDatabase, checkFiles, checkOutcomes, checkSearch, checkTexts, type Kept } from "./checks.ts";
import { type Client, client } from "./client.ts";
import { corpus, lateDocuments, type Planned, type Roll } from "./corpus.ts";
import type { Engine } from "./engine.ts";
import { startNews } from "./news.ts";
import { inWords, perform, plan } from "./plan.ts";
import { type FaultStack, startFaultStack } from "./stack.ts";
import { settle } from "./time.ts";

export type Report = {
  seed: number;
  documents: number;
  seconds: Record<string, number>;
  /** Sweeps needed after the faults; documents that an outage had failed; files that nothing refers to. */
  sweeps: number;
  requeued: number;
  orphans: number;
  chunks: number;
  /** How often the Worker said what: proof that the faults bit. */
  said: Record<string, number>;
  /** Failures without a name. */
  unnamed: string[];
};

type Owner = { token: string; orgId: string };

const UPLOADERS = 6;

/** From so many documents on, there is time for an outage that outlasts all tries. */
const LONG = 100;

async function register(ask: Client, seed: number, at: number): Promise<Owner> {
  const email = `admin-${at}@seed${seed}.test`;
  const answer = await ask.json("POST", "/api/v1/auth/register", {
    org_name: `Seed ${seed}.${at}`,
    email,
    password: "correct horse battery",
  });
  expect(answer.status, answer.text).toBe(201);
  return { token: answer.body.token, orgId: answer.body.org.id };
}

/** A key for whoever asks at the end: callers are limited each for themselves. */
async function reader(ask: Client, { token }: Owner): Promise<string> {
  const answer = await ask.as(token).json("POST", "/api/v1/api-keys", { name: "reader", scopes: ["search"] });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.key;
}

/** The whole life of a document as its owner sees it. */
async function live(
  ask: Client,
  planned: Planned,
  owner: Owner,
  wait: () => Promise<unknown>,
): Promise<Kept> {
  let id = "";
  for (const [at, version] of planned.versions.entries()) {
    if (at > 0) await wait();
    const answer = await ask.upload(planned, version);
    expect([200, 202], `${planned.name}: ${answer.text}`).toContain(answer.status);
    const uploaded = answer.body.document.id as string;
    if (at > 0) expect(uploaded, "a new version is the same document").toBe(id);
    id = uploaded;
  }
  if (planned.cancelled) {
    const answer = await ask.json("POST", `/api/v1/documents/${id}/cancel`);
    // 409: it was read by then, or the answer to the first try got lost.
    expect([200, 409], answer.text).toContain(answer.status);
  }
  if (planned.deleted) {
    await wait();
    const answer = await ask.json("DELETE", `/api/v1/documents/${id}`);
    // 404: it was deleted, and the answer got lost.
    expect([200, 404], answer.text).toContain(answer.status);
  }
  return { id, planned, ...owner };
}

type Lives = { kept: Kept[]; batches: { id: string; owner: Owner; documents: Planned[] }[] };

async function uploadAll(url: string, documents: Planned[], owners: Owner[], seed: number): Promise<Lives> {
  const roll = dice(seed * 31 + 5);
  const lives: Lives = { kept: [], batches: [] };
  // Twins in one organization, so that they are twins.
  const ownerOf = ({ name, sameAs }: Planned) => owners[(sameAs ?? name).length % owners.length] as Owner;
  const inBulk = owners.map(async (owner) => {
    const mine = documents.filter((planned) => planned.inBulk && ownerOf(planned) === owner);
    const { batchId, ids } = await sendBatch(client(url, owner.token), mine, `seed-${seed}`);
    lives.kept.push(...mine.map((planned, at) => ({ id: ids[at] as string, planned, ...owner })));
    lives.batches.push({ id: batchId, owner, documents: mine });
  });
  const left = documents.filter(({ inBulk }) => !inBulk);
  const oneByOne = Array.from({ length: UPLOADERS }, async () => {
    for (let planned = left.shift(); planned; planned = left.shift()) {
      const owner = ownerOf(planned);
      const wait = () => pause(roll(6_000));
      lives.kept.push(await live(client(url, owner.token), planned, owner, wait));
    }
  });
  await Promise.all([...inBulk, ...oneByOne]);
  return lives;
}

/** The embedding server stays away until the product gives up, and says why. */
async function longOutage(stack: FaultStack, owner: Owner, seed: number, roll: Roll): Promise<Kept[]> {
  const documents = lateDocuments(seed, roll);
  await stack.kill("embedder");
  const kept: Kept[] = [];
  for (const planned of documents)
    kept.push(await live(client(stack.url, owner.token), planned, owner, async () => undefined));
  await settle(stack);
  const failed = await stack.sql(`
    select failure_code, retryable from kalamna.documents where id in (${kept.map(({ id }) => `'${id}'`)})`);
  expect(failed).toEqual(documents.map(() => ({ failure_code: "embedder_unavailable", retryable: true })));
  await stack.revive("embedder");
  return kept;
}

/**
 * Everything that failed is asked for again, and by name what somebody had stopped: what an outage failed gets well, what
 * is broken fails as before.
 */
async function requeueAll(stack: FaultStack, owners: Owner[]): Promise<number> {
  const [row] = await stack.sql(
    "select count(*)::int as outages from kalamna.documents where status = 'failed' and retryable",
  );
  for (const { token } of owners) {
    for (const body of [{}, { code: "cancelled" }]) {
      const answer = await client(stack.url, token).json("POST", "/api/v1/documents/requeue", body);
      expect(answer.status, answer.text).toBe(202);
      expect(answer.body.remaining).toBe(0);
    }
  }
  return row?.outages;
}

/** The Worker's log lines by what they are about and how it ended. */
function saidBy(stack: FaultStack): Pick<Report, "said" | "unnamed"> {
  const said: Record<string, number> = {};
  const unnamed: string[] = [];
  for (const line of readFileSync(stack.logFile, "utf8").trim().split("\n")) {
    const { job, code, outcome, level, cause } = JSON.parse(line) as Record<string, string | undefined>;
    if (code === "internal") unnamed.push(cause ?? line);
    if (!job) continue;
    const what = `${job} ${code ?? outcome ?? level}`;
    said[what] = (said[what] ?? 0) + 1;
  }
  return { said, unnamed };
}

/**
 * @param steps faults of the plan, at least seven
 * @param engine as {@link startFaultStack} takes it
 * @param say gets the plan and what happens, to be shown when the run fails
 */
export async function killRun(
  seed: number,
  count: number,
  steps: number,
  say: (line: string) => void,
  engine?: Engine,
): Promise<Report> {
  const seconds: Record<string, number> = {};
  let from = Date.now();
  const lap = (name: string) => {
    seconds[name] = Math.round((Date.now() - from) / 100) / 10;
    from = Date.now();
  };
  const documents = corpus(seed, count, dice(seed));
  const faults = plan(steps, dice(seed * 7 + 3));
  const news = await startNews(dice(seed * 17 + 11));
  const stack = await startFaultStack(seed, engine);
  try {
    lap("start");
    const anybody = client(stack.url);
    const owners = [await register(anybody, seed, 0), await register(anybody, seed, 1)];
    const readers = new Map<string, string>();
    for (const owner of owners) {
      readers.set(owner.orgId, await reader(anybody, owner));
      await news.subscribe(anybody.as(owner.token), owner.orgId);
    }
    const uploads = uploadAll(stack.url, documents, owners, seed);
    uploads.catch(() => undefined);
    const luck = dice(seed * 13 + 1);
    for (const step of faults) {
      say(`${((Date.now() - from) / 1000).toFixed(1)} s ${inWords(step)}`);
      await perform(stack, step, luck);
    }
    const { kept: lives, batches } = await uploads;
    for (const { name, bytes, code } of refusedFiles()) {
      const refused = await client(stack.url, owners[0]!.token).upload(
        { name, lane: "ingest", versions: [], deleted: false },
        { bytes, word: "" },
      );
      expect(refused.body.code, `${name}: ${refused.text}`).toBe(code);
    }
    lap("faults");

    await stack.confuse([]);
    if (count >= LONG) {
      await settle(stack);
      lives.push(...(await longOutage(stack, owners[0] as Owner, seed, luck)));
      lap("outage");
    }
    let sweeps = await settle(stack);
    lap("settle");
    const kept = lives
      .filter(({ planned }) => !planned.deleted)
      .map((one) => ({ ...one, token: readers.get(one.orgId) as string }));
    const gone = lives
      .filter(({ planned }) => planned.deleted)
      .map((one) => ({ ...one, token: readers.get(one.orgId) as string }));
    await checkOutcomes(stack, kept, gone, false);
    const requeued = await requeueAll(stack, owners);
    say(`${requeued} requeued`);
    sweeps += await settle(stack);
    lap("requeue");

    await checkOutcomes(stack, kept, gone, true);
    await checkDatabase(stack);
    await checkTexts(stack);
    for (const { id, owner, documents: lines } of batches)
      await checkBatch(client(stack.url, owner.token), id, lines);
    const orphans = await checkFiles(stack);
    for (const { token } of owners) {
      const audit = await client(stack.url, token).json("GET", "/api/v1/audit/verify");
      expect(audit.body, audit.text).toMatchObject({ broken_at: null });
    }
    await news.check(stack);
    const health = await anybody.json("GET", "/health/ready");
    expect(health.body).toMatchObject({ status: "ready", queue: { unfinished: 0, overdue: 0 } });
    lap("checks");
    await checkSearch(anybody, kept, gone);
    lap("search");
    const [totals] = await stack.sql("select count(*)::int as chunks from kalamna.chunks");
    return {
      seed,
      documents: count,
      seconds,
      sweeps,
      requeued,
      orphans,
      chunks: totals?.chunks,
      ...saidBy(stack),
    };
  } catch (thrown) {
    const kept = join(tmpdir(), `kalamna-faults-${seed}.log`);
    if (existsSync(stack.logFile)) copyFileSync(stack.logFile, kept);
    say(`The Worker's log: ${kept}`);
    throw thrown;
  } finally {
    await Promise.all([stack.close(), news.close()]);
  }
}
