/** What Kalamna adds to a question beyond its two calls to models and one trip to the database, until the first word. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantile } from "../eval/metrics.ts";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { startModelServer } from "../test/support/model-server.ts";
import { workerdCpu } from "./support/processes.ts";
import { freePort, post, prepare } from "./support/worker.ts";

const MODEL = "clock";
const ROUNDS = 60;
const WARM_UP = 10;
const DOCUMENT = "# Ferry\n\nThe morning ferry leaves the northern harbour at half past six.";

type Round = { before: number; database: number; embed: number; added: number; firstWord: number };

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
      variables: {
        OPENAI_API_KEY: "bench",
        OPENAI_BASE_URL: `${models.url}/v1`,
        CHAT_MODEL: MODEL,
        EMBEDDING_MODEL: "embed",
      },
    });
    const token = await prepare(stack.url, DOCUMENT);
    const rounds: Round[] = [];
    let before: number | null = null;
    for (let nth = 0; nth < WARM_UP + ROUNDS; nth++) {
      if (nth === WARM_UP) before = workerdCpu();
      const round = await ask(stack.url, token, `When does morning ferry number ${nth} leave?`);
      if (nth >= WARM_UP) rounds.push(round);
    }
    const after = workerdCpu();
    const spread = (part: keyof Round) => {
      const times = rounds.map((round) => round[part]);
      return `${quantile(times, 0.5).toFixed(1)} ms (p95 ${quantile(times, 0.95).toFixed(1)})`;
    };
    return {
      title: `Latency: ${ROUNDS} questions, embedding and chat model on this machine, embedded Postgres`,
      lines: [
        `from the question until the chat model begins to answer: ${spread("before")}`,
        `of that the embedding model ${spread("embed")}, the one database trip ${spread("database")}`,
        `added by Kalamna, with both connections: ${spread("added")}`,
        `from the model's first word to the client's: ${spread("firstWord")}`,
        ...(before === null || after === null
          ? []
          : [
              `workerd computes ${((after - before) / ROUNDS).toFixed(1)} ms for a question, its answer and keeping both`,
            ]),
      ],
    };
  } finally {
    await stack?.stop();
    await models.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The words are moments of this process, in which the model server runs. */
async function ask(url: string, token: string, query: string): Promise<Round> {
  const asked = performance.now();
  const response = await post(`${url}/api/v1/query`, { query }, token);
  if (!response.body) throw new Error("The answer has no body.");
  const decoder = new TextDecoder();
  let text = "";
  let received = 0;
  for await (const piece of response.body) {
    text += decoder.decode(piece, { stream: true });
    if (received === 0 && text.includes("event: token")) received = performance.now();
  }
  const sent = Number(/event: token\ndata: \{"text":" ?([\d.]+)/.exec(text)?.[1]);
  const { ms } = JSON.parse(/event: done\ndata: (.+)/.exec(text)?.[1] ?? "{}") as {
    ms: Record<string, number>;
  };
  const [database, embed] = [ms.database ?? 0, ms.embed ?? 0];
  const before = sent - asked;
  return { before, database, embed, added: before - database - embed, firstWord: received - sent };
}
