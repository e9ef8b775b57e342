/** Lighthouse: installed when it is first needed, run in a process of its own. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const AUDITOR = join(import.meta.dirname, "../auditor");
const run = promisify(execFile);

export type Task = {
  /** Path of the browser. */
  chromium: string;
  signIn: { url: string; email: string; password: string };
  pages: readonly { name: string; url: string; signedIn: boolean }[];
};

export type Audit = {
  name: string;
  /** Performance, accessibility, best practices, of 100. */
  scores: [number, number, number];
  /** Addresses that the page loaded. */
  files: string[];
  /** Audits below .9, with what was measured. */
  short: string[];
  error?: string;
};

/** @returns why there is no Lighthouse, as one sentence, or null once it is there */
export async function installLighthouse(): Promise<string | null> {
  if (isInstalled()) return null;
  console.log("Installing Lighthouse, once");
  try {
    await run("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: AUDITOR });
    return null;
  } catch {
    return "Lighthouse could not be installed (npm ci in bench/auditor).";
  }
}

function isInstalled(): boolean {
  const read = (path: string) => JSON.parse(readFileSync(join(AUDITOR, path), "utf8"));
  try {
    const { dependencies } = read("package.json") as { dependencies: Record<string, string> };
    return Object.entries(dependencies).every(
      ([name, version]) => read(`node_modules/${name}/package.json`).version === version,
    );
  } catch {
    return false;
  }
}

/** @throws Error when it fails */
export async function lighthouse(task: Task): Promise<Audit[]> {
  const program = join(AUDITOR, "audit.mjs");
  const options = { cwd: AUDITOR, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await run(process.execPath, [program, JSON.stringify(task)], options);
  return JSON.parse(stdout) as Audit[];
}
