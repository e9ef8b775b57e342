/** The whole product on this machine: database, gateway, migrations, Worker; for `npm start`, tests and benches. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { Variables } from "../env.ts";
import { type LocalDatabase, startDatabase } from "./database.ts";
import { lockFolder } from "./lock.ts";
import { type LogServer, startLogServer } from "./logs/server.ts";
import { migrate } from "./migrate.ts";
import { loadWrangler, startWorkerHost } from "./worker-host.ts";
import { workerLog } from "./worker-log.ts";

export type StackOptions = {
  /** Port of the Worker on 127.0.0.1; 0 for any free one. */
  port: number;
  /** Folder for everything that outlives the process. */
  dataDir: string;
  /** Your own Postgres or Neon instead of the embedded one. */
  databaseUrl?: string;
  /** Variables of the Worker, see src/env.ts; those of the database and `JWT_KEYS` have defaults here. */
  variables?: Record<string, string>;
  /** Rebuild the Worker when a source file changes. */
  watch?: boolean;
  /** Module to run instead of src/worker.ts: a measurement's wrapper around it. */
  entrypoint?: string;
  /** A log server over the Worker's own log, which the Worker may then reach, as it may others on this machine. */
  logs?: boolean;
  /** Gets each line a person should see: progress, and the Worker's errors. */
  say?: (line: string) => void;
};

export type Stack = {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** The same without wrangler's proxy, for measurements. */
  direct: string;
  /** For the Neon driver. */
  databaseUrl: string;
  /** URL of the gateway; absent on Neon itself. */
  endpoint: string | undefined;
  /** For `pg`. */
  connectionString: string;
  dataDir: string;
  /** Absent unless asked for. */
  logs?: Pick<LogServer, "url" | "bearer">;
  /** Resolves with the reason when a part of the stack dies on its own. */
  died: Promise<Error>;
  stop(): Promise<void>;
};

type Undo = () => Promise<void> | void;

/** @returns the port, or a free one for 0 */
function claimPort(port: number): Promise<number> {
  return new Promise((done, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} is in use. Choose another one: PORT=${port + 1} npm start`)
          : new Error(`Port ${port} cannot be opened (${error.code ?? error.message}).`),
      ),
    );
    probe.listen(port, "127.0.0.1", () => {
      const { port: claimed } = probe.address() as AddressInfo;
      probe.close(() => done(claimed));
    });
  });
}

function openFolder(dataDir: string): void {
  try {
    for (const part of ["logs", "wrangler"]) mkdirSync(join(dataDir, part), { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDir, ".gitignore"), "*\n");
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    throw new Error(
      `${dataDir} cannot be used as the data folder (${code}). Move it away or fix its permissions.`,
    );
  }
}

/** The key ring of this data folder, made at its first start, and again where a full disk left an empty file. */
export function jwtKeys(dataDir: string): string {
  const file = join(dataDir, "jwt-keys");
  const kept = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (kept !== "") return kept;
  const made = `local:${randomBytes(32).toString("base64url")}`;
  writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
}

/** Variables of the Worker that are set in `environment`, without those of the database. */
export function workerVariables(environment: Record<string, string | undefined>): Record<string, string> {
  const names = Object.keys(Variables.shape).filter((name) => !name.startsWith("DATABASE_"));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

/** The Worker would refuse the same at its first request, with a stack trace. */
function checked(variables: Record<string, string>): Record<string, string> {
  const result = Variables.safeParse(variables);
  if (result.success) return variables;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The configuration is not valid. ${problems.join("; ")}.`);
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
const anew = (dataDir: string) => `Move ${dataDir} away to begin anew.`;
const isNeon = (url: string) => URL.canParse(url) && new URL(url).hostname.endsWith(".neon.tech");

type Database = Pick<LocalDatabase, "databaseUrl" | "connectionString" | "died" | "close"> & {
  endpoint?: string;
};

/** @throws Error with one sentence when it does not start */
export async function openDatabase(dataDir: string, databaseUrl: string | undefined): Promise<Database> {
  if (databaseUrl !== undefined && !/^postgres(?:ql)?:\/\/./.test(databaseUrl)) {
    throw new Error("DATABASE_URL must read postgres://user:password@host/database.");
  }
  if (databaseUrl !== undefined && isNeon(databaseUrl)) {
    const never = new Promise<Error>(() => undefined);
    return { databaseUrl, connectionString: databaseUrl, died: never, close: async () => undefined };
  }
  if (databaseUrl !== undefined) return startDatabase({ databaseUrl });
  try {
    return await startDatabase({ dataDir: join(dataDir, "postgres") });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`The database does not start: ${why}. Move ${dataDir} away to begin anew.`, {
      cause: thrown,
    });
  }
}

/** Where commands beside the running stack find its database; whoever reads it may do anything there. */
function tellGateway(dataDir: string, { databaseUrl, endpoint }: Database): Undo {
  const file = join(dataDir, "gateway.json");
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ databaseUrl, endpoint }), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

async function migrated(database: Database, dataDir: string, embedded: boolean): Promise<void> {
  try {
    await migrate(database.connectionString);
  } catch (thrown) {
    if (!embedded) throw thrown;
    throw new Error(`${messageOf(thrown)} ${anew(dataDir)}`, { cause: thrown });
  }
}

/**
 * Starts everything; a second start on the same folder finds its data again.
 * @throws Error with one sentence for a person; whatever was started until then is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  const say = options.say ?? (() => undefined);
  const undo: Undo[] = [];
  const stop = async () => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  };
  try {
    const port = await claimPort(options.port);
    openFolder(dataDir);
    undo.push(await lockFolder(dataDir));
    // Fails again, and louder, where it is needed.
    loadWrangler().catch(() => undefined);
    const database = await openDatabase(dataDir, options.databaseUrl);
    undo.push(() => database.close());
    await migrated(database, dataDir, options.databaseUrl === undefined);
    undo.push(tellGateway(dataDir, database));
    const logFile = join(dataDir, "logs/worker.log");
    const logs = options.logs ? await startLogServer(logFile) : undefined;
    if (logs) undo.push(() => logs.close());
    const worker = await startWorkerHost({
      port,
      stateDir: join(dataDir, "wrangler"),
      variables: checked({
        JWT_KEYS: jwtKeys(dataDir),
        ...(options.variables?.EMAIL_FROM ? {} : { DEV_MAILBOX: "true" }),
        ...(logs ? { ALLOW_LOOPBACK_FETCH: "true" } : {}),
        ...options.variables,
        DATABASE_URL: database.databaseUrl,
        ...(database.endpoint ? { DATABASE_ENDPOINT: database.endpoint } : {}),
      }),
      onLine: workerLog(logFile, say),
      watch: options.watch ?? false,
      ...(options.entrypoint === undefined ? {} : { entrypoint: options.entrypoint }),
    });
    undo.push(() => worker.stop());
    const { databaseUrl, connectionString, died } = database;
    return {
      url: worker.url,
      direct: worker.direct,
      databaseUrl,
      endpoint: database.endpoint,
      connectionString,
      dataDir,
      ...(logs ? { logs } : {}),
      died,
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
