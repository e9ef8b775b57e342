/** `npm test`: types, Biome, then every test; the last line says how many passed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasPostgres, makePostgres } from "../bench/support/postgres.ts";
import { findChromium, WITHOUT_CHROMIUM } from "./e2e/support/chromium.ts";
import { WITHOUT_POSTGRES } from "./faults/engine.ts";

const run = (title: string, command: string, args: string[]): boolean => {
  const from = Date.now();
  console.log(`\n▸ ${title}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  const seconds = ((Date.now() - from) / 1000).toFixed(1);
  console.log(status === 0 ? `✓ ${title} (${seconds} s)` : `✗ ${title} failed (${seconds} s)`);
  return status === 0;
};

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
};

// Here and not in a test: it blocks its process for a minute.
const why = process.env.CI === "true" ? makePostgres() : null;
if (why) console.log(why);

const folder = mkdtempSync(join(tmpdir(), "kalamna-test-"));
const report = join(folder, "report.json");
const checks = [
  run("types", "tsc", ["--noEmit"]),
  run("types of the pages", "tsc", ["--noEmit", "-p", "src/web"]),
  run("Biome", "biome", ["check", "--error-on-warnings", "."]),
  run("tests", "vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]),
];

let counts: Report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
try {
  counts = JSON.parse(readFileSync(report, "utf8")) as Report;
} catch {
  console.error("The test run ended before it could write its report.");
}
rmSync(folder, { recursive: true, force: true });

const brokenChecks = checks.filter((passed) => !passed).length;
const failed = counts.numFailedTests || brokenChecks;
const skipped = counts.numPendingTests + counts.numTodoTests;
if (!findChromium()) console.log(`\n${WITHOUT_CHROMIUM}`);
if (!hasPostgres()) console.log(`\n${WITHOUT_POSTGRES}`);
console.log(`\n${counts.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
process.exit(brokenChecks === 0 && counts.numPassedTests > 0 ? 0 : 1);
