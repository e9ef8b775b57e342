/** A native PostgreSQL 17 with pgvector for measurements and tests: yours, this machine's, or one made from Debian's packages. */
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./worker.ts";

export type NativePostgres = {
  connectionString: string;
  /** Absent for a server that is somebody else's. */
  power?: {
    /** Ends the server as a power cut does. */
    cut(): void;
    /** Starts it on what that has left. */
    restore(): Promise<void>;
  };
  stop(): Promise<void>;
};

export type NativeOptions = {
  /** Make one where there is none. */
  make: boolean;
  /** Besides those that measurements need. */
  settings?: Record<string, string>;
  /** File for what the server says; nowhere when absent. */
  logFile?: string;
};

const BIN = "/usr/lib/postgresql/17/bin";
/** Made once, kept for the next run: 680 MB. */
const ROOT = process.env.BENCH_POSTGRES_ROOT ?? join(tmpdir(), "kalamna-postgres-17");
const MIRROR = process.env.BENCH_DEBIAN_MIRROR ?? "http://deb.debian.org/debian";
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "2GB",
  maintenance_work_mem: "1GB",
  max_wal_size: "4GB",
  // A chroot has no /dev/shm of its own.
  dynamic_shared_memory_type: "mmap",
  // Neither helps a question that takes a millisecond; both would add noise.
  jit: "off",
  max_parallel_workers_per_gather: "0",
};
const START_MS = 60_000;
/** A mirror that does not answer keeps nobody; here it takes one to four minutes. */
const LONGEST_MAKING_MS = 420_000;

/**
 * An empty database that is gone after `stop`. `BENCH_DATABASE_URL` names a server where one may be created; else a local
 * installation is started, else, for root on Debian with debootstrap, one is made in a chroot (with `make`).
 * @returns why there is none, as one sentence
 */
export async function nativePostgres(options: NativeOptions): Promise<NativePostgres | { missing: string }> {
  const given = process.env.BENCH_DATABASE_URL;
  if (given) return createdOn(given, async () => undefined);
  const missing = hasPostgres()
    ? null
    : options.make
      ? makePostgres()
      : "PostgreSQL 17 has not been made yet.";
  return missing ? { missing } : startedIn(isInstalled() ? "/" : ROOT, options);
}

const isInstalled = () => existsSync(join(BIN, "postgres")) && hasVector("/");

/** Is there one, so that it need not be made? */
export const hasPostgres = () => Boolean(process.env.BENCH_DATABASE_URL) || isInstalled() || hasVector(ROOT);

/** Makes one where there is none. @returns why that is not possible, as one or two sentences */
export const makePostgres = (): string | null => (hasPostgres() ? null : madeRoot(ROOT));

const hasVector = (root: string) =>
  existsSync(join(root, "usr/share/postgresql/17/extension/vector.control"));

/** @returns what keeps us from making it, or null once it is there */
function madeRoot(root: string): string | null {
  const hint = "Set BENCH_DATABASE_URL, or install postgresql-17 and postgresql-17-pgvector.";
  if (process.getuid?.() !== 0) return `No PostgreSQL 17 with pgvector, and only root can make one. ${hint}`;
  try {
    accessSync("/usr/sbin/debootstrap", constants.X_OK);
  } catch {
    return `No PostgreSQL 17 with pgvector, and no debootstrap to make one. ${hint}`;
  }
  console.log(`Making PostgreSQL 17 in ${root}, once`);
  const packages = "--include=postgresql-17,postgresql-17-pgvector";
  try {
    execFileSync("debootstrap", ["--variant=minbase", packages, "trixie", root, MIRROR], {
      stdio: "pipe",
      timeout: LONGEST_MAKING_MS,
    });
  } catch {
    rmSync(root, { recursive: true, force: true });
    return `debootstrap could not make PostgreSQL 17 from ${MIRROR}. ${hint}`;
  }
  return null;
}

async function startedIn(root: string, { settings, logFile }: NativeOptions): Promise<NativePostgres> {
  const port = await freePort();
  const data = join("/var/lib/postgresql", `kalamna-bench-${randomUUID()}`);
  const outside = join(root, data);
  mkdirSync(outside, { mode: 0o700 });
  // The server refuses to run as root; in a chroot the owner's number is the one in there.
  const asRoot = process.getuid?.() === 0;
  if (asRoot) execFileSync("chown", ["--reference", join(root, "var/lib/postgresql"), outside]);
  const wrap = asRoot ? ["chroot", root, "/usr/sbin/runuser", "-u", "postgres", "--"] : ["env"];
  const command = (name: string, args: string[]) => [...wrap.slice(1), `${BIN}/${name}`, ...args];
  const program = wrap[0] ?? "env";
  const gone = () => rmSync(outside, { recursive: true, force: true });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  const given = Object.entries({ ...SETTINGS, ...settings, port: String(port) });
  const args = ["-D", data, ...given.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const said = logFile === undefined ? "ignore" : openSync(logFile, "a");
  let ended = Promise.resolve();
  // runuser does not hand signals on: they go to the server itself, which takes its children along.
  const signal = (name: NodeJS.Signals) => {
    const pid = readFileSync(join(outside, "postmaster.pid"), "utf8").split("\n")[0];
    process.kill(Number(pid), name);
  };
  const start = async () => {
    await ended;
    const server = spawn(program, command("postgres", args), { stdio: ["ignore", said, said] });
    ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    await reachable(url, ended);
  };
  const stop = async () => {
    signal("SIGINT");
    await ended;
    gone();
  };
  try {
    execFileSync(program, command("initdb", ["-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8"]), {
      stdio: "pipe",
    });
    try {
      await start();
    } catch (thrown) {
      await stop();
      throw thrown;
    }
    const power = { cut: () => signal("SIGKILL"), restore: () => patiently(start) };
    return { ...(await createdOn(url, stop)), power };
  } catch (thrown) {
    if (existsSync(outside) && statSync(outside).isDirectory()) gone();
    throw thrown;
  }
}

/** Children of a server that was killed notice a little later, and until then no other one starts. */
async function patiently(start: () => Promise<void>): Promise<void> {
  for (const end = Date.now() + START_MS; ; ) {
    try {
      return await start();
    } catch (thrown) {
      if (Date.now() > end) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function reachable(url: string, ended: Promise<void>): Promise<void> {
  const end = Date.now() + START_MS;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (thrown) {
      if (over || Date.now() > end) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function createdOn(url: string, after: () => Promise<void>): Promise<NativePostgres> {
  const name = `kalamna_bench_${randomUUID().slice(0, 8)}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const connectionString = new URL(url);
  connectionString.pathname = `/${name}`;
  return {
    connectionString: connectionString.href,
    async stop() {
      await run(`drop database if exists ${name} with (force)`);
      await after();
    },
  };
}
