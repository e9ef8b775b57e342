/** How much later a word arrives through the Worker than straight from the model server, and what a word costs it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { type ModelServer, startModelServer } from "../test/support/model-server.ts";
import { freePort, post, prepare } from "./support/worker.ts";

const MODEL = "clock";
const ROUNDS = 5;
/** As a model streams: fifty words a second. */
const PACED = { words: 150, everyMs: 20 };
const BURST = { words: 4_000, everyMs: 0 };
const DOCUMENT = "# Ferry\n\nThe morning ferry leaves the northern harbour at half past six.";
const QUESTION = "When does the morning ferry leave?";

type Arrival = { sent: number; received: number };

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  const models = await startModelServer();
  let stack: Stack | undefined;
  try {
    stack = await startStack({
      port: await freePort(),
      dataDir,
      variables: {
        OPENAI_API_KEY: "bench",
        OPENAI_BASE_URL: `${models.url}/v1`,
        CHAT_MODEL: MODEL,
        EMBEDDING_MODEL: "offline",
      },
    });
    const { direct: url } = stack;
    const token = await prepare(url, DOCUMENT);
    const direct = () => readDirect(models);
    const through = () => readThrough(url, token);

    await script(models, PACED);
    const paced = await alternate(direct, through);
    const [near, far] = [paced.direct.map(delay), paced.through.map(delay)].map((all) =>
      all.toSorted((a, b) => a - b),
    );
    await script(models, BURST);
    const burst = await alternate(direct, through);
    const [nearCost, farCost] = [perWord(burst.direct), perWord(burst.through)];
    return {
      title: "Streaming: a word through the Worker against the same word straight from the model server",
      lines: [
        `on its way, ${1000 / PACED.everyMs} words/s: direct ${ms(near, 0.5)} (p95 ${ms(near, 0.95)}), through the Worker ${ms(far, 0.5)} (p95 ${ms(far, 0.95)})`,
        `added per word: ${(at(far, 0.5) - at(near, 0.5)).toFixed(2)} ms median, ratio ${(at(far, 0.5) / at(near, 0.5)).toFixed(1)}`,
        `${BURST.words} words as fast as they come: direct ${nearCost.toFixed(0)} µs a word, through the Worker ${farCost.toFixed(0)} µs, ratio ${(farCost / nearCost).toFixed(1)}`,
      ],
    };
  } finally {
    await stack?.stop();
    await models.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Both ways in turn, so that what else the machine does hits both; the first round warms up. */
async function alternate(direct: () => Promise<Arrival[]>, through: () => Promise<Arrival[]>) {
  const rounds: { direct: Arrival[]; through: Arrival[] }[] = [];
  for (let round = 0; round <= ROUNDS; round++)
    rounds.push({ direct: await direct(), through: await through() });
  return {
    direct: rounds.slice(1).flatMap((round) => round.direct),
    through: rounds.slice(1).flatMap((round) => round.through),
  };
}

const delay = ({ sent, received }: Arrival) => received - sent;
const at = (sorted: number[] | undefined, share: number) =>
  sorted?.[Math.floor(sorted.length * share)] ?? Number.NaN;
const ms = (sorted: number[] | undefined, share: number) => `${at(sorted, share).toFixed(2)} ms`;

/** Microseconds a word from the first word to the last, averaged over the rounds. */
function perWord(arrivals: Arrival[]): number {
  let total = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const one = arrivals.slice(round * BURST.words, (round + 1) * BURST.words);
    total += (one.at(-1)?.received ?? 0) - (one[0]?.received ?? 0);
  }
  return (total / ROUNDS / (BURST.words - 1)) * 1000;
}

async function script(models: ModelServer, shape: typeof PACED): Promise<void> {
  const body = JSON.stringify({ model: MODEL, behaviours: [{ do: "clock", ...shape }] });
  await (await fetch(`${models.url}/control`, { method: "POST", body })).body?.cancel();
}

async function readDirect(models: ModelServer): Promise<Arrival[]> {
  const body = JSON.stringify({
    model: MODEL,
    stream: true,
    messages: [{ role: "user", content: QUESTION }],
  });
  return arrivals(
    await fetch(`${models.url}/v1/chat/completions`, { method: "POST", body }),
    /"content":"([\d.]+) "/g,
  );
}

async function readThrough(url: string, token: string): Promise<Arrival[]> {
  const response = await post(`${url}/api/v1/query`, { query: QUESTION }, token);
  // The Worker holds a space back until it knows that no mark follows, so it stands before the next word.
  return arrivals(response, /"text":" ?([\d.]+)"/g);
}

/** Every word of the stream with the moment its network chunk arrived. */
async function arrivals(response: Response, word: RegExp): Promise<Arrival[]> {
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const decoder = new TextDecoder();
  const found: Arrival[] = [];
  let rest = "";
  for await (const piece of response.body) {
    const received = performance.now();
    rest += decoder.decode(piece, { stream: true });
    const end = rest.lastIndexOf("\n\n");
    if (end < 0) continue;
    for (const [, sent] of rest.slice(0, end).matchAll(word)) found.push({ sent: Number(sent), received });
    rest = rest.slice(end);
  }
  return found;
}
