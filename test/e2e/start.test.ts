/** `npm start` as a newcomer meets it: the real command, the real stack, the printed lines pasted into a shell. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const READY = "Ctrl-C stops everything";
const STACK_TRACE = /^\s+at .+:\d+/m;

type Started = { process: ChildProcess; group: number; output(): string; ended: Promise<number | null> };

let home: string;
let port: number;
let dataDir: string;
const running: Started[] = [];

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** `npm start` in a process group of its own, as a terminal would run it. */
function npmStart(environment: Record<string, string>): Started {
  const { DATABASE_URL, OPENAI_API_KEY, ...inherited } = process.env;
  const child = spawn("npm", ["start"], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const started = { process: child, group: child.pid as number, output: () => output, ended };
  running.push(started);
  return started;
}

async function ready(environment: Record<string, string>): Promise<Started> {
  const started = npmStart(environment);
  await Promise.race([
    vi.waitUntil(() => started.output().includes(READY), { timeout: 120_000, interval: 50 }),
    started.ended.then((code) => {
      throw new Error(`npm start ended with code ${code}:\n${started.output()}`);
    }),
  ]);
  return started;
}

/** Living processes of a group; those that ended and wait to be collected do not count. */
function alive(group: number): string[] {
  if (!existsSync("/proc/self/stat")) {
    try {
      return process.kill(-group, 0) ? [String(group)] : [];
    } catch {
      return [];
    }
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        // pid (command) state parent group …; the command may contain anything.
        const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(pgrp) === group && state !== "Z" ? [stat.slice(0, stat.lastIndexOf(")") + 1)] : [];
      } catch {
        return [];
      }
    });
}

const gone = (group: number) =>
  vi.waitFor(() => expect(alive(group)).toEqual([]), { timeout: 15_000, interval: 50 });

const url = () => `http://127.0.0.1:${port}`;

async function api(method: string, path: string, token?: string, body?: unknown): Promise<any> {
  const response = await fetch(`${url()}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  expect(response.ok, `${method} ${path}: ${response.status} ${text}`).toBe(true);
  return JSON.parse(text);
}

async function demoToken(output: string): Promise<string> {
  const [, email, password] = /(\S+@\S+) {3}(\S+) {3}\(.+\)\n\s+Health/.exec(output) ?? [];
  return (await api("POST", "/api/v1/auth/login", undefined, { email, password })).token;
}

const documentsOf = async (token: string) =>
  (await api("GET", "/api/v1/documents?limit=200", token)).data as {
    id: string;
    name: string;
    status: string;
  }[];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "kalamna-start-"));
  dataDir = join(home, "data");
  port = await freePort();
});

afterAll(() => {
  for (const { group } of running) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // It ended, as it should.
    }
  }
  rmSync(home, { recursive: true, force: true });
});

/** Days on which the demo's people asked. */
const askedOn = (folder: string): string[] =>
  JSON.parse(readFileSync(join(folder, "demo.json"), "utf8")).asked ?? [];

describe("npm start", () => {
  let first: Started;
  let demoDocuments: string[];

  const own = () => ({ PORT: String(port), KALAMNA_DATA: dataDir });

  beforeAll(async () => {
    first = await ready(own());
  });

  test("says where it listens, how to sign in and what to paste, and nothing alarming", () => {
    const output = first.output();
    expect(output).toContain(`Kalamna is ready at ${url()}`);
    expect(output).toMatch(/demo@kalamna\.example\s+\S+/);
    expect(output.match(/^ {4}(?=\S).*curl .+/gm)).toHaveLength(3);
    expect(output).not.toMatch(STACK_TRACE);
    expect(output).not.toMatch(/error|✘|fail|E-mail to/i);
  });

  test("prints three lines that register, upload and stream an answer with citations when pasted", async () => {
    const lines = first
      .output()
      .match(/^ {4}(?=\S).*curl .+/gm)!
      .map((line) => line.trim());
    const { stdout } = await promisify(execFile)("bash", ["-c", lines.join("\n")], { cwd: ROOT });
    expect(stdout).toContain('"status":"pending"');
    const events = [...stdout.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(events[0], stdout).toBe("sources");
    expect(events).toContain("token");
    expect(events).toContain("citation");
    expect(events.at(-1)).toBe("done");
  });

  test("has a demo whose documents are all ready and answer the demo's questions", async () => {
    const token = await demoToken(first.output());
    expect((await api("GET", "/api/v1/auth/me", token)).user.email_verified).toBe(true);
    const documents = await documentsOf(token);
    const manifest = JSON.parse(readFileSync(join(ROOT, "demo/manifest.json"), "utf8"));
    expect(documents.map(({ name }) => name).sort()).toEqual(
      manifest.documents.map((d: any) => d.name).sort(),
    );
    expect(documents.filter(({ status }) => status !== "ready")).toEqual([]);
    demoDocuments = documents.map(({ id }) => id).sort();

    const questions = JSON.parse(readFileSync(join(ROOT, "demo/questions.json"), "utf8"));
    for (const { question, document } of questions) {
      const answer = await api("POST", "/api/v1/query/sync", token, { query: question });
      const { name } = manifest.documents.find((entry: any) => entry.file === document);
      const cited = answer.citations.map(
        (citation: any) => documents.find(({ id }) => id === citation.document_id)?.name,
      );
      expect(cited, `${question}\n${JSON.stringify(answer).slice(0, 2_000)}`).toContain(name);
    }
  });

  test("has people and visitors who asked, so that its figures, votes and gaps are of something", async () => {
    const token = await demoToken(first.output());
    await vi.waitUntil(() => askedOn(dataDir).length === 1, { timeout: 120_000, interval: 200 });
    const { questions } = JSON.parse(readFileSync(join(ROOT, "demo/day.json"), "utf8"));
    const channels = await api("GET", "/api/v1/analytics/channels", token);
    expect(channels.data.map((one: any) => one.channel)).toContain("widget");
    const gaps = await api("GET", "/api/v1/analytics/gaps", token);
    expect(JSON.stringify(gaps).toLowerCase()).toContain("kayaks");
    const votes = await api("GET", "/api/v1/feedback?limit=100", token);
    expect(votes.data).toHaveLength(questions.filter((one: any) => one.rating).length);
    const employees = await api("GET", "/api/v1/employees", token);
    expect(employees.data).toHaveLength(4);
    const taught = await api("GET", "/api/v1/knowledge/answers", token);
    expect(taught.data).toHaveLength(1);
  });

  test("takes a folder in by one command, sends only what changed when it is run again, and says the cost before", async () => {
    const folder = join(home, "folder");
    mkdirSync(join(folder, "deep"), { recursive: true });
    writeFileSync(join(folder, "ferry.md"), "# Ferry\n\nThe ferry leaves at seven.");
    writeFileSync(join(folder, "deep/copy.md"), "# Ferry\n\nThe ferry leaves at seven.");
    writeFileSync(join(folder, "deep/noise.bin"), Buffer.from([0, 1, 2, 3, 255, 0, 7, 8]));
    writeFileSync(join(folder, ".hidden.md"), "Nobody's business.");
    const ingest = async (...options: string[]) => {
      const env = { ...process.env, ...own() };
      // The pasted lines have made a second organization.
      const named = ["--org", "Tarnholt Outdoor", "--json"];
      const command = promisify(execFile)(
        "npm",
        ["run", "-s", "ingest", "--", folder, ...named, ...options],
        {
          cwd: ROOT,
          env,
        },
      );
      const { stdout, code } = await command.then(
        (done) => ({ ...done, code: 0 }),
        (error) => error,
      );
      return { code, report: JSON.parse(stdout) };
    };
    const before = await ingest("--dry-run");
    expect(before.report).toMatchObject({
      files: 3,
      formats: { markdown: 2 },
      duplicates: [{ id: "ferry.md", of: "deep/copy.md" }],
      unreadable: [{ id: "deep/noise.bin", code: "unsupported_type" }],
      embedding: { chunks: 1 },
      cost: 0,
    });
    const done = await ingest();
    expect(done.code).toBe(1);
    expect(done.report).toMatchObject({
      outcomes: { created: 2, refused: 1 },
      ready: 2,
      unfinished: 0,
      failures: [{ id: "deep/noise.bin", code: "unsupported_type" }],
    });
    rmSync(join(folder, "deep/noise.bin"));
    writeFileSync(join(folder, "ferry.md"), "# Ferry\n\nThe ferry leaves at eight.");
    const again = await ingest();
    expect(again).toMatchObject({ code: 0, report: { outcomes: { unchanged: 1, replaced: 1 }, ready: 2 } });

    const token = await demoToken(first.output());
    const found = await api("POST", "/api/v1/search", token, { query: "When does the ferry leave?" });
    expect(JSON.stringify(found)).toContain("leaves at eight");
    for (const { id, name } of await documentsOf(token))
      if (["ferry.md", "copy.md"].includes(name)) await api("DELETE", `/api/v1/documents/${id}`, token);
  });

  test("is healthy and keeps its secrets to itself", async () => {
    expect(await api("GET", "/health/ready")).toMatchObject({ status: "ready", queue: { overdue: 0 } });
    const secret = readFileSync(join(dataDir, "jwt-keys"), "utf8").trim().split(":")[1] as string;
    if (existsSync("/proc/self/stat")) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        const line = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
        expect(line).not.toContain(secret);
      }
    }
    const log = readFileSync(join(dataDir, "logs/worker.log"), "utf8");
    expect(log).not.toContain(secret);
    const levels = log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).level);
    expect(levels).not.toContain("error");
    expect(log, "cron has not run").toContain('"job":"sweep"');
  });

  test("on the same folder a second time is refused in one sentence", async () => {
    const second = npmStart({ PORT: String(await freePort()), KALAMNA_DATA: dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain("is in use: a stack is already running on it.");
    expect(second.output()).not.toMatch(STACK_TRACE);
    await gone(second.group);
  });

  test("on a port in use is refused in one sentence and leaves nothing running", async () => {
    const second = npmStart({ PORT: String(port), KALAMNA_DATA: join(home, "other") });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Port ${port} is in use.`);
    expect(second.output()).not.toMatch(STACK_TRACE);
    await gone(second.group);
  });

  test("ends whole on Ctrl-C, and the port is free again", async () => {
    process.kill(-first.group, "SIGINT");
    await first.ended;
    await gone(first.group);
    await expect(fetch(url())).rejects.toThrow();
    // The last thing an orderly end does is to give the folder back.
    expect(existsSync(join(dataDir, "lock"))).toBe(false);
  });

  test("a second time finds its data again and uploads nothing", async () => {
    const again = await ready(own());
    const token = await demoToken(again.output());
    expect((await documentsOf(token)).map(({ id }) => id).sort()).toEqual(demoDocuments);
    const answer = await api("POST", "/api/v1/query/sync", token, {
      query: "Which Ember 400 stoves are recalled?",
    });
    expect(answer.grounded).toBe(true);
    expect(askedOn(dataDir)).toHaveLength(1);

    // When only npm is told to end, as process supervisors do, the rest must notice by itself.
    again.process.kill("SIGTERM");
    await again.ended;
    await gone(again.group);
    expect(existsSync(join(dataDir, "lock"))).toBe(false);
  });
});

test("npm start completes what an earlier start, killed while it read the demo, left undone", async () => {
  const environment = { PORT: String(port), KALAMNA_DATA: join(home, "killed") };
  const first = npmStart(environment);
  await vi.waitUntil(() => first.output().includes("Reading the demo documents"), {
    timeout: 60_000,
    interval: 20,
  });
  process.kill(-first.group, "SIGKILL");
  await first.ended;
  await gone(first.group);

  const second = await ready(environment);
  expect(second.output()).not.toMatch(/^ {2}! /m);
  const documents = await documentsOf(await demoToken(second.output()));
  expect(documents.map(({ status }) => status)).toEqual(Array(8).fill("ready"));
  process.kill(-second.group, "SIGINT");
  await gone(second.group);
});

test("npm start on a later day has its people ask some more", async () => {
  const memory = JSON.parse(readFileSync(join(dataDir, "demo.json"), "utf8"));
  writeFileSync(join(dataDir, "demo.json"), JSON.stringify({ ...memory, asked: ["2026-11-01"] }));
  const later = await ready({ PORT: String(port), KALAMNA_DATA: dataDir });
  const token = await demoToken(later.output());
  await vi.waitUntil(() => askedOn(dataDir).length === 2, { timeout: 120_000, interval: 200 });
  const { questions } = JSON.parse(readFileSync(join(ROOT, "demo/day.json"), "utf8"));
  const asked = async () => (await api("GET", "/api/v1/analytics/summary", token)).figures.questions;
  await vi.waitFor(async () => expect(await asked()).toBeGreaterThanOrEqual(questions.length + 10), 10_000);
  process.kill(-later.group, "SIGINT");
  await gone(later.group);
});

describe("a data folder that cannot be used ends npm start with one sentence", () => {
  afterEach(() => rmSync(join(home, "broken"), { recursive: true, force: true }));

  test.each<[string, (folder: string) => void, RegExp]>([
    ["a file in its place", (folder) => writeFileSync(folder, "x"), /cannot be used as the data folder/],
    [
      "the data of another Postgres",
      (folder) => {
        cpSync(dataDir, folder, { recursive: true });
        writeFileSync(join(folder, "postgres/PG_VERSION"), "17\n");
      },
      /was written by Postgres 17, and this is Postgres 18\. Move .+ away to begin anew\./,
    ],
    [
      "damaged data",
      (folder) => {
        cpSync(dataDir, folder, { recursive: true });
        rmSync(join(folder, "postgres/global/pg_control"));
      },
      /postgres is damaged\. Move .+ away to begin anew\./,
    ],
    [
      "a secret that is none",
      (folder) => {
        cpSync(dataDir, folder, { recursive: true });
        writeFileSync(join(folder, "jwt-keys"), "garbage");
      },
      /The configuration is not valid\. JWT_KEYS: /,
    ],
  ])("%s", async (_, damage, sentence) => {
    const folder = join(home, "broken");
    damage(folder);
    const started = npmStart({ PORT: String(await freePort()), KALAMNA_DATA: folder });
    expect(await started.ended).toBe(1);
    expect(started.output()).toMatch(sentence);
    expect(started.output()).not.toMatch(STACK_TRACE);
    await gone(started.group);
  });
});
