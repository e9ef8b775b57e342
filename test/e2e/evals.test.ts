/** `npm run evals` as CI runs it: a key, a file of questions, an exit code. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStack, type TestStack } from "./support/stack.ts";

let stack: TestStack;
let key: string;
const folder = mkdtempSync(join(tmpdir(), "kalamna-evals-"));
beforeAll(async () => {
  stack = await startTestStack();
  ({ key } = await stack.api("POST", "/api/v1/api-keys", { name: "CI", scopes: ["evals"] }));
});
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function evals(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = promisify(execFile)("npm", ["run", "-s", "evals", "--", "--url", stack.url, ...options], {
    cwd: resolve(import.meta.dirname, "../.."),
    env: { ...process.env, KALAMNA_KEY: key },
  });
  return command.then(
    (done) => ({ ...done, code: 0 }),
    (error) => error,
  );
}

test("imports, asks, prints, and ends with 1 when the gate is not passed", async () => {
  const { data } = await stack.api("GET", "/api/v1/documents?limit=100");
  const manual = data.find(({ name }: { name: string }) => /skarn/i.test(name));
  const cases = [
    { question: "Can I use the Skarn 2 in snow?", document_ids: [manual.id], facts: ["three-season tents"] },
    { question: "Who won the chess world championship in 1972?", answerable: false },
  ];
  const file = join(folder, "golden.jsonl");
  writeFileSync(file, cases.map((one) => JSON.stringify(one)).join("\n"));

  const passed = await evals("--cases", file, "--replace", "--gate", "hit@5=1", "--gate", "right_refusals=1");
  expect(passed, passed.stderr).toMatchObject({ code: 0 });
  expect(passed.stderr).toContain("Cases: 2 new");
  expect(passed.stdout).toMatch(/hit_at_5 +1\.000/);
  expect(passed.stdout).toContain("Gate: passed");

  const compared = ['{"name":"one","top_k":1}', '{"name":"eight"}'].flatMap((text) => ["--config", text]);
  const failed = await evals(
    "--search",
    ...compared,
    "--gate",
    "facts_found=0.5",
    "--gate",
    "tokens=0",
    "--gate",
    "latency_p95=0",
  );
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/one +eight/);
  expect(failed.stdout).toContain("Gate: NOT passed");

  const wrong = await evals("--gate", "fame=1");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain("write figure=number");
});
