/** Embedded Postgres (PGlite with pgvector and pg_trgm) in its own thread, reachable for `pg` through a socket. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ThreadMessage, ThreadOptions } from "./postgres-thread.ts";

export type LocalPostgres = {
  /** What `pg` connects to: a Unix socket nobody else on this machine can open (loopback TCP on Windows). */
  connectionString: string;
  /** Resolves with the reason when the engine dies on its own; never after {@link LocalPostgres.close}. */
  died: Promise<Error>;
  close(): Promise<void>;
};

/**
 * Starts the embedded engine. It runs one statement at a time and blocks its thread while it does.
 * @param options.dataDir folder that keeps the data; in memory when absent
 * @throws Error naming the folder when it holds something this engine cannot open
 */
export async function startPostgres(options: { dataDir?: string } = {}): Promise<LocalPostgres> {
  const socketDir = process.platform === "win32" ? undefined : mkdtempSync(join(tmpdir(), "kalamna-pg-"));
  const sweep = () => socketDir && rmSync(socketDir, { recursive: true, force: true });
  process.once("exit", sweep);
  const workerData: ThreadOptions = { ...options, ...(socketDir ? { socketDir } : {}) };
  const thread = new Worker(join(import.meta.dirname, "postgres-thread.ts"), { workerData });
  let closing = false;
  const died = new Promise<Error>((resolve) => {
    const say = (reason: string) => {
      if (!closing) resolve(new Error(`The embedded Postgres stopped: ${reason}.`));
    };
    thread.on("message", (message: ThreadMessage) => {
      if (message.kind === "died") say(message.reason);
    });
    thread.on("error", (error) => say(error instanceof Error ? error.message : String(error)));
    thread.on("exit", (code) => say(`its thread ended with code ${code}`));
  });
  const ready = new Promise<string>((resolve, reject) => {
    thread.on("message", (message: ThreadMessage) => {
      if (message.kind === "ready") resolve(message.connectionString);
      if (message.kind === "refused") reject(new Error(message.reason));
    });
  });
  try {
    const connectionString = await Promise.race([ready, died.then((error) => Promise.reject(error))]);
    return {
      connectionString,
      died,
      async close() {
        if (closing) return;
        closing = true;
        const ended = once(thread, "exit");
        thread.postMessage("close");
        const stuck = setTimeout(() => void thread.terminate(), 5_000);
        await ended;
        clearTimeout(stuck);
        process.off("exit", sweep);
        sweep();
      },
    };
  } catch (thrown) {
    closing = true;
    await thread.terminate();
    sweep();
    throw thrown;
  }
}
