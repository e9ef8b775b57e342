import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { workerLog } from "../../src/dev/worker-log.ts";

const folder = mkdtempSync(join(tmpdir(), "kalamna-log-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the terminal shows failures and letters, the file has every line", () => {
  const shown: string[] = [];
  const file = join(folder, "worker.log");
  const sink = workerLog(file, (line) => shown.push(line));
  const mailbox = { to: "a@b.test", subject: "Your code", text: "Enter:\n\n    123456\n" };
  sink({ level: "log", message: JSON.stringify({ request_id: "1", status: 200 }) });
  sink({ level: "log", message: JSON.stringify({ level: "info", mailbox }) });
  sink({ level: "log", message: "not JSON" });
  sink({ level: "error", message: JSON.stringify({ request_id: "2", status: 500, code: "internal" }) });
  expect(shown).toEqual([
    "E-mail to a@b.test: Your code\n  | Enter:\n  | \n  |     123456",
    "error: 500 internal (request 2)",
  ]);
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(4);
});
