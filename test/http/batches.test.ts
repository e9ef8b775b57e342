/** Batches after they were sent: how they go, who sees them, stop and try again. */
import { sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { sweepBatches } from "../../src/domain/batches/sweep.ts";
import { call, expectStatus, fetchWorker, type Person, register, runtime } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { ended, jsonl, sendLines, told } from "../support/batches.ts";
import { apiKey } from "../support/credentials.ts";
import { baseCtx, colleague } from "../support/people.ts";
import { before } from "../support/rigged.ts";

const lines = (count: number, word = "Line") =>
  jsonl(
    ...Array.from({ length: count }, (_, at) => ({ name: `${at}.md`, content: `${word} number ${at}.` })),
  );
/** Cut off in the middle of its words, this PDF can never be read. */
const BROKEN = { name: "broken.pdf", content_base64: btoa("%PDF-1.7\n1 0 obj <<") };
/** A batch whose documents nobody reads: their messages are lost. */
const unread = () =>
  appWith((real) => ({
    ports: { ...real.ports, jobs: { ...real.ports.jobs, send: async () => undefined } },
  }));

async function sendUnread(person: Person, body: string): Promise<any> {
  const answer = await unread().call("POST", "/api/v1/documents/bulk", {
    token: person.token,
    body,
    headers: { "content-type": "application/x-ndjson" },
  });
  expectStatus(answer, 202);
  return answer.body.batch;
}

type Event = { id: string; event: string; data: any };
const parse = (text: string): Event[] =>
  text
    .split("\n\n")
    .filter((frame) => frame.includes("event: "))
    .map((frame) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(frame)?.[1] ?? "";
      return { id: field("id"), event: field("event"), data: JSON.parse(field("data")) };
    });

const listen = (person: Pick<Person, "token">, id: string, lastId?: string, signal?: AbortSignal) =>
  fetchWorker(`/api/v1/batches/${id}/events`, {
    headers: { authorization: `Bearer ${person.token}`, ...(lastId ? { "last-event-id": lastId } : {}) },
    ...(signal ? { signal } : {}),
  });

describe("who sees a batch", () => {
  test("its sender and admins do; colleagues, viewers and others do not", async () => {
    const admin = await register();
    const [sender, colleagueOf, stranger] = await Promise.all([
      colleague(admin, "member"),
      colleague(admin, "member"),
      register(),
    ]);
    const { body } = await sendLines(sender, lines(2));
    const { id } = body.batch;
    for (const person of [sender, admin]) {
      expectStatus(await call("GET", `/api/v1/batches/${id}`, { token: person.token }), 200);
      const list = await call("GET", "/api/v1/batches", { token: person.token });
      expect(list.body.data.map((batch: any) => batch.id)).toEqual([id]);
    }
    for (const person of [colleagueOf, stranger]) {
      for (const [method, path] of [
        ["GET", ""],
        ["GET", "/items"],
        ["GET", "/events"],
        ["POST", "/cancel"],
        ["POST", "/requeue"],
      ] as const) {
        expectStatus(await call(method, `/api/v1/batches/${id}${path}`, { token: person.token }), 404);
      }
      const list = await call("GET", "/api/v1/batches", { token: person.token });
      expect(list.body.data).toEqual([]);
    }
    const viewer = await colleague(admin, "viewer");
    expectStatus(await call("GET", `/api/v1/batches/${id}`, { token: viewer.token }), 403);
    expect((await ended(sender, id)).status).toBe("completed");
  });

  test("a key sees its own, and a document that its sender may no longer read is as good as deleted", async () => {
    const admin = await register();
    const { key } = await apiKey(admin, ["documents:read", "documents:write"], { access: "external" });
    const { body } = await sendLines({ token: key }, lines(2));
    const done = await ended({ token: key }, body.batch.id);
    expect(done.counts).toMatchObject({ ready: 2, deleted: 0 });
    const [hidden] = body.results;
    expectStatus(
      await call("PATCH", `/api/v1/documents/${hidden.document_id}`, {
        token: admin.token,
        json: { access_level: "internal" },
      }),
      200,
    );
    const seen = await call("GET", `/api/v1/batches/${done.id}/items`, { token: key });
    expect(seen.body.data.map(({ state, document_id }: any) => [state, document_id !== null])).toEqual([
      ["deleted", false],
      ["ready", true],
    ]);
    expect(seen.text).not.toContain(hidden.document_id);
  });
});

test("lines are paged and filtered by state, batches newest first", async () => {
  const person = await register();
  const first = await sendLines(person, `${lines(3)}\nnonsense\n${JSON.stringify(BROKEN)}`);
  const second = await sendLines(person, lines(1, "Other"));
  const done = await ended(person, first.body.batch.id);
  expect(done.counts).toMatchObject({ ready: 3, refused: 1, failed: 1 });
  const get = (query: string) =>
    call("GET", `/api/v1/batches/${done.id}/items?${query}`, { token: person.token });
  const page = await get("limit=2");
  expect(page.body.data.map(({ line }: any) => line)).toEqual([1, 2]);
  const rest = await get(`limit=3&cursor=${page.body.next_cursor}`);
  expect(rest.body).toMatchObject({ data: [{ line: 3 }, { line: 4 }, { line: 5 }], next_cursor: null });
  const failed = await get("state=failed,refused");
  expect(failed.body.data.map(({ line, failure }: any) => [line, failure.code])).toEqual([
    [4, "malformed_json"],
    [5, "broken_document"],
  ]);
  expectStatus(await get("state=lost"), 400);
  const list = await call("GET", "/api/v1/batches?limit=1", { token: person.token });
  expect(list.body.data.map(({ id }: any) => id)).toEqual([second.body.batch.id]);
  const next = await call("GET", `/api/v1/batches?limit=1&cursor=${list.body.next_cursor}`, {
    token: person.token,
  });
  expect(next.body).toMatchObject({ data: [{ id: done.id, lines: 5, refused: 1 }], next_cursor: null });
});

test("a batch completes when its last document is deleted, and says that it was", async () => {
  const person = await register();
  const batch = await sendUnread(person, lines(1));
  expect(batch).toMatchObject({ status: "running", counts: { pending: 1 }, progress: 0 });
  const { body } = await call("GET", `/api/v1/batches/${batch.id}/items`, { token: person.token });
  const [{ document_id }] = body.data;
  expectStatus(await call("DELETE", `/api/v1/documents/${document_id}`, { token: person.token }), 200);
  expect(await ended(person, batch.id)).toMatchObject({
    status: "completed",
    counts: { deleted: 1 },
    progress: 1,
  });
});

test("stopped, its documents are not read; tried again, they are, and it completes", async () => {
  const person = await register();
  const batch = await sendUnread(person, lines(3));
  const stop = await call("POST", `/api/v1/batches/${batch.id}/cancel`, { token: person.token });
  expect(stop.body).toEqual({ cancelled: 3 });
  expect(await ended(person, batch.id)).toMatchObject({
    status: "cancelled",
    counts: { failed: 3 },
    failures: [{ failure: { code: "cancelled" } }, {}, {}],
  });
  // What the sweeper would find out: the message of the organization's turn is lost.
  await baseCtx().ports.db.execute(sql`delete from kalamna.bulk_turns where org_id = ${person.orgId}`);
  const again = await call("POST", `/api/v1/batches/${batch.id}/requeue`, { token: person.token });
  expectStatus(again, 202);
  expect(again.body).toEqual({ requeued: 3, remaining: 0 });
  expect(await ended(person, batch.id)).toMatchObject({
    status: "completed",
    counts: { ready: 3, failed: 0 },
  });
});

test("a batch whose sender went away is closed after ten minutes, and its key still goes on", async () => {
  const person = await register();
  const key = { "idempotency-key": crypto.randomUUID(), "content-type": "application/x-ndjson" };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode(`${lines(1)}\n`));
      controller.error(new Error("gone"));
    },
  });
  const app = appWith(() => ({}));
  const options = { token: person.token, body, headers: key };
  expectStatus(await app.call("POST", "/api/v1/documents/bulk", options), 400);
  const list = await call("GET", "/api/v1/batches", { token: person.token });
  const [{ id, status }] = list.body.data;
  expect(status).toBe("open");
  const { db } = baseCtx().ports;
  await db.execute(
    sql`update kalamna.batches set touched_at = now() - interval '11 minutes' where id = ${id}`,
  );
  await sweepBatches(baseCtx());
  expect(await ended(person, id)).toMatchObject({ status: "completed", broken_off: true });
  const resumed = await sendLines(person, lines(2), key);
  expect(resumed.body.batch).toMatchObject({ id, broken_off: false, lines: 2 });
  expect((await ended(person, id)).counts.ready).toBe(2);
});

test("keys are forgotten after a week", async () => {
  const person = await register();
  const key = { "idempotency-key": "weekly" };
  const first = await sendLines(person, lines(1), key);
  const upload = (content: string) =>
    call("POST", "/api/v1/documents", { token: person.token, json: { name: "a.md", content }, headers: key });
  expectStatus(await upload("One."), 202);
  const { db } = baseCtx().ports;
  await db.execute(sql`update kalamna.batches set created_at = created_at - interval '8 days',
                              touched_at = touched_at - interval '8 days' where org_id = ${person.orgId}`);
  await db.execute(sql`update kalamna.idempotency_keys set created_at = created_at - interval '8 days'
                        where org_id = ${person.orgId}`);
  await sweepBatches(baseCtx());
  const second = await sendLines(person, lines(1), key);
  expect(second.body.batch.id).not.toBe(first.body.batch.id);
  expectStatus(await upload("Two."), 202);
});

test("a batch sent while it is stopped takes nothing more in", async () => {
  const person = await register();
  const app = unread();
  let stopped = false;
  const encoder = new TextEncoder();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        sent++;
        if (sent === 60 && !stopped) {
          stopped = true;
          const id = await vi.waitUntil(async () => {
            const list = await call("GET", "/api/v1/batches", { token: person.token });
            return list.body.data[0]?.lines > 0 ? list.body.data[0].id : undefined;
          });
          expectStatus(await call("POST", `/api/v1/batches/${id}/cancel`, { token: person.token }), 200);
        }
        if (sent > 240) return controller.close();
        controller.enqueue(
          encoder.encode(`${JSON.stringify({ name: `${sent}.md`, content: `Text ${sent}.` })}\n`),
        );
      },
    },
    { highWaterMark: 0 },
  );
  const options = { token: person.token, body, headers: { "content-type": "application/x-ndjson" } };
  const answer = await app.call("POST", "/api/v1/documents/bulk", options);
  expectStatus(answer, 202);
  expect(told(answer.body.results).at(-1)).toEqual([240, "cancelled"]);
  expect(answer.body.batch).toMatchObject({ status: "cancelled", counts: { pending: 0, ready: 0 } });
});

describe("events", () => {
  test("tell what became of each line, how far it is, and when it is done", async () => {
    const person = await register();
    const { body } = await sendLines(person, `${lines(3)}\nnonsense`);
    const response = await listen(person, body.batch.id);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = parse(await response.text());
    const last = new Map<number, string>();
    for (const { event, data } of events) if (event === "document") last.set(data.line, data.state);
    expect([...last].sort(([a], [b]) => a - b)).toEqual([
      [1, "ready"],
      [2, "ready"],
      [3, "ready"],
      [4, "refused"],
    ]);
    expect(events.some(({ event }) => event === "progress")).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: "done", data: { status: "completed", progress: 1 } });
  });

  test("go on after the last one that a reader has, without a gap and without a repetition", async () => {
    const person = await register();
    const { body } = await sendLines(person, lines(6));
    await ended(person, body.batch.id);
    const all = parse(await (await listen(person, body.batch.id)).text());
    const documents = all.filter(({ event }) => event === "document");
    for (const [at, { id }] of documents.entries()) {
      const rest = parse(await (await listen(person, body.batch.id, id)).text());
      expect(rest.filter(({ event }) => event === "document")).toEqual(documents.slice(at + 1));
      expect(rest.at(-1)?.event).toBe("done");
    }
    expectStatus(
      await call("GET", `/api/v1/batches/${body.batch.id}/events`, {
        token: person.token,
        headers: { "last-event-id": "yesterday" },
      }),
      400,
    );
  });

  test("arrive while the batch is still running, and end with the reader", async () => {
    const person = await register();
    const batch = await sendUnread(person, lines(2));
    const leaving = new AbortController();
    const response = await listen(person, batch.id, undefined, leaving.signal);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (!text.includes("event: progress")) text += new TextDecoder().decode((await reader.read()).value);
    expect(parse(text).filter(({ event }) => event === "document")).toHaveLength(2);
    expectStatus(await call("POST", `/api/v1/batches/${batch.id}/cancel`, { token: person.token }), 200);
    while (!text.includes("event: done")) text += new TextDecoder().decode((await reader.read()).value);
    expect(
      parse(text)
        .filter(({ event }) => event !== "progress")
        .slice(-3),
    ).toMatchObject([
      { event: "document", data: { state: "failed", failure: { code: "cancelled" } } },
      { event: "document", data: { state: "failed" } },
      { event: "done", data: { status: "cancelled" } },
    ]);
    expect((await reader.read()).done).toBe(true);
  });

  test("end with a reason when the batch is deleted", async () => {
    const person = await register();
    const batch = await sendUnread(person, lines(1));
    const reader = (await listen(person, batch.id)).body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("event: progress")) text += (await reader.read()).value;
    expectStatus(await call("DELETE", `/api/v1/batches/${batch.id}`, { token: person.token }), 200);
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value;
    expect(parse(text).at(-1)).toMatchObject({ event: "error", data: { problem: { code: "not_found" } } });
  });

  test("are not looked for any more once their reader has left", async () => {
    const person = await register();
    const batch = await sendUnread(person, lines(1));
    const { db, batches } = before(runtime().ports.db, 0, async () => undefined);
    const app = appWith((real) => ({ ports: { ...real.ports, db } }));
    const follow = async (read: typeof app.fetch) => {
      const response = await read("GET", `/api/v1/batches/${batch.id}/events`, { token: person.token });
      return response.body!.pipeThrough(new TextDecoderStream()).getReader();
    };
    const [leaver, stayer] = [await follow(app.fetch), await follow(appWith(() => ({})).fetch)];
    for (const reader of [leaver, stayer])
      for (let text = ""; !text.includes("event: progress"); ) text += (await reader.read()).value;
    await leaver.cancel();
    const looks = batches();
    expectStatus(await call("POST", `/api/v1/batches/${batch.id}/cancel`, { token: person.token }), 200);
    while (!(await stayer.read()).done);
    expect(batches()).toBe(looks);
  });
});

test("bytes that had failed before are read again, as part of the batch that brought them", async () => {
  const person = await register();
  const first = await sendUnread(person, lines(1));
  await call("POST", `/api/v1/batches/${first.id}/cancel`, { token: person.token });
  await baseCtx().ports.db.execute(sql`delete from kalamna.bulk_turns where org_id = ${person.orgId}`);
  const { body } = await sendLines(person, lines(1));
  expect(told(body.results)).toEqual([[1, "requeued"]]);
  expect(await ended(person, body.batch.id)).toMatchObject({ status: "completed", counts: { ready: 1 } });
});

test("lines cost few round trips: one for each document, and one for every fifty to record them", async () => {
  const person = await register();
  let trips = 0;
  const app = appWith((real) => {
    const db = new Proxy(real.ports.db, {
      get(target, name) {
        if (name === "batch") trips++;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return { ports: { ...real.ports, db, jobs: { ...real.ports.jobs, send: async () => undefined } } };
  });
  const send = async (count: number) => {
    trips = 0;
    const options = {
      token: person.token,
      body: lines(count, `Of ${count}, line`),
      headers: { "content-type": "application/x-ndjson" },
    };
    expectStatus(await app.call("POST", "/api/v1/documents/bulk", options), 202);
    return trips;
  };
  const [few, many] = [await send(20), await send(120)];
  expect((many - few) / 100).toBeLessThan(1.5);
});
