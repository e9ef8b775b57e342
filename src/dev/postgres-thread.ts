/** The thread in which the embedded Postgres lives; postgres.ts starts it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

export type ThreadOptions = { dataDir?: string };

export type ThreadMessage =
  | { kind: "ready"; connectionString: string }
  | { kind: "refused"; reason: string }
  | { kind: "died"; reason: string };

/** Major version of the Postgres inside PGlite 0.5; a folder of another one cannot be opened. */
const POSTGRES_MAJOR = "18";

const say = (message: ThreadMessage) => parentPort?.postMessage(message);

/** Why `dataDir` cannot be opened, before the engine tries and answers with a stack trace. */
function refusal(dataDir: string): string | undefined {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return undefined;
  const versionFile = join(dataDir, "PG_VERSION");
  if (!existsSync(versionFile)) return `${dataDir} is not a Postgres data folder`;
  const version = readFileSync(versionFile, "utf8").trim();
  return version === POSTGRES_MAJOR
    ? undefined
    : `${dataDir} was written by Postgres ${version.slice(0, 10)}, and this is Postgres ${POSTGRES_MAJOR}`;
}

async function open(dataDir: string | undefined): Promise<PGlite> {
  if (dataDir !== undefined) {
    const reason = refusal(dataDir);
    if (reason !== undefined) throw new Error(reason);
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  }
  try {
    return await PGlite.create({
      ...(dataDir ? { dataDir } : {}),
      extensions: { vector, pg_trgm, btree_gin },
    });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.split("\n")[0] : String(thrown);
    throw new Error(
      dataDir ? `${dataDir} is damaged (${why})` : `the embedded Postgres does not start (${why})`,
    );
  }
}

/** The socket server gives up silently when the engine crashes; the stack must hear of it. */
function reportCrashes(db: PGlite): void {
  const run = db.execProtocolRawStream.bind(db);
  db.execProtocolRawStream = async (message, options) => {
    try {
      return await run(message, options);
    } catch (thrown) {
      say({ kind: "died", reason: thrown instanceof Error ? thrown.message : String(thrown) });
      throw thrown;
    }
  };
}

async function serve({ dataDir }: ThreadOptions): Promise<void> {
  const db = await open(dataDir);
  reportCrashes(db);
  const onWindows = process.platform === "win32";
  const folder = onWindows ? undefined : mkdtempSync(join(tmpdir(), "kalamna-pg-"));
  const server = new PGLiteSocketServer({
    db,
    maxConnections: 16,
    ...(folder ? { path: join(folder, ".s.PGSQL.5432") } : { port: 0, host: "127.0.0.1" }),
  });
  await server.start();
  parentPort?.once("message", async () => {
    await server.stop();
    await db.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
  const address = folder
    ? `/postgres?host=${encodeURIComponent(folder)}`
    : `${server.getServerConn()}/postgres`;
  say({ kind: "ready", connectionString: `postgres://postgres@${address}` });
}

serve(workerData as ThreadOptions).catch((thrown: unknown) =>
  say({ kind: "refused", reason: thrown instanceof Error ? thrown.message : String(thrown) }),
);
