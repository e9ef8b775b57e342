/** A database for this machine: embedded or your own Postgres, behind a gateway that speaks Neon's HTTP protocol. */
import { randomBytes } from "node:crypto";
import { startGateway } from "./gateway.ts";
import { startPostgres } from "./postgres.ts";

export type LocalDatabase = {
  /** For the Neon driver: carries the gateway's secret; its host never resolves, so a missing endpoint fails at once. */
  databaseUrl: string;
  /** URL of the gateway, for `neonConfig.fetchEndpoint`. */
  endpoint: string;
  /** For `pg`, past the gateway. */
  connectionString: string;
  /** Resolves with the reason when the embedded engine dies on its own. */
  died: Promise<Error>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Folder that keeps the embedded engine's data; in memory when absent. */
  dataDir?: string;
  /** Connection string of a real Postgres to use instead of the embedded one. */
  databaseUrl?: string;
  /** Port of the gateway; any free one when absent. */
  port?: number;
};

/**
 * Starts Postgres, unless `databaseUrl` names one, and the gateway in front of it.
 * @throws Error with one sentence when the data folder cannot be opened or the port is taken
 */
export async function startDatabase(options: DatabaseOptions = {}): Promise<LocalDatabase> {
  const postgres =
    options.databaseUrl === undefined
      ? await startPostgres(options.dataDir === undefined ? {} : { dataDir: options.dataDir })
      : undefined;
  const connectionString = postgres?.connectionString ?? options.databaseUrl ?? "";
  const secret = randomBytes(24).toString("base64url");
  try {
    const gateway = await startGateway({
      connectionString,
      secret,
      port: options.port ?? 0,
      // PGlite is one session: two connections would share its role, settings and unnamed statement.
      connections: postgres ? 1 : 10,
      canCancel: postgres === undefined,
    });
    return {
      databaseUrl: `postgres://kalamna:${secret}@local.kalamna.invalid/kalamna`,
      endpoint: gateway.endpoint,
      connectionString,
      died: postgres?.died ?? new Promise(() => undefined),
      async close() {
        await gateway.close();
        await postgres?.close();
      },
    };
  } catch (thrown) {
    await postgres?.close();
    throw thrown;
  }
}
