/** The database of a fault stack: embedded, one session for everybody, or a native server with real locks between sessions. */
import { rmSync } from "node:fs";
import { type NativePostgres, nativePostgres } from "../../bench/support/postgres.ts";
import { start, type Victim } from "./process.ts";

export type Engine = {
  /** For `pg`; changes with every start. */
  connectionString(): string;
  /** For the gateway. */
  connections: number;
  canCancel: boolean;
  start(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
};

export function embedded(dataDir: string): Engine {
  let postgres: Victim | undefined;
  const connectionString = () => String(postgres?.said.connectionString);
  return {
    connectionString,
    connections: 1,
    canCancel: false,
    async start() {
      postgres = await start("postgres-process.ts", { dataDir });
    },
    async kill() {
      if (!postgres) return;
      await postgres.kill();
      const [, socketDir] = /[?]host=([^&]+)/.exec(connectionString()) ?? [];
      if (socketDir) rmSync(decodeURIComponent(socketDir), { recursive: true, force: true });
      postgres = undefined;
    },
  };
}

/** Of a size for tests; whoever waits in a circle is told so soon. */
const SETTINGS = { shared_buffers: "256MB", maintenance_work_mem: "64MB", deadlock_timeout: "200ms" };

/** What to tell whoever has none. */
export const WITHOUT_POSTGRES =
  "Tests of many sessions at once were skipped: there is no PostgreSQL 17 with pgvector. Install postgresql-17 and postgresql-17-pgvector, or name a server: BENCH_DATABASE_URL=postgres://… npm test";

/** @returns why there is none, as one sentence */
export const nativeServer = () => nativePostgres({ make: false, settings: SETTINGS });

/** @param server runs already; whoever started it stops it */
export function native({ connectionString, power }: NativePostgres): Engine {
  let isDown = false;
  return {
    connectionString: () => connectionString,
    connections: 20,
    canCancel: true,
    async start() {
      if (isDown) await power?.restore();
      isDown = false;
    },
    async kill() {
      if (isDown) return;
      power?.cut();
      isDown = power !== undefined;
    },
  };
}
