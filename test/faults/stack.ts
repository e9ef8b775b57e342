/** The local stack taken apart: every part can be killed and started again while the others go on. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gateway, startGateway } from "../../src/dev/gateway.ts";
import { migrate } from "../../src/dev/migrate.ts";
import { type Behaviour, type ModelServer, startModelServer } from "../support/model-server.ts";
import { type Engine, embedded } from "./engine.ts";
import { start, type Victim } from "./process.ts";
import { startWire, type Wire } from "./wire.ts";

export const PARTS = ["worker", "gateway", "postgres", "embedder"] as const;
export type Part = (typeof PARTS)[number];

export type Row = Record<string, any>;

export type FaultStack = {
  url: string;
  logFile: string;
  wire: Wire;
  /** Ends a part at once, without any goodbye. */
  kill(part: Part): Promise<void>;
  revive(part: Part): Promise<void>;
  /** How the embedding model answers its next requests; then it is itself again. */
  confuse(behaviours: Behaviour[]): Promise<void>;
  /** From the next start on, queue messages come once and in order. */
  calm(): void;
  /** Statements as superuser, past the wire, in one transaction; the rows of the last one. */
  sql(...statements: string[]): Promise<Row[]>;
  cron(): Promise<void>;
  close(): Promise<void>;
};

const MODEL = "kill-test";
/** Organizations may change to it. */
export const OTHER_MODEL = "kill-test-2";
const WRANGLER_TEMPORARY = join(import.meta.dirname, "../../.wrangler/tmp");

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const bundles = () => {
  try {
    return readdirSync(WRANGLER_TEMPORARY);
  } catch {
    return [];
  }
};

/** @param engine an embedded one when absent; whoever gives one ends it */
export async function startFaultStack(seed: number, engine?: Engine): Promise<FaultStack> {
  const folder = mkdtempSync(join(tmpdir(), "kalamna-faults-"));
  const logFile = join(folder, "worker.log");
  const secret = randomBytes(24).toString("base64url");
  const databaseUrl = `postgres://kalamna:${secret}@local.kalamna.invalid/kalamna`;
  const [port, modelPort] = [await freePort(), await freePort()];
  const jwtKeys = `test:${randomBytes(24).toString("base64url")}`;
  const url = `http://127.0.0.1:${port}`;
  const bundlesBefore = new Set(bundles());
  const wire = await startWire();
  let worker: Victim | undefined;
  const postgres = engine ?? embedded(join(folder, "postgres"));
  let gateway: Gateway | undefined;
  let models: ModelServer | undefined;
  let starts = 0;
  let isCalm = false;
  /** Migrations run once, before the Worker knows the database. */
  let migrated = false;

  const startPostgres = async () => {
    await postgres.start();
    if (!migrated) await migrate(postgres.connectionString());
    migrated = true;
  };
  const openGateway = async () => {
    const { connections, canCancel } = postgres;
    const connectionString = postgres.connectionString();
    gateway = await startGateway({ connectionString, secret, port: 0, connections, canCancel });
    wire.gateway = Number(new URL(gateway.endpoint).port);
  };
  const closeGateway = async () => {
    wire.gateway = 0;
    await gateway?.close();
    gateway = undefined;
  };
  const parts: Record<Part, { kill(): Promise<void>; revive(): Promise<void> }> = {
    worker: {
      kill: async () => worker?.kill(),
      async revive() {
        starts += 1;
        worker = await start("worker-process.ts", {
          port,
          stateDir: join(folder, "wrangler"),
          entrypoint: join(import.meta.dirname, "worker.ts"),
          logFile,
          variables: {
            JWT_KEYS: jwtKeys,
            DEV_MAILBOX: "true",
            DATABASE_URL: databaseUrl,
            DATABASE_ENDPOINT: wire.endpoint,
            OPENAI_API_KEY: "test-key",
            OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
            EMBEDDING_MODEL: MODEL,
            EMBEDDING_MODELS: OTHER_MODEL,
            CHAT_MODEL: "offline",
            ALLOW_LOOPBACK_FETCH: "true",
            DNS_OVER_HTTPS: "off",
            MODEL_TIMEOUT_SECONDS: "2",
            FAULT_SEED: String(seed * 1000 + starts),
            FAULT_CALM: String(isCalm),
          },
        });
      },
    },
    gateway: { kill: closeGateway, revive: openGateway },
    postgres: {
      kill: () => postgres.kill(),
      async revive() {
        await startPostgres();
        await closeGateway();
        await openGateway();
      },
    },
    embedder: {
      kill: async () => models?.close(),
      async revive() {
        models = await startModelServer(modelPort);
      },
    },
  };

  const stack: FaultStack = {
    url,
    logFile,
    wire,
    kill: (part) => parts[part].kill(),
    revive: (part) => parts[part].revive(),
    async confuse(behaviours) {
      const body = JSON.stringify({ model: MODEL, behaviours: [...behaviours, { do: "embed" }] });
      await fetch(`http://127.0.0.1:${modelPort}/control`, { method: "POST", body }).then((done) =>
        done.text(),
      );
    },
    calm() {
      isCalm = true;
    },
    async sql(...statements) {
      const response = await fetch(`http://127.0.0.1:${wire.gateway}/sql`, {
        method: "POST",
        headers: { "neon-connection-string": databaseUrl, connection: "close" },
        body: JSON.stringify({ queries: statements.map((query) => ({ query })) }),
      });
      const answer = (await response.json()) as { results?: { rows: Row[] }[]; message?: string };
      if (!answer.results) throw new Error(`${answer.message}: ${statements.at(-1)}`);
      return answer.results.at(-1)?.rows ?? [];
    },
    async cron() {
      const response = await fetch(`${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`);
      await response.text();
    },
    async close() {
      wire.fault = () => undefined;
      await worker?.kill();
      await closeGateway();
      if (!engine) await postgres.kill();
      await models?.close().catch(() => undefined);
      await wire.close();
      // wrangler removes its bundles when it ends, which we never let it.
      for (const name of bundles())
        if (!bundlesBefore.has(name))
          rmSync(join(WRANGLER_TEMPORARY, name), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([stack.revive("postgres"), stack.revive("embedder"), stack.revive("worker")]);
    return stack;
  } catch (thrown) {
    await stack.close();
    throw thrown;
  }
}
