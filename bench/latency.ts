/** What Kalamna adds to a question beyond its two calls to models and one trip to the database, until the first word. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../eval/metrics.ts";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { startModelServer } from "../test/support/model-server.ts";
import { EMPTY } from "./support/empty.ts";
import { workerdCpu } from "./support/processes.ts";
import { freePort, post, prepare } from "./support/worker.ts";

const MODEL = "clock";
/** Questions and empty passes take turns, so that what else the machine does hits both. */
const TURNS = 10;
const A_TURN = 10;
/** Turns until V8 has compiled what is used for every question. */
const WARM_UP = 10;
const DOCUMENT = "# Ferry\n\nThe morning ferry leaves the northern harbour at half past six.";

/** Milliseconds from the request until the chat model begins, and from its first word to the client's. */
type Way = { before: number; firstWord: number };
/** With the step timings of the answer's `done` event. */
type Question = Way & { ms: Record<string, number> };

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  const models = await startModelServer();
  let stack: Stack | undefined;
  try {
    const behaviours = [{ do: "clock", words: 3, everyMs: 0 }];
    await post(`${models.url}/control`, { model: MODEL, behaviours });
    stack = await startStack({
      port: await freePort(),
      dataDir,
      entrypoint: join(import.meta.dirname, "support/empty-worker.ts"),
      variables: {
        OPENAI_API_KEY: "bench",
        OPENAI_BASE_URL: `${models.url}/v1`,
        CHAT_MODEL: MODEL,
        EMBEDDING_MODEL: "embed",
      },
    });
    // Wrangler's proxy, which restarts the Worker at a change, is no part of what is deployed.
    const { direct: url, url: proxy } = stack;
    const token = await prepare(url, DOCUMENT);
    const empty: Way[] = [];
    const proxied: Way[] = [];
    const asked: Question[] = [];
    const computed = { empty: 0, asked: 0 };
    for (let turn = 0; turn < WARM_UP + TURNS; turn++) {
      const [start, passes] = [workerdCpu() ?? Number.NaN, await times(() => pass(url))];
      const between = workerdCpu() ?? Number.NaN;
      const questions = await times((nth) =>
        ask(url, token, `When does ferry ${turn} of line ${nth} leave?`),
      );
      const after = workerdCpu() ?? Number.NaN;
      const detours = await times(() => pass(proxy));
      if (turn < WARM_UP) continue;
      proxied.push(...detours);
      empty.push(...passes);
      asked.push(...questions);
      computed.empty += (between - start) / (TURNS * A_TURN);
      computed.asked += (after - between) / (TURNS * A_TURN);
    }
    return {
      title: `Latency: ${TURNS * A_TURN} questions, embedding and chat model on this machine, embedded Postgres`,
      lines: report(asked, empty, proxied, computed),
    };
  } finally {
    await stack?.stop();
    await models.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function report(
  asked: readonly Question[],
  empty: readonly Way[],
  proxied: readonly Way[],
  computed: { empty: number; asked: number },
): string[] {
  const step = (name: string) => asked.map(({ ms }) => ms[name] ?? 0);
  const own = asked.map(
    ({ ms: { until_model = 0, embed = 0, database = 0 } }) => until_model - embed - database,
  );
  const rest = asked.map(({ ms: { limits = 0 } }, at) => (own[at] ?? 0) - limits);
  const hops = empty.map(({ before }) => before);
  const [near, far, detour] = [empty, asked, proxied].map((ways) => ways.map(({ firstWord }) => firstWord));
  return [
    `from the question until the chat model begins to answer: ${spread(asked.map(({ before }) => before))}; through an empty Worker ${spread(hops)}`,
    `by the answer's step timings ${spread(step("until_model"))} until the model is asked, of that the embedding model ${spread(step("embed"))}, the one database trip ${spread(step("database"))}`,
    `added by Kalamna, by the step timings: ${spread(own)}, of that`,
    `  the rate limits ${spread(step("limits"))}: here two trips to SQLite on disk in the simulator`,
    `  everything else ${spread(rest)}`,
    `from the model's first word to the client's: ${spread(far)}; through an empty Worker ${spread(near)}, through that and wrangler's development proxy ${spread(detour)}`,
    ...(Number.isNaN(computed.asked)
      ? []
      : [
          `workerd computes ${computed.asked.toFixed(1)} ms for a question, its answer and keeping both, ${computed.empty.toFixed(1)} ms for an empty Worker's`,
        ]),
  ];
}

const spread = (times: readonly number[] = []) =>
  `${quantile(times, 0.5).toFixed(1)} ms (p95 ${quantile(times, 0.95).toFixed(1)})`;

async function times<T>(work: (nth: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let nth = 0; nth < A_TURN; nth++) results.push(await work(nth));
  return results;
}

async function ask(url: string, token: string, query: string): Promise<Question> {
  const { text, ...way } = await timed(() => post(`${url}/api/v1/query`, { query }, token));
  const done = JSON.parse(/event: done\ndata: (.+)/.exec(text)?.[1] ?? "{}") as Pick<Question, "ms">;
  return { ...way, ms: done.ms };
}

/** The model's answer as it comes, through the same Worker at the address where it does nothing. */
async function pass(url: string): Promise<Way> {
  const messages = [{ role: "user", content: "When does the ferry leave?" }];
  const { text: _, ...way } = await timed(() => post(url + EMPTY, { model: MODEL, stream: true, messages }));
  return way;
}

/** The words are moments of this process, in which the model server runs. */
async function timed(send: () => Promise<Response>): Promise<Way & { text: string }> {
  const asked = performance.now();
  const response = await send();
  if (!response.body) throw new Error("The answer has no body.");
  const decoder = new TextDecoder();
  let text = "";
  let received = 0;
  let sent = Number.NaN;
  for await (const piece of response.body) {
    text += decoder.decode(piece, { stream: true });
    if (received > 0) continue;
    const word = /(?:event: token\ndata: \{"text"|"delta":\{"content"):" ?([\d.]+)/.exec(text)?.[1];
    if (word === undefined) continue;
    received = performance.now();
    sent = Number(word);
  }
  return { text, before: sent - asked, firstWord: received - sent };
}
