/** The recall meter: what admins and operators are told of how much their questions find. */
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sweepRecall } from "../../src/domain/retrieval/measure-recall.ts";
import { measureRecall } from "../../src/domain/retrieval/recall-sql.ts";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

let person: Person;
let other: Person;
const DAY_MS = 24 * 3_600_000;
/** After everybody's minute of the first night. */
const evening = new Date(`${new Date(Date.now() + DAY_MS).toISOString().slice(0, 10)}T23:00:00Z`);
const at = (now: Date) => ({ ...baseCtx(), now: () => now });
const service = () => ({ ...baseCtx(), actor: { kind: "service", orgId: person.orgId } as const });
const figures = (token = person.token, query = "") =>
  call("GET", `/api/v1/analytics/recall${query}`, { token });

beforeAll(async () => {
  [person, other] = await Promise.all([register("Measured"), register("Elsewhere")]);
  await ready(person, "ferry.txt", "The ferry leaves at dawn.\n\nThe bus leaves at noon.");
  await ready(other, "train.txt", "The train leaves at night.");
  for (const query of ["When does the ferry leave?", "When does the bus leave?"])
    expectStatus(await call("POST", "/api/v1/query/sync", { token: person.token, json: { query } }), 200);
  await vi.waitUntil(async () => {
    const [{ rows }] = await tenantBatch(service(), (db) => [
      db.execute<{ asked: number }>(sql`select count(embedding)::int as asked from kalamna.messages`),
    ]);
    return rows[0]?.asked === 2;
  }, 20_000);
});

/** Sweeps until nobody is due: other tests' organizations share the database, and a sweep takes fifty. */
async function wholeNight(): Promise<number> {
  let all = 0;
  for (let some = -1; some !== 0; all += some) some = (await sweepRecall(at(evening))).recall_measured;
  return all;
}

test("nothing is told before the first night", async () => {
  const answer = await figures();
  expectStatus(answer, 200);
  expect(answer.body).toEqual({ data: [] });
});

test("nobody is measured on their first day", async () => {
  const today = new Date(evening.getTime() - DAY_MS);
  await sweepRecall(at(today));
  expect((await figures()).body).toEqual({ data: [] });
});

test("a night's measure compares what was asked with everything, once a day", async () => {
  expect(await wholeNight()).toBeGreaterThanOrEqual(2);
  const { data } = (await figures()).body;
  expect(data).toEqual([
    expect.objectContaining({
      day: evening.toISOString().slice(0, 10),
      embedding_model: "offline-hash-768",
      questions: 2,
      recall: 1,
      worst: 1,
      routed_ms: expect.any(Number),
      exact_ms: expect.any(Number),
    }),
  ]);
  await wholeNight();
  expect((await figures()).body.data).toHaveLength(1);
});

test("who asked nothing has a row that says so", async () => {
  expect((await figures(other.token)).body.data).toMatchObject([{ questions: 0, recall: null, worst: null }]);
});

test("health says how many organizations were measured and how the lowest fares, to nobody in particular", async () => {
  const { recall } = (await call("GET", "/health/ready")).body;
  expect(recall.organizations).toBeGreaterThanOrEqual(1);
  expect(recall.lowest).toBeLessThanOrEqual(1);
  expect(recall.below_95).toBeLessThanOrEqual(recall.organizations);
  expect(JSON.stringify(recall)).not.toContain(person.orgId);
});

test("no figure is written but by measuring, and people measure nothing", async () => {
  const { orgId } = person;
  for (const statement of [
    sql`update kalamna.recall_days set recall = 1 where org_id = ${orgId}`,
    sql`delete from kalamna.recall_days where org_id = ${orgId}`,
  ])
    await expect(tenantBatch(service(), (db) => [db.execute(statement)])).rejects.toThrow(
      /permission denied/,
    );
  await expect(tenantBatch(ctxFor(person), (db) => [measureRecall(db, evening, 1)])).rejects.toThrow(
    /only deferred work measures/,
  );
});

test("segments break where they did until neighbours and strangers have been told apart", async () => {
  const [{ rows }] = await tenantBatch(service(), (db) => [
    db.execute<{ threshold: number }>(sql`select kalamna.segment_threshold(0.37) as threshold`),
  ]);
  expect(rows).toEqual([{ threshold: 0.37 }]);
});

test("the same as CSV, with a header", async () => {
  const answer = await figures(person.token, "?format=csv");
  expectStatus(answer, 200);
  expect(answer.headers.get("content-type")).toMatch("text/csv");
  const [header, row] = String(answer.text).split("\r\n");
  expect(header).toMatch(/^day,embedding_model,questions,recall,/);
  expect(row).toMatch(/^\d{4}-\d\d-\d\d,offline-hash-768,2,1,1,/);
});

test("members are not told, and another organization's days are not shown", async () => {
  for (const role of ["member", "viewer"] as const)
    expectStatus(await figures((await colleague(person, role)).token), 403);
  const [{ rows }] = await tenantBatch(service(), (db) => [
    db.execute<{ org_id: string }>(sql`select distinct org_id from kalamna.recall_days`),
  ]);
  expect(rows).toEqual([{ org_id: person.orgId }]);
});

test("software that may read figures is told, other software is not", async () => {
  const [analyst, searcher] = [await apiKey(person, ["analytics:read"]), await apiKey(person, ["search"])];
  const answer = await figures(analyst.key);
  expectStatus(answer, 200);
  expect(answer.body).toEqual((await figures()).body);
  expectStatus(await figures(searcher.key), 403);
});

describe("whoever cannot be measured", () => {
  /** Long after everybody's minute of the night, and long before midnight. */
  const tomorrow = new Date(evening.getTime() + 21 * 3_600_000);
  const { db } = baseCtx().ports;
  let people: Person[];
  let hopeless: Person;
  beforeAll(async () => {
    people = (await Promise.all([register(), register(), register()])).toSorted((a, b) =>
      a.orgId.localeCompare(b.orgId),
    );
    for (const one of people) await ready(one, "a.txt", "The ferry leaves at dawn.");
    hopeless = people[0]!;
    await db.execute(
      sql.raw(
        `alter table kalamna.recall_days add constraint hopeless check (org_id <> '${hopeless.orgId}')`,
      ),
    );
  });
  afterAll(() => db.execute(sql`alter table kalamna.recall_days drop constraint if exists hopeless`));

  /** Sweeps until nobody is due, and says how many could not be measured. */
  const night = async (now: Date) => {
    let failed = 0;
    for (let some = -1; some !== 0; ) {
      const swept = await sweepRecall(at(now));
      some = swept.recall_measured + swept.recall_failed;
      failed += swept.recall_failed;
    }
    return failed;
  };
  const measured = () =>
    Promise.all(people.map(async ({ token }) => (await figures(token)).body.data.length as number));

  test("holds up nobody else, and is tried again an hour later", async () => {
    expect(await night(tomorrow)).toBe(1);
    expect(await measured()).toEqual([0, 1, 1]);
    await db.execute(sql`alter table kalamna.recall_days drop constraint hopeless`);
    await night(new Date(tomorrow.getTime() + 30 * 60_000));
    expect(await measured()).toEqual([0, 1, 1]);
    await night(new Date(tomorrow.getTime() + 61 * 60_000));
    expect(await measured()).toEqual([1, 1, 1]);
  });
});
