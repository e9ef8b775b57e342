/** Memory and processor time of the processes that a measurement started, as Linux counts them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

export type Peak = {
  /** Megabytes above what was there at the start; null where the system does not tell. */
  risen(): number | null;
};

/** Watches what workerd takes from now on: the Worker, and on this machine R2 and the queues with it. */
export function watchWorkerd(): Peak {
  const watched = children("workerd");
  const before = watched.map((pid) => kilobytes(pid, "VmRSS"));
  // 5 sets the high-water mark back to what is there now.
  for (const pid of watched) writeFileSync(`/proc/${pid}/clear_refs`, "5");
  return {
    risen: () =>
      watched.length === 0
        ? null
        : watched.reduce((sum, pid, at) => sum + kilobytes(pid, "VmHWM") - (before[at] ?? 0), 0) / 1024,
  };
}

/** A tick of the processor's clock as /proc counts it, in milliseconds. */
const TICK_MS = 10;

/** Milliseconds that workerd has computed so far, which another process's work does not lengthen; null elsewhere than on Linux. */
export function workerdCpu(): number | null {
  const watched = children("workerd");
  if (watched.length === 0) return null;
  return watched.reduce((sum, pid) => {
    const [user, system] = statOf(pid).split(") ").at(-1)?.split(" ").slice(11, 13) ?? [];
    return sum + (Number(user ?? 0) + Number(system ?? 0)) * TICK_MS;
  }, 0);
}

function kilobytes(pid: string, field: string): number {
  return Number(
    new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1],
  );
}

/** Processes of this name below ours. */
function children(name: string): string[] {
  const parents = new Map<string, { name: string; parent: string }>();
  try {
    for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      const [, called = "", parent = ""] = /\((.*)\) \S (\d+)/.exec(statOf(pid)) ?? [];
      parents.set(pid, { name: called, parent });
    }
  } catch {
    return [];
  }
  const ours = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === String(process.pid) || ours(parents.get(pid)?.parent));
  return [...parents].filter(([pid, one]) => one.name === name && ours(pid)).map(([pid]) => pid);
}

/** Empty when the process has ended meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
