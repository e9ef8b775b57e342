import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder: string;
let script: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kalamna-bundle-"));
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  await promisify(execFile)(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--minify", "--outdir", folder],
    {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
    },
  );
  script = await readFile(join(folder, "worker.js"));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the Worker ships in 600 KB without the PDF engine", () => {
  expect(gzipSync(script).byteLength).toBeLessThanOrEqual(600 * 1024);
});

test("the PDF engine is a file of its own, loaded when the first PDF comes", async () => {
  const engine = (await readdir(folder)).find((file) => file.endsWith(".wasm"));
  expect(engine).toBeDefined();
  const text = script.toString("utf8");
  expect(text).toContain(`import("./${engine}")`);
  expect(text).not.toMatch(new RegExp(`^import[^(;]*${engine}`, "m"));
});

test("nothing of the local stack is in it", () => {
  expect(script.toString("utf8")).not.toMatch(/pglite|Tarnholt/i);
});
