/** The Worker's host as a process that can be killed with everything it started; its parent says what to run. */
import { once } from "node:events";
import { startWorkerHost } from "../../src/dev/worker-host.ts";
import { workerLog } from "../../src/dev/worker-log.ts";

export type WorkerOrder = {
  port: number;
  stateDir: string;
  entrypoint: string;
  logFile: string;
  variables: Record<string, string>;
};

// Nobody is left to kill us.
process.once("disconnect", () => process.kill(-process.pid, "SIGKILL"));

const [order] = (await once(process, "message")) as [WorkerOrder];
try {
  const { logFile, ...options } = order;
  await startWorkerHost({ ...options, onLine: workerLog(logFile, () => undefined), watch: false });
  process.send?.({ ready: true });
} catch (thrown) {
  process.send?.({ failed: thrown instanceof Error ? thrown.message : String(thrown) });
}
