/** The bulk lane: organizations alternate, and no turn is lost or taken twice. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ports } from "../../src/context.ts";
import { AppError } from "../../src/errors.ts";
import { accountBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import type { Job } from "../../src/infra/jobs/port.ts";
import { consume } from "../../src/queue/consume.ts";
import { sweep } from "../../src/queue/sweep.ts";
import { call, expectStatus, type Person, register, runtime } from "../support/api.ts";
import { appWith, type TestApp } from "../support/app.ts";
import { baseCtx, colleague } from "../support/people.ts";

type Sent = { job: Job; delay: number };

let first: Person;
let second: Person;
beforeEach(async () => {
  [first, second] = await Promise.all([register("First"), register("Second")]);
});

/** A Worker whose bulk lane is an array, with one piece of work a turn. */
function lane(parts: Partial<Ports> = {}, slots = 1, together = 1) {
  const queue: Sent[] = [];
  const jobs: Ports["jobs"] = {
    send: async (_lane, more, delay = 0) => void queue.push(...more.map((job) => ({ job, delay }))),
  };
  const app = appWith((real) => ({
    ports: { ...real.ports, jobs, pace: { slots, together, sliceMs: 0, started: new Map() }, ...parts },
  }));
  return { queue, app };
}

async function bulk(app: TestApp, person: Person, content: string): Promise<string> {
  const answer = await app.call("POST", "/api/v1/documents", {
    token: person.token,
    json: { name: `${crypto.randomUUID()}.txt`, content, lane: "ingest-bulk" },
  });
  expectStatus(answer, 202);
  return answer.body.document.id;
}

async function deliver(app: TestApp, job: Job | undefined, parts: Partial<Ports> = {}) {
  const batch = createMessageBatch("kalamna-ingest-bulk", [
    { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: job },
  ]);
  const execution = createExecutionContext();
  const over = { ...app.runtime, ports: { ...app.runtime.ports, ...parts } };
  await consume(batch, over, (work) => execution.waitUntil(work));
  const { explicitAcks, retryMessages } = await getQueueResult(batch, execution);
  return { acked: explicitAcks.length, retried: retryMessages.length };
}

/** Delivers what is due, in order, for at most `turns` turns; whose turns they were. */
async function run({ queue, app }: ReturnType<typeof lane>, turns = 50): Promise<string[]> {
  const order: string[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const at = queue.findIndex(({ delay }) => delay === 0);
    if (at < 0) break;
    const [next] = queue.splice(at, 1);
    order.push(next!.job.org_id === first.orgId ? "first" : "second");
    await deliver(app, next!.job);
  }
  return order;
}

const document = async (person: Person, id: string) => {
  const answer = await call("GET", `/api/v1/documents/${id}`, { token: person.token });
  expectStatus(answer, 200);
  return answer.body.document;
};
const statuses = (person: Person, ids: string[]) =>
  Promise.all(ids.map(async (id) => (await document(person, id)).status as string));
const inOrg = (person: Person, statement: ReturnType<typeof sql>) =>
  tenantBatch({ ...baseCtx(), actor: { kind: "service", orgId: person.orgId } }, (db) => [
    db.execute<{ n: number }>(statement),
  ]);
const turnsOf = async (person: Person) => {
  const [{ rows }] = await inOrg(person, sql`select count(*)::int as n from kalamna.bulk_turns`);
  return rows[0]!.n;
};
const minutesPass = (person: Person) =>
  inOrg(
    person,
    sql`with t as (update kalamna.bulk_turns set lease_until = lease_until - interval '1 hour', wakes_at = wakes_at - interval '1 hour')
        update kalamna.documents set run_after = run_after - interval '1 hour', lease_until = lease_until - interval '1 hour'`,
  );
const texts = (count: number, word: string) =>
  Array.from({ length: count }, (_, n) => `${word} number ${n}.`);
const notNow = () => undefined;

test("two organizations alternate, however many documents one of them has brought before", async () => {
  const rig = lane();
  const many: string[] = [];
  for (const text of texts(6, "Many")) many.push(await bulk(rig.app, first, text));
  const few = [await bulk(rig.app, second, "Few."), await bulk(rig.app, second, "And fewer.")];
  expect(rig.queue).toHaveLength(2);
  expect(await run(rig, 4)).toEqual(["first", "second", "first", "second"]);
  expect(await statuses(second, few)).toEqual(["ready", "ready"]);
  expect((await statuses(first, many)).filter((status) => status === "ready")).toHaveLength(2);
  await run(rig);
  expect(await statuses(first, many)).toEqual(Array(6).fill("ready"));
  expect([await turnsOf(first), await turnsOf(second), rig.queue.length]).toEqual([0, 0, 0]);
});

test("the oldest document goes first, and what has begun goes before it", async () => {
  const rig = lane();
  const ids: string[] = [];
  for (const text of texts(3, "Poison")) ids.push(await bulk(rig.app, first, text));
  await run(rig, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "pending", "pending"]);
  const half = lane({ embedders: unavailable() });
  half.queue.push(...rig.queue.splice(0));
  await run(half, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "embedding", "pending"]);
  await minutesPass(first);
  rig.queue.push(...half.queue);
  await run(rig, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "ready", "pending"]);
});

test("small documents are read together, and no more of them than may be", async () => {
  const rig = lane({}, 1, 3);
  const ids: string[] = [];
  for (const text of texts(4, "Leaflet")) ids.push(await bulk(rig.app, first, text));
  await run(rig, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "ready", "ready", "pending"]);
});

test("a large document is read beside small ones, and never beside another large one", async () => {
  const rig = lane({}, 1, 4);
  const large = (word: string) => `${word} ferries leave the northern harbour.\n\n`.repeat(15_000);
  const ids: string[] = [];
  for (const text of [large("Old"), "A leaflet.", large("New"), "Another leaflet."])
    ids.push(await bulk(rig.app, first, text));
  await run(rig, 1);
  expect((await statuses(first, ids)).map((status) => status === "pending")).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test("what was tried before is read alone, in case it is what ended the Worker", async () => {
  const rig = lane({}, 1, 3);
  const ids: string[] = [];
  for (const text of texts(3, "Leaflet")) ids.push(await bulk(rig.app, first, text));
  await inOrg(first, sql`update kalamna.documents set attempt = 1 where id = ${ids[0]}`);
  await run(rig, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "pending", "pending"]);
  await run(rig, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "ready", "ready"]);
});

test("a document that cannot be read does not keep those read with it from being ready", async () => {
  const rig = lane({}, 1, 3);
  const ids: string[] = [];
  for (const text of ["A leaflet.", "…", "Another leaflet."]) ids.push(await bulk(rig.app, first, text));
  await run(rig, 1);
  expect(await statuses(first, ids)).toEqual(["ready", "failed", "ready"]);
});

test("an organization has no more turns under way than it may, and as many when there is work", async () => {
  const rig = lane({}, 3);
  await Promise.all(texts(7, "Busy").map((text) => bulk(rig.app, first, text)));
  await rig.app.settled();
  expect(rig.queue).toHaveLength(3);
  while (rig.queue.length > 0) {
    await deliver(rig.app, rig.queue.shift()!.job);
    expect(rig.queue.length).toBeLessThanOrEqual(3);
  }
  const list = await call("GET", "/api/v1/documents?status=ready", { token: first.token });
  expect(list.body.data).toHaveLength(7);
});

test("a member and a key may start turns", async () => {
  const rig = lane();
  const member = await colleague(first, "member");
  const id = await bulk(rig.app, member, "From a member.");
  await run(rig);
  expect(await statuses(first, [id])).toEqual(["ready"]);
  const key = await call("POST", "/api/v1/api-keys", {
    token: first.token,
    json: { name: "ingest", scopes: ["documents:read", "documents:write"], access: "internal" },
  });
  expectStatus(key, 201);
  const keyed = lane();
  const other = await bulk(keyed.app, { ...first, token: key.body.key }, "From a key.");
  await run(keyed);
  expect(await statuses(first, [other])).toEqual(["ready"]);
});

describe("a turn", () => {
  test("delivered twice, at once or later, is taken once", async () => {
    const rig = lane();
    const ids: string[] = [];
    for (const text of texts(3, "Twice")) ids.push(await bulk(rig.app, first, text));
    const { job } = rig.queue.shift()!;
    await Promise.all([deliver(rig.app, job), deliver(rig.app, job)]);
    await deliver(rig.app, job);
    expect(rig.queue).toHaveLength(1);
    expect((await statuses(first, ids)).filter((status) => status === "ready")).toHaveLength(1);
    await run(rig);
    for (const id of ids) expect(await document(first, id)).toMatchObject({ status: "ready", attempt: 1 });
  });

  test("that is lost is sent again by the sweeper, and the lost one does nothing when it turns up", async () => {
    const rig = lane();
    const ids = [await bulk(rig.app, first, "Lost."), await bulk(rig.app, first, "And found.")];
    const lost = rig.queue.shift()!;
    await sweep(rig.app.runtime, notNow);
    expect(rig.queue.filter(({ job }) => job.org_id === first.orgId)).toEqual([]);
    await minutesPass(first);
    await sweep(rig.app.runtime, notNow);
    await sweep(rig.app.runtime, notNow);
    const again = rig.queue.filter(({ job }) => job.org_id === first.orgId);
    expect(again).toHaveLength(1);
    rig.queue.splice(0, rig.queue.length, ...again, lost);
    await run(rig);
    expect(await statuses(first, ids)).toEqual(["ready", "ready"]);
    for (const id of ids) expect((await document(first, id)).attempt).toBe(1);
  });

  test("that dies with its document in hand leaves both to the sweeper", async () => {
    const rig = lane();
    const id = await bulk(rig.app, first, "In hand.");
    const hung = deliver(rig.app, rig.queue.shift()!.job, {
      files: { ...runtime().ports.files, open: () => new Promise(() => undefined) },
    });
    hung.catch(() => undefined);
    await expect.poll(async () => (await document(first, id)).status).toBe("extracting");
    await minutesPass(first);
    await sweep(rig.app.runtime, notNow);
    await run(rig);
    expect(await document(first, id)).toMatchObject({ status: "ready", attempt: 2 });
  });

  test("goes on when a document arrives while it is about to rest", async () => {
    const rig = lane();
    const ids = [await bulk(rig.app, first, "There.")];
    await run(rig, 1);
    let late: Promise<string> | undefined;
    const db = new Proxy(rig.app.runtime.ports.db, {
      get(target, name, receiver) {
        const value = Reflect.get(target, name, receiver);
        if (name !== "batch") return value;
        return async (...args: unknown[]) => {
          const result = await (value as (...all: unknown[]) => Promise<unknown>).apply(target, args);
          // After the turn has found nothing to take, before it rests.
          late ??= bulk(lane().app, first, "Late.");
          await late;
          return result;
        };
      },
    });
    await deliver(rig.app, rig.queue.shift()!.job, { db });
    expect(rig.queue).toHaveLength(1);
    ids.push(await late!);
    await run(rig);
    expect(await statuses(first, ids)).toEqual(["ready", "ready"]);
    expect(await turnsOf(first)).toBe(0);
  });

  test("that has rested starts again with the next document", async () => {
    const rig = lane();
    await bulk(rig.app, first, "One.");
    await run(rig);
    expect([rig.queue.length, await turnsOf(first)]).toEqual([0, 0]);
    rig.app.runtime.ports.pace.started.clear();
    const id = await bulk(rig.app, first, "Another.");
    await run(rig);
    expect(await statuses(first, [id])).toEqual(["ready"]);
  });

  test("of a suspended organization stops, and is started again when it is back", async () => {
    const rig = lane();
    const id = await bulk(rig.app, first, "Patience.");
    const status = (value: string) =>
      accountBatch(baseCtx(), (db) => [
        db.execute(sql`update kalamna.organizations set status = ${value} where id = ${first.orgId}`),
      ]);
    await status("suspended");
    const { job } = rig.queue.shift()!;
    expect(await deliver(rig.app, job)).toEqual({ acked: 1, retried: 0 });
    expect(rig.queue).toEqual([]);
    await sweep(rig.app.runtime, notNow);
    expect(rig.queue.filter((sent) => sent.job.org_id === first.orgId)).toEqual([]);
    await status("active");
    await minutesPass(first);
    await sweep(rig.app.runtime, notNow);
    rig.queue.splice(0, rig.queue.length, ...rig.queue.filter((sent) => sent.job.org_id === first.orgId));
    await run(rig);
    expect(await statuses(first, [id])).toEqual(["ready"]);
  });

  test("that finds the database away comes back", async () => {
    const rig = lane();
    await bulk(rig.app, first, "Soon.");
    const away = new Proxy(rig.app.runtime.ports.db, {
      get: (target, name, receiver) =>
        name === "batch"
          ? () => Promise.reject(new AppError("database_unavailable"))
          : Reflect.get(target, name, receiver),
    });
    expect(await deliver(rig.app, rig.queue[0]!.job, { db: away })).toEqual({ acked: 0, retried: 1 });
  });

  test("never names another organization's slot", async () => {
    const rig = lane();
    const id = await bulk(rig.app, first, "Mine.");
    const { job } = rig.queue[0]!;
    await deliver(rig.app, { ...job, org_id: second.orgId } as Job);
    expect(await statuses(first, [id])).toEqual(["pending"]);
    expect(await turnsOf(second)).toBe(0);
  });
});

const unavailable = (): Ports["embedders"] =>
  offer({
    ...runtime().ports.embedders.default,
    embed: (all, signal) =>
      all.some((text) => text.includes("Poison"))
        ? Promise.reject(new AppError("embedder_unavailable", { retryAfter: 45 }))
        : runtime().ports.embedders.default.embed(all, signal),
  });
const poisonous = unavailable;

describe("a document that fails in a turn", () => {
  test("for a moment does not hold the others up, says why, and is tried again later", async () => {
    const rig = lane({ embedders: poisonous() });
    const poison = await bulk(rig.app, first, "Poison.");
    const good = await bulk(rig.app, first, "Good.");
    await run(rig);
    expect(await document(first, good)).toMatchObject({ status: "ready" });
    expect(await document(first, poison)).toMatchObject({
      status: "embedding",
      failure: { code: "embedder_unavailable", retryable: true },
    });
    // The slot sleeps until the document is due: as long as the provider asked for.
    expect(rig.queue).toHaveLength(1);
    expect(rig.queue[0]!.delay).toBeGreaterThanOrEqual(40);
    const asleep = rig.queue.shift()!;
    // Somebody brings a document: it is not made to wait for the sleeper.
    rig.app.runtime.ports.pace.started.clear();
    const later = await bulk(rig.app, first, "Later.");
    expect(rig.queue.map(({ delay }) => delay)).toEqual([0]);
    await run(rig);
    expect(await statuses(first, [later])).toEqual(["ready"]);
    await minutesPass(first);
    const healed = lane();
    healed.queue.push(...rig.queue.map(({ job }) => ({ job, delay: 0 })), { ...asleep, delay: 0 });
    await run(healed);
    expect(await document(first, poison)).toMatchObject({ status: "ready", failure: null });
  });

  test("for long fails with its last reason, and can be started again", async () => {
    const rig = lane({ embedders: poisonous() });
    const id = await bulk(rig.app, first, "Poison for ever.");
    for (let tries = 0; tries < 6; tries++) {
      for (const sent of rig.queue) sent.delay = 0;
      await run(rig, 3);
      await minutesPass(first);
    }
    expect(await document(first, id)).toMatchObject({
      status: "failed",
      failure: { code: "embedder_unavailable", retryable: true },
    });
    expectStatus(await call("POST", `/api/v1/documents/${id}/reindex`, { token: first.token }), 202);
  });

  test("for good fails at once", async () => {
    const rig = lane();
    const empty = await bulk(rig.app, first, " \n ");
    const good = await bulk(rig.app, first, "Good.");
    await run(rig);
    expect(await document(first, empty)).toMatchObject({
      status: "failed",
      failure: { code: "empty_document" },
    });
    expect(await statuses(first, [good])).toEqual(["ready"]);
  });
});

test("a large document takes several turns, between which others have theirs", async () => {
  const rig = lane();
  const book = Array.from(
    { length: 1_300 },
    (_, n) =>
      `# Part ${n}\n\nParagraph ${n}. ${`The ferry number ${n} leaves the northern harbour. `.repeat(12)}`,
  ).join("\n\n");
  const large = await bulk(rig.app, first, book);
  const small = await bulk(rig.app, second, "Small.");
  expect(await run(rig, 2)).toEqual(["first", "second"]);
  expect(await statuses(second, [small])).toEqual(["ready"]);
  expect((await document(first, large)).status).toBe("embedding");
  const order = await run(rig);
  expect(order.filter((who) => who === "first").length).toBeGreaterThanOrEqual(3);
  expect(await document(first, large)).toMatchObject({ status: "ready", failure: null });
});

describe("the deadline of a bulk document", () => {
  test("does not run while it waits for its turn, and runs from then on", async () => {
    const rig = lane();
    const id = await bulk(rig.app, first, "A long queue.");
    const overdue = async () => (await call("GET", "/health/ready")).body.queue.overdue as number;
    await inOrg(first, sql`update kalamna.documents set deadline_at = now() - interval '5 hours'`);
    await sweep(rig.app.runtime, notNow);
    expect(await statuses(first, [id])).toEqual(["pending"]);
    expect(await overdue()).toBe(0);
    const failing = lane({
      embedders: offer({
        ...runtime().ports.embedders.default,
        embed: () => Promise.reject(new AppError("embedder_unavailable")),
      }),
    });
    failing.queue.push(...rig.queue);
    await run(failing, 1);
    expect(await statuses(first, [id])).toEqual(["embedding"]);
    expect(await overdue()).toBe(0);
    await minutesPass(first);
    await inOrg(first, sql`update kalamna.documents set deadline_at = now() - interval '1 second'`);
    expect(await overdue()).toBe(1);
    await sweep(rig.app.runtime, notNow);
    expect(await document(first, id)).toMatchObject({
      status: "failed",
      failure: { code: "ingestion_timeout" },
    });
    expect(await overdue()).toBe(0);
  });
});

test("documents whose turns could not be sent are accepted, and found by the sweeper at once", async () => {
  const away = lane({ jobs: { send: () => Promise.reject(new AppError("storage_unavailable")) } });
  const id = await bulk(away.app, first, "Unsent.");
  const rig = lane();
  await sweep(rig.app.runtime, notNow);
  rig.queue.splice(0, rig.queue.length, ...rig.queue.filter(({ job }) => job.org_id === first.orgId));
  await run(rig);
  expect(await statuses(first, [id])).toEqual(["ready"]);
});
