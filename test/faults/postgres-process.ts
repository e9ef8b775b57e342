/** The embedded Postgres as a process that can be killed in the middle of a statement. */
import { once } from "node:events";
import { startPostgres } from "../../src/dev/postgres.ts";

export type PostgresOrder = { dataDir: string };

process.once("disconnect", () => process.kill(-process.pid, "SIGKILL"));

const [{ dataDir }] = (await once(process, "message")) as [PostgresOrder];
try {
  const { connectionString } = await startPostgres({ dataDir });
  process.send?.({ ready: true, connectionString });
} catch (thrown) {
  process.send?.({ failed: thrown instanceof Error ? thrown.message : String(thrown) });
}
