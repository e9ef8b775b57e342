/** LangChain.js beside us: installed when it is first needed, run in a process of its own. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const PEERS = join(import.meta.dirname, "../peers");
const run = promisify(execFile);

export type Task = {
  connectionString: string;
  connections: number;
  baseUrl: string;
  dimensions: number;
  /** Paths of the files to read. */
  files: readonly string[];
  /** All in one call, or one call each. */
  way: "together" | "singly";
  /** With an index for searching, built before there are rows. */
  hnsw: boolean;
  table: string;
};

/** @returns why there is no LangChain.js, as one sentence, or null once it is there */
export async function installLangChain(): Promise<string | null> {
  if (isInstalled()) return null;
  console.log("Installing LangChain.js for the comparison, once");
  try {
    await run("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: PEERS });
    return null;
  } catch {
    return "LangChain.js could not be installed (npm ci in bench/peers).";
  }
}

function isInstalled(): boolean {
  const read = (path: string) => JSON.parse(readFileSync(join(PEERS, path), "utf8"));
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
export async function langChain(task: Task): Promise<{ ms: number; chunks: number }> {
  const program = join(PEERS, "langchain.mjs");
  const { stdout } = await run(process.execPath, [program, JSON.stringify(task)], { cwd: PEERS });
  return JSON.parse(stdout) as { ms: number; chunks: number };
}
