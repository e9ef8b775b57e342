/** The thread in which the embedded Postgres lives; postgres.ts starts it. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { btree_gin } from "@electric-sql/pglite/contrib/btree_gin";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

export type ThreadOptions = {
  /** Folder that keeps the data; in memory when absent. */
  dataDir?: string;
  /** Folder for the socket; loopback TCP when absent. */
  socketDir?: string;
};

export type ThreadMessage =
  | { kind: "ready"; connectionString: string }
  | { kind: "refused"; reason: string }
  | { kind: "died"; reason: string };

/** Major version of the Postgres inside PGlite 0.5; a folder of another one cannot be opened. */
const POSTGRES_MAJOR = "18";

const say = (message: ThreadMessage) => parentPort?.postMessage(message);

/** Why `dataDir` cannot be opened, before the engine tries and answers with a stack trace. */
function refusal(dataDir: string): string | undefined {
  if (!statSync(dataDir).isDirectory()) return `${dataDir} is not a folder`;
  const versionFile = join(dataDir, "PG_VERSION");
  if (!existsSync(versionFile)) return `${dataDir} is not a Postgres data folder`;
  const version = readFileSync(versionFile, "utf8").trim();
  return version === POSTGRES_MAJOR
    ? undefined
    : `${dataDir} was written by Postgres ${version.slice(0, 10)}, and this is Postgres ${POSTGRES_MAJOR}`;
}

const create = (dataDir?: string) =>
  PGlite.create({ ...(dataDir ? { dataDir } : {}), extensions: { vector, pg_trgm, btree_gin } });

/** Makes a new data folder whole or not at all: an interrupted first start must not look like a damaged folder. */
async function initialize(dataDir: string): Promise<void> {
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  await (await create(draft)).close();
  renameSync(draft, dataDir);
}

async function open(dataDir: string | undefined): Promise<PGlite> {
  if (dataDir === undefined) return create();
  if (!existsSync(dataDir)) await initialize(dataDir);
  const reason = refusal(dataDir);
  if (reason !== undefined) throw new Error(reason);
  try {
    return await create(dataDir);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new Error(`${dataDir} ${code ? `cannot be read (${code})` : "is damaged"}`, { cause: thrown });
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

async function serve({ dataDir, socketDir }: ThreadOptions): Promise<void> {
  const db = await open(dataDir);
  reportCrashes(db);
  const server = new PGLiteSocketServer({
    db,
    maxConnections: 16,
    ...(socketDir ? { path: join(socketDir, ".s.PGSQL.5432") } : { port: 0, host: "127.0.0.1" }),
  });
  await server.start();
  parentPort?.once("message", async () => {
    await server.stop();
    await db.close();
    process.exit(0);
  });
  const address = socketDir
    ? `/postgres?host=${encodeURIComponent(socketDir)}`
    : `${server.getServerConn()}/postgres`;
  say({ kind: "ready", connectionString: `postgres://postgres@${address}` });
}

serve(workerData as ThreadOptions).catch((thrown: unknown) =>
  say({ kind: "refused", reason: thrown instanceof Error ? thrown.message : String(thrown) }),
);
