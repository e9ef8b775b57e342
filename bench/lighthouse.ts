/** What a browser makes of our pages: Lighthouse's scores as a phone sees them, and how much is loaded. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { seedDemo } from "../src/dev/seed.ts";
import { type Stack, startStack } from "../src/dev/stack.ts";
import { findChromium } from "../test/e2e/support/chromium.ts";
import { type Audit, installLighthouse, lighthouse } from "./support/auditor.ts";
import { freePort } from "./support/worker.ts";

const ROOT = join(import.meta.dirname, "..");
const WEB = join(ROOT, "dist/web");
const SIGN_IN = "console, sign-in";
/** Performance, accessibility, best practices. */
const WANTED = [95, 100, 95] as const;

export async function bench(): Promise<{ title: string; lines: string[] }> {
  const title = "Lighthouse: performance, accessibility, best practices, on a simulated phone";
  const chromium = findChromium();
  if (!chromium) return { title, lines: ["There is no Chromium; CHROMIUM=/path names one."] };
  const missing = await installLighthouse();
  if (missing) return { title, lines: [missing] };
  const audits = await audit(chromium);
  return { title, lines: [...audits.flatMap(scores), ...(await sizes(audits))] };
}

async function audit(chromium: string): Promise<Audit[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  let stack: Stack | undefined;
  try {
    stack = await startStack({ port: await freePort(), dataDir });
    const { url } = stack;
    const { email, password, widgetKey } = await seedDemo({ url, dataDir, privateDatabase: true });
    return await lighthouse({
      chromium,
      signIn: { url: `${url}/`, email, password },
      pages: [
        { name: SIGN_IN, url: `${url}/sign-in`, signedIn: false },
        { name: "page with the widget", url: `${url}/demo/?key=${widgetKey}`, signedIn: false },
        { name: "console, Ask", url: `${url}/ask`, signedIn: true },
      ],
    });
  } finally {
    await stack?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function scores({ name, scores, short, error }: Audit): string[] {
  if (error) return [`${name}: ${error}`];
  const enough = scores.every((score, at) => score >= (WANTED[at] ?? 0));
  return [
    `${name}: ${scores.join(", ")}${enough ? "" : ` (wanted ${WANTED.join(", ")}): ${short.join("; ")}`}`,
  ];
}

async function sizes(audits: readonly Audit[]): Promise<string[]> {
  const first = audits.find(({ name }) => name === SIGN_IN)?.files ?? [];
  const paths = first.map((file) => new URL(file).pathname).filter((path) => path.startsWith("/assets/"));
  const console = [join(WEB, "index.html"), ...paths.map((path) => join(WEB, path))];
  const scripts = ["widget.js", "kalamna.js"].map((file) => `${file} ${kib([join(WEB, file)])}`);
  return [
    `Compressed: ${scripts.join(", ")}, the console until it can be signed in to ${kib(console)}, Worker ${await workerSize()}`,
  ];
}

const kib = (files: readonly string[]): string => {
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).byteLength, 0);
  return `${(bytes / 1024).toFixed(1)} KiB`;
};

async function workerSize(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "kalamna-bench-"));
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const deploy = [wrangler, "deploy", "--dry-run", "--minify", "--outdir", folder];
  try {
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
    await promisify(execFile)(process.execPath, deploy, { cwd: ROOT, env });
    return kib([join(folder, "worker.js")]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
