/** Runs the Worker in workerd through wrangler, with R2, queues, rate limits and cron simulated on this machine. */
import { join } from "node:path";

export type WorkerHost = {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Address of workerd itself, without wrangler's proxy before it, a Worker in a process of its own that no deployment has. */
  direct: string;
  stop(): Promise<void>;
};

export type WorkerLine = { level: string; message: string };

export type WorkerHostOptions = {
  port: number;
  /** Folder that keeps R2, queues and rate limits. */
  stateDir: string;
  /** Variables and secrets of the Worker; they travel in memory, so `ps` does not show them. */
  variables: Record<string, string>;
  /** What the Worker writes with `console`. */
  onLine(line: WorkerLine): void;
  /** Rebuild when a source file changes. */
  watch: boolean;
  /** Module to run instead of src/worker.ts: a test's wrapper around it. */
  entrypoint?: string;
};

/** The part of wrangler's programmatic interface we use; its own types refer to packages it does not ship. */
type DevWorker = {
  ready: Promise<void>;
  raw: {
    on(event: "buildFailed" | "error", listener: (event: unknown) => void): void;
    runtimes: { mf?: { ready: Promise<URL> } }[];
  };
  dispose(): Promise<void>;
};

/** What wrangler would otherwise do on its own: call home, look up `Request.cf`, serve the stored data on the port. */
const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
  WRANGLER_LOG: "error",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  X_LOCAL_EXPLORER: "false",
  X_LOCAL_OBSERVABILITY: "false",
};

const CRON_MS = 60_000;

function reason(event: unknown): string {
  const {
    cause,
    message,
    reason: why,
  } = event as { cause?: { message?: string }; message?: string; reason?: string };
  return cause?.message ?? message ?? why ?? String(event);
}

/** Cron triggers do not fire by themselves in wrangler; a failure is in the Worker's log. */
function startCron(url: string): () => void {
  const fire = () =>
    fetch(`${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`).catch(() => undefined);
  const timer = setInterval(fire, CRON_MS);
  fire();
  return () => clearInterval(timer);
}

/** Loads wrangler, which takes a while: call it early and do something else meanwhile. */
export function loadWrangler(): Promise<typeof import("wrangler")> {
  for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;
  return import("wrangler");
}

/**
 * Builds and starts the Worker of this repository's wrangler.toml.
 * @throws Error with one sentence when it cannot be built or workerd does not start
 */
export async function startWorkerHost(options: WorkerHostOptions): Promise<WorkerHost> {
  const { unstable_startWorker } = await loadWrangler();
  const start = unstable_startWorker as unknown as (input: object) => Promise<DevWorker>;
  const worker = await start({
    config: join(import.meta.dirname, "../../wrangler.toml"),
    ...(options.entrypoint === undefined ? {} : { entrypoint: options.entrypoint }),
    bindings: Object.fromEntries(
      Object.entries(options.variables).map(([name, value]) => [name, { type: "secret_text", value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port: options.port },
      inspector: false,
      watch: options.watch,
      persist: options.stateDir,
      // No registry: another `wrangler dev` on this machine is none of our business.
      registry: undefined,
      inferOriginFromRoutes: false,
      logLevel: "error",
      structuredLogsHandler: options.onLine,
    },
  });
  const url = `http://127.0.0.1:${options.port}`;
  const failed = new Promise<never>((_, reject) => {
    worker.raw.on("buildFailed", (event) => reject(new Error(`The Worker does not build: ${reason(event)}`)));
    worker.raw.on("error", (event) => reject(new Error(`The Worker does not start: ${reason(event)}`)));
  });
  failed.catch(() => undefined);
  let direct = url;
  try {
    await Promise.race([worker.ready, failed]);
    // Ready means that the port listens; the first answer means that the Worker runs.
    const health = await Promise.race([fetch(`${url}/health`), failed]);
    if (!health.ok) throw new Error(`The Worker does not run: it answers /health with ${health.status}.`);
    const inner = await worker.raw.runtimes.find(({ mf }) => mf)?.mf?.ready;
    if (inner) direct = inner.origin;
  } catch (thrown) {
    await worker.dispose();
    throw thrown;
  }
  const stopCron = startCron(url);
  return {
    url,
    direct,
    async stop() {
      stopCron();
      await worker.dispose();
    },
  };
}
