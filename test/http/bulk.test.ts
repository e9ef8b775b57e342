/** Many documents in one request, line by line. */
import { describe, expect, test } from "vitest";
import { call, expectStatus, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { ended, jsonl, sendLines, streamLines, told } from "../support/batches.ts";
import { apiKey } from "../support/credentials.ts";
import { colleague } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";
import { html, newSite } from "../support/sites.ts";

const text = (name: string, content: string, more: object = {}) => ({ name, content, ...more });

test("good lines come in beside bad ones, and each says what became of it", async () => {
  const person = await register();
  const answer = await sendLines(
    person,
    jsonl(
      text("one.md", "Ferries leave at nine.", { metadata: { line: "north" }, external_id: "f-1" }),
      "{ not json",
      { name: "two.md", content_base64: btoa("Ferries return at six."), access_level: "external" },
      "",
      { name: "three.md" },
      { name: "four.md", content: "x", content_base64: "eA==" },
      { content: "nameless" },
      text("five.md", "Grouped.", { groups: [crypto.randomUUID()] }),
      { name: "six.bin", content_base64: "AAECAwQ=" },
      { name: "seven.md", content_base64: "***" },
      text("eight.md", ""),
      [1, 2],
      "null",
      text("nine.md", "x", { metadata: { deep: { er: 1 } } }),
      `{"name":"ten.md","content":${"[".repeat(100)}${"]".repeat(100)}}`,
      { url: "ftp://example.com/x" },
    ),
  );
  expectStatus(answer, 202);
  const { batch, results } = answer.body;
  expect(answer.headers.get("location")).toBe(`/api/v1/batches/${batch.id}`);
  expect(told(results)).toEqual([
    [1, "created"],
    [2, "malformed_json"],
    [3, "created"],
    [5, "invalid_request"],
    [6, "invalid_request"],
    [7, "invalid_request"],
    [8, "invalid_request"],
    [9, "unsupported_type"],
    [10, "invalid_request"],
    [11, "empty_document"],
    [12, "invalid_request"],
    [13, "invalid_request"],
    [14, "invalid_request"],
    [15, "invalid_request"],
    [16, "invalid_request"],
  ]);
  const done = await ended(person, batch.id);
  expect(done).toMatchObject({
    status: "completed",
    broken_off: false,
    lines: 15,
    progress: 1,
    counts: { ready: 2, refused: 13, failed: 0, pending: 0, deleted: 0 },
    outcomes: { created: 2, refused: 13 },
  });
  expect(done.failures.map(({ line }: any) => line)).toEqual([2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  const { body } = await call("GET", `/api/v1/documents/${results[0].document_id}`, { token: person.token });
  expect(body.document).toMatchObject({
    name: "one.md",
    external_id: "f-1",
    metadata: { line: "north" },
    lane: "ingest-bulk",
    batch_id: batch.id,
  });
});

test("line ends of Windows, a byte order mark and a last line without an end are no matter", async () => {
  const person = await register();
  const lines = [text("a.md", "One."), text("b.md", "Two."), text("c.md", "Three.")];
  const body = `\ufeff${lines.map((line) => JSON.stringify(line)).join("\r\n")}`;
  expect(told((await sendLines(person, body)).body.results)).toEqual([
    [1, "created"],
    [2, "created"],
    [3, "created"],
  ]);
});

test("a line that is not UTF-8 and one that is too long are refused, and those around them are not", async () => {
  const person = await register();
  const good = (name: string) => `${JSON.stringify(text(name, `The text of ${name}.`))}\n`;
  const body = new Blob([
    good("a.md"),
    Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a),
    JSON.stringify(text("long.md", "x".repeat(14 * 1024 * 1024))),
    "\n",
    JSON.stringify(text("large.md", "y".repeat(11 * 1024 * 1024))),
    "\n",
    good("b.md"),
  ]);
  const answer = await sendLines(person, body);
  expect(told(answer.body.results)).toEqual([
    [1, "created"],
    [2, "malformed_json"],
    [3, "too_large"],
    [4, "too_large"],
    [5, "created"],
  ]);
});

test("2,000 lines stream through: results come while lines are still sent, and few lines are held at a time", async () => {
  const person = await register();
  const LINES = 2_000;
  let sent = 0;
  let answered = 0;
  let ahead = 0;
  // In its own right, so that both ends of the stream can be watched.
  const app = appWith((real) => ({ ports: { ...real.ports, jobs: { send: async () => undefined } } }));
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent === LINES) return controller.close();
        sent++;
        // Refused lines cost no storage: what is measured is what is held.
        controller.enqueue(
          encoder.encode(`${JSON.stringify({ name: `${sent}.md`, filler: "z".repeat(2_000) })}\n`),
        );
        ahead = Math.max(ahead, sent - answered);
      },
    },
    { highWaterMark: 0 },
  );
  const response = await app.fetch("POST", "/api/v1/documents/bulk", {
    token: person.token,
    body,
    headers: { "content-type": "application/x-ndjson", accept: "application/x-ndjson" },
  });
  const decoder = new TextDecoder();
  let rest = "";
  let last: any;
  for await (const piece of response.body as ReadableStream<Uint8Array>) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    answered += lines.length;
    last = JSON.parse(lines.at(-1) ?? "null") ?? last;
  }
  expect(last.batch).toMatchObject({ lines: LINES, refused: LINES });
  expect(answered).toBe(LINES + 1);
  expect(ahead).toBeLessThan(200);
});

test("the same bytes twice are one document, the same external id twice is its next version, in the order of the lines", async () => {
  const person = await register();
  const answer = await sendLines(
    person,
    jsonl(
      text("a.md", "Twice."),
      text("b.md", "Twice."),
      text("c.md", "First of seven.", { external_id: "seven" }),
      text("d.md", "Second of seven.", { external_id: "seven" }),
      text("e.md", "Third of seven.", { external_id: "seven" }),
    ),
  );
  const { batch, results } = answer.body;
  expect(told(results)).toEqual([
    [1, "created"],
    [2, "duplicate"],
    [3, "created"],
    [4, "replaced"],
    [5, "replaced"],
  ]);
  expect(results[1].document_id).toBe(results[0].document_id);
  await ended(person, batch.id);
  const chunks = await call("GET", `/api/v1/documents/${results[4].document_id}/chunks`, {
    token: person.token,
  });
  expect(chunks.body.data.map(({ content }: any) => content)).toEqual(["Third of seven."]);
});

test("what the request says holds for lines that say nothing else", async () => {
  const person = await register();
  const query = "?access_level=external";
  const { body } = await sendLines(
    person,
    jsonl(text("a.md", "Open."), text("b.md", "Closed.", { access_level: "internal" })),
    {},
    query,
  );
  const levels = await Promise.all(
    body.results.map(
      async ({ document_id }: any) =>
        (await call("GET", `/api/v1/documents/${document_id}`, { token: person.token })).body.document
          .access_level,
    ),
  );
  expect(levels).toEqual(["external", "internal"]);
  expectStatus(await sendLines(person, "", {}, "?access_level=secret"), 400);
  expectStatus(await sendLines(person, "", {}, "?external_id=path"), 400);
});

test("a full organization takes in what fits and refuses the rest, each line with the reason", async () => {
  const person = await register();
  await setQuota(person, { documents: 2 });
  const lines = Array.from({ length: 9 }, (_, at) => text(`${at}.md`, `Text number ${at}.`));
  const { body } = await sendLines(person, jsonl(...lines));
  const outcomes = told(body.results).map(([, outcome]) => outcome);
  expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(2);
  expect(outcomes.filter((outcome) => outcome === "quota_full")).toHaveLength(7);
});

test("an address in a line is fetched later; its line then has the document, or the reason why there is none", async () => {
  const person = await register();
  const site = await newSite({
    "/ferry": html("The ferry", "The ferry to Skarn leaves at a quarter past seven."),
  });
  const { body } = await sendLines(
    person,
    jsonl(
      { url: `${site.origin}/ferry`, metadata: { team: "travel" } },
      { url: `${site.origin}/nothing`, external_id: "n-1" },
      text("a.md", "Beside them."),
    ),
  );
  expect(told(body.results)).toEqual([
    [1, "created"],
    [2, "created"],
    [3, "created"],
  ]);
  const done = await ended(person, body.batch.id);
  expect(done).toMatchObject({ status: "completed", counts: { ready: 2, failed: 1, pending: 0 } });
  expect(done.failures).toMatchObject([{ line: 2, state: "failed", external_id: "n-1" }]);
  const items = await call("GET", `/api/v1/batches/${done.id}/items?state=ready`, { token: person.token });
  expect(items.body.data.map(({ line }: any) => line)).toEqual([1, 3]);
  const fetched = await call("GET", `/api/v1/documents/${items.body.data[0].document_id}`, {
    token: person.token,
  });
  expect(fetched.body.document).toMatchObject({ batch_id: done.id, metadata: { team: "travel" } });
});

test("lines have no path that could be their id", async () => {
  const answer = await sendLines(
    await register(),
    jsonl({ name: "a.txt", content: "A." }),
    {},
    "?external_id=path",
  );
  expectStatus(answer, 400);
  expect(answer.body.detail).toContain("only the files of a zip have a path");
});

describe("sent again with its key", () => {
  const key = () => ({ "idempotency-key": crypto.randomUUID() });
  const LINES = ["One.", "Two.", "Three."].map((content, at) => text(`${at}.md`, content));

  test("a batch is the same batch, and nothing is done twice", async () => {
    const person = await register();
    const again = key();
    const first = await sendLines(person, jsonl(...LINES), again);
    const done = await ended(person, first.body.batch.id);
    const second = await sendLines(person, jsonl(...LINES), again);
    expectStatus(second, 202);
    expect(second.body.results).toEqual(first.body.results);
    expect(second.body.batch).toEqual(done);
  });

  test("a batch that broke off goes on where it was, and tries again what may have passed", async () => {
    const person = await register();
    await setQuota(person, { documents: 1 });
    const again = key();
    const broken = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new TextEncoder().encode(`${jsonl(LINES[0], LINES[1])}\n{"name":`));
        controller.error(new Error("the cable is out"));
      },
    });
    const app = appWith(() => ({}));
    const first = await app.call("POST", "/api/v1/documents/bulk", {
      token: person.token,
      body: broken,
      headers: { "content-type": "application/x-ndjson", ...again },
    });
    expectStatus(first, 400);
    expect(first.body.code).toBe("cut_off");
    await setQuota(person, {});
    const second = await sendLines(person, jsonl(...LINES), again);
    expect(told(second.body.results).map(([, outcome]) => outcome)).not.toContain("quota_full");
    const done = await ended(person, second.body.batch.id);
    expect(done).toMatchObject({ lines: 3, refused: 0, counts: { ready: 3 } });
    const list = await call("GET", "/api/v1/batches", { token: person.token });
    expect(list.body.data.map(({ id }: any) => id)).toEqual([done.id]);
    const documents = await call("GET", "/api/v1/documents", { token: person.token });
    expect(documents.body.data).toHaveLength(3);
  });

  test("a batch whose reader left keeps what was done, and goes on where it was", async () => {
    const person = await register();
    const send = async () => undefined;
    const app = appWith(({ ports }) => ({ ports: { ...ports, jobs: { ...ports.jobs, send } } }));
    const lines = Array.from({ length: 80 }, (_, at) => text(`${at}.md`, `Buoy number ${at} is green.`));
    const type = "application/x-ndjson";
    const options = {
      token: person.token,
      body: jsonl(...lines),
      headers: { "content-type": type, accept: type, ...key() },
    };
    const response = await app.fetch("POST", "/api/v1/documents/bulk", options);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    const path = response.headers.get("location") ?? "";
    const batch = async () => (await call("GET", path, { token: person.token })).body.batch;
    const left = await batch();
    expect(left.status).toBe("open");
    expect(left.lines).toBeGreaterThan(0);
    expect(left.lines).toBeLessThan(80);
    const again = await app.call("POST", "/api/v1/documents/bulk", options);
    expect(again.text.trimEnd().split("\n")).toHaveLength(81);
    expect(await batch()).toMatchObject({ id: left.id, lines: 80, outcomes: { created: 80 } });
  });

  test("another line under the same number is a conflict, and so is another kind of body", async () => {
    const person = await register();
    const again = key();
    await sendLines(person, jsonl(...LINES), again);
    const other = await sendLines(person, jsonl(LINES[0], text("x.md", "Another.")), again);
    expectStatus(other, 409);
    expect(other.body).toMatchObject({ code: "idempotency_conflict", line: 2 });
    expectStatus(await sendLines(person, "PK", { ...again, "content-type": "application/zip" }), 409);
    expectStatus(await sendLines(person, jsonl(...LINES), { "idempotency-key": "two words" }), 400);
    const streamed = await streamLines(person, jsonl(text("x.md", "Another.")), again);
    expect(streamed.at(-1)).toMatchObject({ problem: { code: "idempotency_conflict" } });
  });

  test("another caller's batch is another batch", async () => {
    const person = await register();
    const member = await colleague(person, "member");
    const again = key();
    const first = await sendLines(person, jsonl(...LINES), again);
    const second = await sendLines(member, jsonl(...LINES), again);
    expect(second.body.batch.id).not.toBe(first.body.batch.id);
  });

  test("a single document is the same document; other bytes with its key are a conflict", async () => {
    const person = await register();
    const again = key();
    const put = (content: string) =>
      call("POST", "/api/v1/documents", {
        token: person.token,
        json: text("a.md", content, { external_id: "a" }),
        headers: again,
      });
    const first = await put("Once.");
    expectStatus(first, 202);
    await call("POST", "/api/v1/documents", {
      token: person.token,
      json: text("a.md", "Meanwhile.", { external_id: "a" }),
    });
    const second = await put("Once.");
    expectStatus(second, 200);
    // The document has changed since; what was sent late does not undo it.
    expect(second.body.document).toMatchObject({ id: first.body.document.id, version: 2 });
    const third = await put("Otherwise.");
    expectStatus(third, 409);
    expect(third.body.code).toBe("idempotency_conflict");
  });
});

describe("who may", () => {
  test("viewers may not send a batch, keys need the scope, and a key cannot put a document above its access", async () => {
    const person = await register();
    const line = jsonl(text("a.md", "A text."));
    expectStatus(await sendLines(await colleague(person, "viewer"), line), 403);
    const reader = await apiKey(person, ["documents:read"]);
    expectStatus(await sendLines({ token: reader.key }, line), 403);
    const writer = await apiKey(person, ["documents:read", "documents:write"], { access: "external" });
    const { body } = await sendLines(
      { token: writer.key },
      jsonl(text("a.md", "For all."), text("b.md", "For us.", { access_level: "internal" })),
    );
    expect(told(body.results)).toEqual([
      [1, "created"],
      [2, "forbidden"],
    ]);
    expect(body.batch.created_by).toBeNull();
  });

  test("a type that we do not read is refused with those that we do", async () => {
    const person = await register();
    const answer = await sendLines(person, "[]", { "content-type": "application/json" });
    expectStatus(answer, 415);
    expect(answer.body.supported).toContain("application/zip");
  });
});
