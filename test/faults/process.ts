/** Processes that are ended the way power cuts end them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export type Victim = {
  /** What it said when it was ready. */
  said: Record<string, unknown>;
  /** SIGKILL to it and all it has started; resolves when they are gone. */
  kill(): Promise<void>;
};

const START_MS = 120_000;

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), "SIGKILL");
  } catch {
    // Gone already.
  }
}

/**
 * Runs a module of this folder in a process group of its own and hands it `order`.
 * @throws Error with what it says when it does not start
 */
export async function start(module: string, order: object): Promise<Victim> {
  const child = spawn(process.execPath, [join(import.meta.dirname, module)], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaints = "";
  child.stderr?.on("data", (data) => (complaints = `${complaints}${data}`.slice(-4_000)));
  const ended = once(child, "close");
  child.send(order);
  const said = await Promise.race([
    once(child, "message", { signal: AbortSignal.timeout(START_MS) }).then(([message]) => message),
    ended.then(() => ({ failed: complaints })),
  ]);
  if (!said.ready) {
    killGroup(child);
    throw new Error(`${module} does not start: ${said.failed}`);
  }
  return {
    said,
    async kill() {
      killGroup(child);
      await ended;
    },
  };
}
