/** Many documents in one request, line by line. */
import { expect, test, vi } from "vitest";
import { call, expectStatus, type Person, register } from "../support/api.ts";

const NDJSON = { "content-type": "application/x-ndjson" };

const jsonl = (...lines: (object | string)[]) =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");

const send = (
  person: Pick<Person, "token">,
  body: BodyInit,
  headers: Record<string, string> = {},
  query = "",
) =>
  call("POST", `/api/v1/documents/bulk${query}`, {
    token: person.token,
    body,
    headers: { ...NDJSON, ...headers },
  });

/** Waits until every document of the batch has ended. */
const ended = (person: Pick<Person, "token">, id: string): Promise<any> =>
  vi.waitUntil(
    async () => {
      const { body } = await call("GET", `/api/v1/batches/${id}`, { token: person.token });
      return ["completed", "cancelled"].includes(body.batch?.status) ? body.batch : undefined;
    },
    { timeout: 25_000, interval: 100 },
  );

test("good lines come in beside bad ones, and each says what became of it", async () => {
  const person = await register();
  const answer = await send(
    person,
    jsonl(
      { name: "one.md", content: "Ferries leave at nine.", metadata: { line: "north" }, external_id: "f-1" },
      "{ not json",
      { name: "two.md", content_base64: btoa("Ferries return at six."), access_level: "external" },
      "",
      { name: "three.md" },
      { name: "four.md", content: "x", content_base64: "eA==" },
      { content: "nameless" },
      { name: "five.md", content: "Grouped.", groups: [crypto.randomUUID()] },
      { name: "six.bin", content_base64: "AAECAwQ=" },
      { name: "seven.md", content_base64: "***" },
      { name: "eight.md", content: "" },
      [1, 2],
      "null",
    ),
  );
  expectStatus(answer, 202);
  const { batch, results } = answer.body;
  expect(answer.headers.get("location")).toBe(`/api/v1/batches/${batch.id}`);
  const told = results.map((result: any) => [
    result.line,
    result.outcome === "refused" ? result.failure.code : result.outcome,
  ]);
  expect(told).toEqual([
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
  ]);
  const done = await ended(person, batch.id);
  expect(done).toMatchObject({
    status: "completed",
    broken_off: false,
    lines: 12,
    progress: 1,
    counts: { ready: 2, refused: 10, failed: 0, pending: 0, deleted: 0 },
    outcomes: { created: 2, refused: 10 },
  });
  expect(done.failures.map(({ line }: any) => line)).toEqual([2, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  const { body } = await call("GET", `/api/v1/documents/${results[0].document_id}`, { token: person.token });
  expect(body.document).toMatchObject({
    name: "one.md",
    external_id: "f-1",
    metadata: { line: "north" },
    lane: "ingest-bulk",
    batch_id: batch.id,
  });
});
