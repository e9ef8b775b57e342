/** What becomes of a message to a webhook when its receiver, its address or we ourselves misbehave. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Ports } from "../../src/context.ts";
import { accountBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import type { Job } from "../../src/infra/jobs/port.ts";
import { aesSealer } from "../../src/infra/sealing/aes.ts";
import { consume } from "../../src/queue/consume.ts";
import { sweep } from "../../src/queue/sweep.ts";
import type { Runtime } from "../../src/runtime.ts";
import { call, expectStatus, type Person, register, runtime } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { baseCtx, ctxFor } from "../support/people.ts";
import { queueAway } from "../support/rigged.ts";
import { newReceiver, type Receiver, verified } from "../support/webhooks.ts";

type Sent = { job: Job; delay: number };

let admin: Person;
let receiver: Receiver;
let id: string;
let secret: string;
let sent: Sent[];
beforeEach(async () => {
  [admin, receiver, sent] = [await register(), newReceiver(), []];
  const answer = await call("POST", "/api/v1/webhooks", {
    token: admin.token,
    json: { url: receiver.url, events: ["document.ready"] },
  });
  expectStatus(answer, 201);
  ({ id } = answer.body.webhook);
  secret = answer.body.secret;
});

/** The Worker with some parts replaced; jobs are kept instead of sent, so that the test delivers them. */
function rigged(parts: Partial<Ports> = {}): Runtime {
  const real = runtime();
  const jobs: Ports["jobs"] = {
    send: async (_queue, more, delay = 0) => void sent.push(...more.map((job) => ({ job, delay }))),
  };
  return { ...real, ports: { ...real.ports, jobs, ...parts } };
}

async function deliver(job: unknown, over: Runtime = rigged(), queue = "kalamna-webhooks") {
  const body = { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: job };
  const batch = createMessageBatch(queue, [body]);
  const execution = createExecutionContext();
  await consume(batch, over, (work) => execution.waitUntil(work));
  return getQueueResult(batch, execution);
}

/** A message that waits; its job is in `sent`. */
async function waiting(): Promise<string> {
  const app = appWith(() => rigged());
  const answer = await app.call("POST", `/api/v1/webhooks/${id}/test`, { token: admin.token });
  expectStatus(answer, 202);
  return answer.body.delivery.id;
}

const execute = async (statement: ReturnType<typeof sql>) => {
  const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
    db.execute<Record<string, unknown>>(statement),
  ]);
  return rows;
};

/** Everything that waits is due now, and it is our turn: no sweep of another test comes in between. */
async function due(): Promise<Job> {
  const turn = crypto.randomUUID();
  await execute(sql`update kalamna.webhook_deliveries set next_attempt_at = now() where status = 'pending'`);
  await execute(sql`update kalamna.webhooks set turn = ${turn}, turn_until = now() + interval '1 minute'`);
  return { kind: "webhook.deliver", org_id: admin.orgId, webhook_id: id, turn, request_id: "test" };
}

const get = async (path: string) =>
  (await call("GET", `/api/v1/webhooks/${id}${path}`, { token: admin.token })).body;
const delivery = async (message: string) => (await get(`/deliveries/${message}`)).delivery;
const webhook = async () => (await get("")).webhook;
const inSeconds = (moment: string) => (Date.parse(moment) - Date.now()) / 1000;

describe("a message that does not get through", () => {
  test("is tried again after five seconds, signed anew, and delivered", async () => {
    await receiver.will({ status: 500, body: "the harbour is closed" }, { status: 204 });
    const message = await waiting();
    await deliver(sent[0]!.job);
    expect(await delivery(message)).toMatchObject({
      status: "pending",
      attempts: 1,
      last_status: 500,
      last_error: "The receiver answered 500.",
      response: "the harbour is closed",
      next_attempt_at: expect.any(String),
    });
    expect(await webhook()).toMatchObject({ failures: 1, failing_since: expect.any(String) });
    const next = sent.at(-1)!;
    expect(next.delay).toBeGreaterThan(0);
    expect(next.delay).toBeLessThanOrEqual(7);
    await due();
    await execute(sql`update kalamna.webhooks set turn_until = null`);
    await deliver(next.job);
    expect(await delivery(message)).toMatchObject({ status: "delivered", attempts: 2, last_error: null });
    expect(await webhook()).toMatchObject({ failures: 0, failing_since: null });
    for (const one of await receiver.received()) expect(verified(secret, one)).toBeDefined();
  });

  test.each([
    [
      "redirects",
      { status: 302, headers: { location: "http://127.0.0.1:9/" } },
      "The receiver redirects (302)",
    ],
    ["is missing", { status: 404 }, "The receiver answered 404."],
    ["is overloaded", { status: 429 }, "The receiver answered 429."],
  ] as const)("because its receiver %s waits for another try", async (_, reception, error) => {
    await receiver.will(reception);
    const message = await waiting();
    await deliver(sent[0]!.job);
    const after = await delivery(message);
    expect(after).toMatchObject({ status: "pending", last_status: reception.status });
    expect(after.last_error).toContain(error);
    expect(await receiver.received()).toHaveLength(1);
  });

  test("because its receiver does not answer says so, and holds nobody up for long", async () => {
    await receiver.will({ hang: true });
    const { web } = runtime().ports;
    const impatient: Ports["web"] = {
      ...web,
      post: (url, request) => {
        expect(request.timeoutMs).toBe(10_000);
        return web.post(url, { ...request, timeoutMs: 200 });
      },
    };
    const message = await waiting();
    await deliver(sent[0]!.job, rigged({ web: impatient }));
    expect(await delivery(message)).toMatchObject({
      status: "pending",
      last_status: null,
      last_error: "The address did not answer in time.",
    });
  });

  test("waits as long as its receiver asks, and no longer than a day", async () => {
    await receiver.will(
      { status: 503, headers: { "retry-after": "900" } },
      { status: 429, headers: { "retry-after": "99999999" } },
    );
    const message = await waiting();
    await deliver(sent[0]!.job);
    expect(inSeconds((await delivery(message)).next_attempt_at)).toBeCloseTo(900, -1.5);
    await deliver(await due());
    expect(inSeconds((await delivery(message)).next_attempt_at)).toBeCloseTo(86_400, -1.5);
  });

  test("fails after its tenth try, and can be replayed", async () => {
    await receiver.will({ status: 500 });
    const message = await waiting();
    await execute(sql`update kalamna.webhook_deliveries set attempts = 8`);
    await deliver(await due());
    expect(await delivery(message)).toMatchObject({ status: "pending", attempts: 9 });
    await deliver(await due());
    expect(await delivery(message)).toMatchObject({ status: "failed", attempts: 10, next_attempt_at: null });
    await receiver.will({ status: 200 });
    const app = appWith(() => rigged());
    const again = await app.call("POST", `/api/v1/webhooks/${id}/deliveries/${message}/replay`, {
      token: admin.token,
    });
    expect(again.body.delivery).toMatchObject({ status: "pending", attempts: 0 });
    await deliver(sent.at(-1)!.job);
    expect(await delivery(message)).toMatchObject({ status: "delivered", attempts: 1 });
  });

  test("because its name has come to mean a private address goes nowhere", async () => {
    const message = await waiting();
    await execute(sql`update kalamna.webhooks set url = 'https://private.example.com/'`);
    await deliver(sent[0]!.job);
    expect(await delivery(message)).toMatchObject({
      status: "pending",
      last_status: null,
      last_error: "private.example.com is not on the public internet.",
    });
  });

  test("keeps of a long and strange answer what can be stored", async () => {
    await receiver.will({ status: 500, body: `\u0000${"x".repeat(498)}😀 and more` });
    const message = await waiting();
    await deliver(sent[0]!.job);
    const { response } = await delivery(message);
    expect(response).toMatch(/^x{498}./);
    expect(response).not.toContain("more");
  });
});

describe("a webhook is switched off", () => {
  const audited = async () =>
    (await call("GET", "/api/v1/audit?action=webhook.disabled", { token: admin.token })).body.data;

  test("when its receiver is gone (410); what waits is cancelled, and audit log and log line say why", async () => {
    await receiver.will({ status: 410 });
    const first = await waiting();
    const lines = vi.spyOn(console, "log");
    await deliver(await due());
    expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toContainEqual(
      expect.objectContaining({ webhook: id, not_delivered: 1, webhook_disabled: "gone" }),
    );
    lines.mockRestore();
    expect(await delivery(first)).toMatchObject({ status: "failed", last_status: 410 });
    expect(await webhook()).toMatchObject({ enabled: false, disabled_reason: "gone" });
    expect(await audited()).toMatchObject([
      { actor: { kind: "service" }, target: { id }, detail: { reason: "gone" } },
    ]);
    const refused = await call("POST", `/api/v1/webhooks/${id}/test`, { token: admin.token });
    expect(refused.body).toMatchObject({ status: 409, code: "webhook_disabled" });
  });

  test("when nothing got through for five days, and not before", async () => {
    await receiver.will({ status: 500 });
    await waiting();
    await execute(sql`update kalamna.webhooks set failures = 40, failing_since = now() - interval '4 days'`);
    await deliver(await due());
    expect(await webhook()).toMatchObject({ enabled: true, failures: 41 });
    await execute(sql`update kalamna.webhooks set failing_since = now() - interval '121 hours'`);
    const other = await waiting();
    await deliver(await due());
    expect(await webhook()).toMatchObject({ enabled: false, disabled_reason: "failing" });
    expect((await delivery(other)).status).toBe("cancelled");
    expect(await audited()).toMatchObject([{ detail: { reason: "failing" } }]);
  });

  test("and what a transaction wrote for it meanwhile is cancelled by the sweeper", async () => {
    await execute(sql`update kalamna.webhooks set enabled = false`);
    await execute(sql`insert into kalamna.webhook_deliveries (org_id, webhook_id, event, payload)
                      values (${admin.orgId}, ${id}, 'webhook.test', '{}')`);
    await sweep(rigged(), () => undefined);
    expect((await get("/deliveries")).data).toMatchObject([{ status: "cancelled", attempts: 0 }]);
    expect(await receiver.received()).toEqual([]);
  });
});

/** @returns the ids of `count` messages that wait */
async function backlog(count: number): Promise<void> {
  await execute(sql`
    insert into kalamna.webhook_deliveries (org_id, webhook_id, event, payload)
    select ${admin.orgId}, ${id}, 'webhook.test',
           jsonb_build_object('type', 'webhook.test', 'timestamp', 'now', 'data', jsonb_build_object('n', n))
      from generate_series(1, ${count}::int) n`);
}

describe("many messages", () => {
  test("go out once each, five at a time, two trips to the database for ten", async () => {
    await backlog(60);
    const real = runtime();
    let [batches, open, most] = [0, 0, 0];
    const db = new Proxy(real.ports.db, {
      get: (target, name, receiver_) => {
        if (name === "batch") batches += 1;
        return Reflect.get(target, name, receiver_);
      },
    });
    const web: Ports["web"] = {
      ...real.ports.web,
      async post(...args) {
        most = Math.max(most, ++open);
        return real.ports.web.post(...args).finally(() => open--);
      },
    };
    await deliver(await due(), rigged({ db, web }));
    const numbers = (await receiver.received()).map(({ body }) => JSON.parse(body).data.n as number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    expect(most).toBe(5);
    expect(batches).toBeLessThanOrEqual(60 / 5 + 2);
  });

  test("go out once each although their job is delivered twice at the same time", async () => {
    await backlog(20);
    const job = await due();
    await Promise.all([deliver(job), deliver(job)]);
    expect(await receiver.received()).toHaveLength(20);
    expect((await get("/deliveries?status=delivered")).data).toHaveLength(20);
  });

  test("are left to whoever has the turn", async () => {
    await backlog(1);
    const job = await due();
    await deliver({ ...job, turn: crypto.randomUUID() });
    expect(await receiver.received()).toEqual([]);
    await deliver(job);
    expect(await receiver.received()).toHaveLength(1);
  });
});

describe("the sweeper", () => {
  const mine = () => sent.filter(({ job }) => job.kind === "webhook.deliver" && job.webhook_id === id);
  /** Sweeps until this test's sweep, and not one of another file, has found the webhook. */
  const swept = (over = rigged()) =>
    vi.waitUntil(
      async () => {
        await execute(sql`update kalamna.webhooks set turn_until = null`);
        await sweep(over, () => undefined);
        return mine()[0];
      },
      { timeout: 10_000, interval: 50 },
    );

  test("sends a lost message", async () => {
    const message = await waiting();
    sent = [];
    await deliver((await swept()).job);
    expect(await delivery(message)).toMatchObject({ status: "delivered", attempts: 1 });
  });

  test("sends what the queue did not take; whoever caused it is not told of that", async () => {
    const app = appWith(() => rigged({ jobs: queueAway }));
    const answer = await app.call("POST", `/api/v1/webhooks/${id}/test`, { token: admin.token });
    expectStatus(answer, 202);
    await deliver((await swept()).job);
    expect(await delivery(answer.body.delivery.id)).toMatchObject({ status: "delivered", attempts: 1 });
  });

  test("takes over from a sender that died", async () => {
    const message = await waiting();
    await execute(sql`update kalamna.webhook_deliveries set attempts = 1, next_attempt_at = now()`);
    sent = [];
    await deliver((await swept()).job);
    expect(await delivery(message)).toMatchObject({ status: "delivered", attempts: 2 });
  });

  test("lets a suspended organization's messages wait until it is back", async () => {
    const message = await waiting();
    const status = (value: string) =>
      accountBatch(baseCtx(), (db) => [
        db.execute(sql`update kalamna.organizations set status = ${value} where id = ${admin.orgId}`),
      ]);
    await status("suspended");
    const { explicitAcks } = await deliver(sent[0]!.job);
    expect(explicitAcks).toHaveLength(1);
    sent = [];
    await sweep(rigged(), () => undefined);
    expect(mine()).toEqual([]);
    expect(await receiver.received()).toEqual([]);
    await status("active");
    await deliver((await swept()).job);
    expect(await delivery(message)).toMatchObject({ status: "delivered" });
  });

  test("forgets messages after thirty days", async () => {
    await backlog(2);
    const [old] = await execute(sql`select id from kalamna.webhook_deliveries limit 1`);
    await baseCtx().ports.db.execute(
      sql`update kalamna.webhook_deliveries set created_at = now() - interval '31 days' where id = ${old?.id}`,
    );
    await sweep(rigged(), () => undefined);
    const left = (await get("/deliveries")).data;
    expect(left).toHaveLength(1);
    expect(left[0].id).not.toBe(old?.id);
  });

  test("seals secrets again with a new key, so that the old one can go", async () => {
    // The second key of the ring in vitest.config.ts: whatever else this sweep seals, the other tests can open.
    const fresh = aesSealer([{ kid: "data-2", secret: "456789abcdef0123456789abcdef0123" }]);
    const { sealer } = runtime().ports;
    const rotated: Ports["sealer"] = { ...sealer, keyId: fresh.keyId, seal: fresh.seal };
    await call("POST", `/api/v1/webhooks/${id}/rotate`, { token: admin.token, json: {} });
    const opened = await vi.waitUntil(
      async () => {
        await sweep(rigged({ sealer: rotated }), () => undefined);
        const [row] = await execute(sql`select secret, previous_secret from kalamna.webhooks`);
        const about = { kind: "webhook", orgId: admin.orgId, id };
        return Promise.all(
          [row?.secret, row?.previous_secret].map((one) => fresh.open(String(one), about)),
        ).catch(() => undefined);
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(opened[1]).toBe(secret);
    expect(opened[0]).not.toBe(secret);
  });

  test("seals the others again when nobody has the key of one any more, and its line says whose that is", async () => {
    const [neighbour] = await execute(
      sql`insert into kalamna.webhooks (id, org_id, url, events, secret)
          select gen_random_uuid(), org_id, url, events, 'v1:lost:AAAA' from kalamna.webhooks returning id`,
    );
    const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const { sealer } = runtime().ports;
    const fresh = aesSealer([{ kid: "data-2", secret: "456789abcdef0123456789abcdef0123" }]);
    const rotated: Ports["sealer"] = { ...sealer, keyId: fresh.keyId, seal: fresh.seal };
    const secretOf = async (one: unknown) =>
      String((await execute(sql`select secret from kalamna.webhooks where id = ${one}`))[0]?.secret);
    const told = () => lines.mock.calls.some(([line]) => JSON.parse(line).secret_unreadable === admin.orgId);
    await vi.waitUntil(
      async () => {
        await sweep(rigged({ sealer: rotated }), () => undefined);
        return told() && (await secretOf(id)).startsWith("v1:data-2:");
      },
      { timeout: 10_000, interval: 50 },
    );
    lines.mockRestore();
    expect(await secretOf(neighbour?.id)).toBe("v1:lost:AAAA");
  });
});

test("a message past its tries with the queue stays in the table, for the sweeper", async () => {
  const message = await waiting();
  const { explicitAcks } = await deliver(sent[0]!.job, rigged(), "kalamna-dead-letters");
  expect(explicitAcks).toHaveLength(1);
  expect(await delivery(message)).toMatchObject({ status: "pending", attempts: 0 });
});
