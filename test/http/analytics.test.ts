/** An organization's figures of its own ingestion. */
import { beforeEach, expect, test } from "vitest";
import { call, expectStatus, finished, type Person, ready, register, uploadText } from "../support/api.ts";
import { colleague } from "../support/people.ts";

let person: Person;
beforeEach(async () => {
  person = await register();
});

const figures = async (token = person.token) => {
  const answer = await call("GET", "/api/v1/analytics/ingestion", { token });
  expectStatus(answer, 200);
  return answer.body;
};

test("an organization that has nothing is told zeros, lane by lane", async () => {
  const empty = { unfinished: 0, working: 0, waiting: 0, oldest_seconds: 0, overdue: 0 };
  expect(await figures()).toEqual({
    lanes: { ingest: empty, "ingest-bulk": empty },
    failures: [],
    published: [],
    steps: {},
    waiting: {},
    total: {},
  });
});

test("what became ready is counted by the hour, with how long it waited and each step took", async () => {
  await ready(person, "a.txt", "The ferry leaves at dawn.");
  await ready(person, "b.txt", "The bus leaves at noon.");
  const { published, steps, waiting, total } = await figures();
  expect(published.reduce((sum: number, hour: { documents: number }) => sum + hour.documents, 0)).toBe(2);
  expect(published[0].hour).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);
  expect(Object.keys(steps)).toEqual(expect.arrayContaining(["extract", "embed"]));
  expect(steps.extract).toMatchObject({
    documents: 2,
    p50_ms: expect.any(Number),
    p95_ms: expect.any(Number),
  });
  expect(total.ingest.p95_ms).toBeGreaterThanOrEqual(waiting.ingest.p50_ms);
  expect(total.ingest.documents).toBe(2);
  expect(waiting["ingest-bulk"]).toBeUndefined();
});

test("failures are counted by reason, and no longer once they are repaired", async () => {
  const id = await uploadText(person, "blank.txt", " \n ");
  await finished(person, id);
  expect((await figures()).failures).toEqual([{ code: "empty_document", total: 1, last_24_hours: 1 }]);
  await call("DELETE", `/api/v1/documents/${id}`, { token: person.token });
  expect((await figures()).failures).toEqual([]);
});

test("nobody else's documents are counted, and members are not told", async () => {
  await ready(person, "a.txt", "The ferry leaves at dawn.");
  const other = await register();
  expect((await figures(other.token)).published).toEqual([]);
  for (const role of ["member", "viewer"] as const) {
    const { token } = await colleague(person, role);
    expectStatus(await call("GET", "/api/v1/analytics/ingestion", { token }), 403);
  }
});
