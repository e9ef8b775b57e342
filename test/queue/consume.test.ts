/** What happens to a document when something fails on its way, message by message. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Ports } from "../../src/context.ts";
import { AppError } from "../../src/errors.ts";
import { createApp } from "../../src/http/app.ts";
import { connect } from "../../src/infra/db/client.ts";
import { accountBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import { originalKey, textKey } from "../../src/infra/files/port.ts";
import type { Job } from "../../src/infra/jobs/port.ts";
import { consume } from "../../src/queue/consume.ts";
import { sweep } from "../../src/queue/sweep.ts";
import type { Runtime } from "../../src/runtime.ts";
import { call, expectStatus, type Person, register, runtime } from "../support/api.ts";
import { baseCtx, ctxFor } from "../support/people.ts";

let person: Person;
type DocumentJob = Extract<Job, { document_id: string }>;
let sent: DocumentJob[];
beforeEach(async () => {
  person = await register();
  sent = [];
});

/** The kept messages about a document. */
const about = (id: string) => sent.filter((job) => "document_id" in job && job.document_id === id);

/** The Worker with some parts replaced; jobs are kept instead of sent, so that the test delivers them. */
function rigged(parts: Partial<Ports> = {}): Runtime {
  const real = runtime();
  const jobs: Ports["jobs"] = { send: async (_lane, more) => void sent.push(...(more as DocumentJob[])) };
  return { ...real, ports: { ...real.ports, jobs, ...parts } };
}

/** Uploads through a Worker that keeps its messages. */
async function uploaded(content: string, name = "a.txt", over: Runtime = rigged()): Promise<string> {
  const response = await createApp(over).request(
    "/api/v1/documents",
    {
      method: "POST",
      headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name, content }),
    },
    {},
    createExecutionContext(),
  );
  const body = (await response.json()) as { document: { id: string } };
  expect(response.status, JSON.stringify(body)).toBe(202);
  return body.document.id;
}

async function deliver(job: unknown, over: Runtime, options: { attempts?: number; queue?: string } = {}) {
  const { attempts = 1, queue = "kalamna-ingest" } = options;
  const batch = createMessageBatch(queue, [
    { id: crypto.randomUUID(), timestamp: new Date(), attempts, body: job },
  ]);
  const execution = createExecutionContext();
  const retry = vi.spyOn(batch.messages[0]!, "retry");
  await consume(batch, over, (work) => execution.waitUntil(work));
  const { explicitAcks, retryMessages } = await getQueueResult(batch, execution);
  return { explicitAcks, retryMessages, delay: retry.mock.calls[0]?.[0]?.delaySeconds ?? 0 };
}

const document = async (id: string) => {
  const answer = await call("GET", `/api/v1/documents/${id}`, { token: person.token });
  expectStatus(answer, 200);
  return answer.body.document;
};
const set = (change: ReturnType<typeof sql>) =>
  tenantBatch(ctxFor(person), (db) => [db.execute(sql`update kalamna.documents set ${change}`)]);
const count = async (table: string): Promise<number> => {
  const [{ rows }] = await tenantBatch(ctxFor(person), (db) => [
    db.execute<{ n: number }>(sql.raw(`select count(*)::int as n from kalamna.${table}`)),
  ]);
  return rows[0]!.n;
};
/** Long enough for several embedding batches when chunked. */
const book = (paragraphs: number) =>
  Array.from(
    { length: paragraphs },
    (_, n) => `Paragraph ${n}. ${`The ferry number ${n} leaves the northern harbour at dawn. `.repeat(18)}`,
  ).join("\n\n");

describe("a document's message", () => {
  test("makes it ready, and delivered twice changes nothing", async () => {
    const id = await uploaded("The ferry leaves at dawn.");
    const [job] = sent;
    expect((await deliver(job, rigged())).explicitAcks).toHaveLength(1);
    expect(await document(id)).toMatchObject({ status: "ready", attempt: 1 });
    expect((await deliver(job, rigged())).explicitAcks).toHaveLength(1);
    expect(await document(id)).toMatchObject({ status: "ready", attempt: 1 });
    expect(await count("chunks")).toBe(1);
    expect(await count("chunk_vec")).toBe(1);
    expect(await count("chunk_drafts")).toBe(0);
  });

  test("delivered to two consumers at once makes each chunk once", async () => {
    const id = await uploaded(book(20));
    await Promise.all([deliver(sent[0], rigged()), deliver(sent[0], rigged())]);
    const { status, counts } = await document(id);
    expect(status).toBe("ready");
    expect(await count("chunks")).toBe(counts.chunks);
    expect(await count("chunk_vec")).toBe(counts.chunks);
    expect(await count("chunk_lex")).toBe(counts.chunks);
  });

  test("for a document deleted meanwhile is dropped", async () => {
    const id = await uploaded("Soon gone.");
    await call("DELETE", `/api/v1/documents/${id}`, { token: person.token });
    expect((await deliver(sent[0], rigged())).explicitAcks).toHaveLength(1);
    expect(await count("chunk_drafts")).toBe(0);
  });

  test("for a document deleted while it is being read leaves nothing behind", async () => {
    const id = await uploaded("Gone in the middle.");
    const real = runtime().ports.files;
    const files: Ports["files"] = {
      ...real,
      async open(key) {
        const file = await real.open(key);
        await call("DELETE", `/api/v1/documents/${id}`, { token: person.token });
        return file;
      },
    };
    expect((await deliver(sent[0], rigged({ files }))).explicitAcks).toHaveLength(1);
    expect(await count("chunk_drafts")).toBe(0);
    expect(await real.open(textKey(person.orgId, id, 1))).toBeNull();
  });

  test("for an older version is dropped", async () => {
    const id = await uploaded("First version.");
    await set(sql`version = 2`);
    expect((await deliver(sent[0], rigged())).explicitAcks).toHaveLength(1);
    expect(await document(id)).toMatchObject({ status: "pending", version: 2 });
  });

  test("that nobody can read is dropped, not retried for ever", async () => {
    for (const body of [null, "text", { kind: "unknown" }, { kind: "document.extract", org_id: "1" }]) {
      expect((await deliver(body, rigged())).explicitAcks).toHaveLength(1);
    }
  });

  test("of a suspended organization waits for the sweeper", async () => {
    const id = await uploaded("Waiting.");
    const job = { ...sent[0]!, org_id: crypto.randomUUID() };
    expect((await deliver(job, rigged())).explicitAcks).toHaveLength(1);
    expect(await document(id)).toMatchObject({ status: "pending" });
  });

  test("that fails through no fault of ours alarms nobody at the terminal", async () => {
    const alarm = vi.spyOn(console, "error");
    await uploaded("Waiting.");
    await deliver({ ...sent[0]!, org_id: crypto.randomUUID() }, rigged());
    const id = await uploaded(" \n ".repeat(50), "blank.txt");
    await deliver(sent.at(-1), rigged());
    expect(await document(id)).toMatchObject({ status: "failed", failure: { code: "empty_document" } });
    expect(alarm).not.toHaveBeenCalled();
  });
});

describe("a large document", () => {
  test("is embedded by several messages, in any order, and published by the last", async () => {
    const id = await uploaded(book(420));
    await deliver(sent.shift(), rigged());
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.every(({ kind }) => kind === "document.embed")).toBe(true);
    expect(await document(id)).toMatchObject({ status: "embedding" });
    expect(await count("chunks")).toBe(0);
    // Smaller ranges than the product sends, so that there are several to deliver out of order.
    const total = (await document(id)).counts.chunks as number;
    const ranges = [];
    for (let from = 0; from < total; from += 150)
      ranges.push({ ...sent[0]!, from, to: Math.min(total, from + 150) });
    for (const job of [...ranges.reverse(), ranges[0]]) await deliver(job, rigged());
    expect(await document(id)).toMatchObject({ status: "ready" });
    expect(await count("chunks")).toBe(total);
    expect(await count("chunk_drafts")).toBe(0);
  });
});

describe("when storage goes away while a document is read", () => {
  test("it says so, and is read once storage is back", async () => {
    const id = await uploaded("The ferry leaves at dawn.");
    const real = runtime().ports.files;
    const files: Ports["files"] = {
      ...real,
      async open(key) {
        const file = await real.open(key);
        const body = new ReadableStream<Uint8Array>({
          start: (stream) => stream.enqueue(new TextEncoder().encode("The ")),
          pull: (stream) => stream.error(new Error("Network connection lost.")),
        });
        return file && { ...file, body };
      },
    };
    expect((await deliver(sent[0], rigged({ files }))).retryMessages).toHaveLength(1);
    expect(await document(id)).toMatchObject({
      status: "extracting",
      failure: { code: "storage_unavailable", retryable: true },
    });
    await deliver(sent[0], rigged());
    expect(await document(id)).toMatchObject({ status: "ready", failure: null });
  });
});

describe("when the embedder fails", () => {
  const failing = (error: AppError): Ports["embedders"] =>
    offer({ ...runtime().ports.embedders.default, embed: () => Promise.reject(error) });

  test("for a moment, the message is retried later each time and the row says why", async () => {
    const id = await uploaded("The ferry leaves at dawn.");
    const down = rigged({ embedders: failing(new AppError("embedder_unavailable")) });
    const delays: number[] = [];
    for (const attempts of [1, 3, 5]) {
      delays.push((await deliver(sent[0], down, { attempts })).delay);
    }
    expect(delays[1]).toBeGreaterThan(delays[0]!);
    expect(delays[2]).toBeGreaterThan(delays[1]!);
    expect(await document(id)).toMatchObject({
      status: "embedding",
      failure: { code: "embedder_unavailable", retryable: true },
      attempt: 3,
    });
    await deliver(sent[0], rigged());
    expect(await document(id)).toMatchObject({ status: "ready", failure: null });
  });

  test("for good, the dead letter makes it failed with the last reason, and it can be started again", async () => {
    const id = await uploaded("The ferry leaves at dawn.");
    await deliver(sent[0], rigged({ embedders: failing(new AppError("embedder_unavailable")) }), {
      attempts: 6,
    });
    await deliver(sent[0], rigged(), { queue: "kalamna-dead-letters" });
    expect(await document(id)).toMatchObject({
      status: "failed",
      failure: { code: "embedder_unavailable", retryable: true },
    });
    expect(await count("chunk_drafts")).toBe(0);
    expectStatus(await call("POST", `/api/v1/documents/${id}/reindex`, { token: person.token }), 202);
  });

  test("and nobody noted why, the dead letter still says something", async () => {
    const id = await uploaded("The ferry leaves at dawn.");
    await deliver(sent[0], rigged(), { queue: "kalamna-dead-letters" });
    expect(await document(id)).toMatchObject({ status: "failed", failure: { code: "ingestion_timeout" } });
  });
});

describe("a document fails at once, with a reason its owner understands, when", () => {
  test("it has no text", async () => {
    const id = await uploaded(" \n\t ");
    expect((await deliver(sent[0], rigged())).explicitAcks).toHaveLength(1);
    expect(await document(id)).toMatchObject({
      status: "failed",
      failure: { code: "empty_document", retryable: false },
    });
  });

  test("its file is gone", async () => {
    const id = await uploaded("Lost at sea.");
    const { sha256 } = await document(id);
    await runtime().ports.files.remove([originalKey(person.orgId, sha256)]);
    await deliver(sent[0], rigged());
    expect(await document(id)).toMatchObject({
      status: "failed",
      failure: { code: "file_missing", detail: expect.stringContaining("upload it again") },
    });
  });

  test("it kills every consumer that takes it", async () => {
    const id = await uploaded("Poison.");
    await set(sql`attempt = 6`);
    await deliver(sent[0], rigged());
    expect(await document(id)).toMatchObject({ status: "failed", failure: { code: "ingestion_timeout" } });
  });
});

test("a database that is away while a failure is being noted sends the message back", async () => {
  const id = await uploaded("The ferry leaves at dawn.");
  const real = runtime();
  let calls = 0;
  const db = new Proxy(real.ports.db, {
    get: (target, name, receiver) =>
      name === "batch" && calls++ > 0
        ? () => Promise.reject(new AppError("database_unavailable"))
        : Reflect.get(target, name, receiver),
  });
  const { retryMessages } = await deliver(sent[0], rigged({ db }));
  expect(retryMessages).toHaveLength(1);
  expect((await document(id)).status).toBe("extracting");
});

describe("the sweeper", () => {
  const waitUntil = () => undefined;

  test("sends a lost message again, once the document has waited long enough", async () => {
    const id = await uploaded("Forgotten.");
    sent = [];
    await sweep(rigged(), waitUntil);
    expect(about(id)).toEqual([]);
    await set(sql`updated_at = now() - interval '3 minutes'`);
    await sweep(rigged(), waitUntil);
    await sweep(rigged(), waitUntil);
    const again = about(id);
    expect(again).toHaveLength(1);
    await deliver(again[0], rigged());
    expect(await document(id)).toMatchObject({ status: "ready" });
  });

  test("takes over from a consumer that died, where it had got to", async () => {
    const id = await uploaded("Half done.");
    await set(sql`status = 'embedding', chunks = 7, lease_until = now() - interval '1 second'`);
    sent = [];
    await sweep(rigged(), waitUntil);
    expect(about(id)).toMatchObject([{ kind: "document.embed", from: 0, to: 7 }]);
  });

  test("leaves a document alone that somebody is working on", async () => {
    const id = await uploaded("In work.");
    await set(
      sql`status = 'extracting', lease_until = now() + interval '1 minute', updated_at = now() - interval '1 hour'`,
    );
    sent = [];
    await sweep(rigged(), waitUntil);
    expect(about(id)).toEqual([]);
  });

  test("lets a suspended organization's documents wait, and looks after the others", async () => {
    await uploaded("Waiting for better days.");
    await set(sql`updated_at = now() - interval '3 minutes'`);
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set status = 'suspended' where id = ${person.orgId}`),
    ]);
    const stopped = person;
    person = await register();
    const id = await uploaded("Still served.");
    await set(sql`updated_at = now() - interval '3 minutes'`);
    sent = [];
    await sweep(rigged(), waitUntil);
    expect(about(id)).not.toEqual([]);
    expect(sent.map(({ org_id }) => org_id)).not.toContain(stopped.orgId);
  });

  test("ends what is past its deadline", async () => {
    const id = await uploaded("Too late.");
    await set(sql`deadline_at = now() - interval '1 second', updated_at = now() - interval '3 minutes'`);
    const overdue = async () => (await call("GET", "/health/ready")).body.queue.overdue as number;
    expect(await overdue()).toBeGreaterThan(0);
    await sweep(rigged(), waitUntil);
    expect(await document(id)).toMatchObject({
      status: "failed",
      failure: { code: "ingestion_timeout", retryable: false },
    });
    expect(await overdue()).toBe(0);
  });
});

test("a sweep that cannot reach the database says so in one line and does not throw", async () => {
  const alarm = vi.spyOn(console, "error");
  const over = rigged({ db: connect("postgres://u:p@down.localtest/x", "http://127.0.0.1:9/sql") });
  const execution = createExecutionContext();
  await sweep(over, (work) => execution.waitUntil(work));
  const lines = alarm.mock.calls.flat().filter((line) => String(line).includes('"job":"sweep"'));
  expect(lines).toHaveLength(1);
  expect(String(lines[0])).toContain("database_unavailable");
});

test("a document that is being read cannot be started again, and says why", async () => {
  const id = await uploaded("Still waiting.");
  const answer = await call("POST", `/api/v1/documents/${id}/reindex`, { token: person.token });
  expectStatus(answer, 409);
  expect(answer.body).toMatchObject({
    code: "not_ready",
    detail: "The document is being read already; wait until that is done.",
  });
});

test("an upload whose message cannot be sent is accepted; the sweeper will find it", async () => {
  const jobs: Ports["jobs"] = { send: () => Promise.reject(new Error("queue is away")) };
  const id = await uploaded("Unsent.", "a.txt", rigged({ jobs }));
  expect(await document(id)).toMatchObject({ status: "pending" });
});
