/** Programs to measure with that would be heavy dependencies: installed when first needed, run in processes of their own. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Bytes that a program may print. */
const MOST_PRINTED = 16 * 1024 * 1024;

export type Beside = {
  /** @returns why it is not there, as one sentence, or null once it is */
  install(): Promise<string | null>;
  /** What `program` prints as JSON for `task`. @throws Error when it fails */
  run<Result>(program: string, task: object): Promise<Result>;
};

/**
 * @param name what people call it
 * @param folder under bench/, with a package.json and a lock file of its own
 */
export function beside(name: string, folder: string): Beside {
  const cwd = join(import.meta.dirname, "..", folder);

  function isInstalled(): boolean {
    const read = (path: string) => JSON.parse(readFileSync(join(cwd, path), "utf8"));
    try {
      const { dependencies } = read("package.json") as { dependencies: Record<string, string> };
      return Object.entries(dependencies).every(
        ([dependency, version]) => read(`node_modules/${dependency}/package.json`).version === version,
      );
    } catch {
      return false;
    }
  }

  return {
    async install() {
      if (isInstalled()) return null;
      console.log(`Installing ${name} for the measurement, once`);
      try {
        await run("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd });
        return null;
      } catch {
        return `${name} could not be installed (npm ci in bench/${folder}).`;
      }
    },
    async run<Result>(program: string, task: object) {
      const args = [join(cwd, program), JSON.stringify(task)];
      const { stdout } = await run(process.execPath, args, { cwd, maxBuffer: MOST_PRINTED });
      return JSON.parse(stdout) as Result;
    },
  };
}
