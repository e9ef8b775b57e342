/** Keeps the Worker's log lines in a file and shows the failures. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { WorkerLine } from "./worker-host.ts";

/** A longer file is put aside at the next start, and the one put aside before is dropped. */
const MAX_BYTES = 20 * 1024 * 1024;

/**
 * @param show gets the lines somebody at the terminal must see
 * @returns a sink for the Worker's lines, appended to `file`
 */
export function workerLog(file: string, show: (line: string) => void): (line: WorkerLine) => void {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > MAX_BYTES) renameSync(file, `${file}.1`);
  return ({ level, message }) => {
    appendFileSync(file, `${message}\n`);
    if (level === "error") show(message);
  };
}
