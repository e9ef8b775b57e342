import { sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, finished, type Person, ready, register, uploadText } from "../support/api.ts";
import { apiKey, bearer } from "../support/credentials.ts";
import { colleague, ctxFor } from "../support/people.ts";
import { newReceiver, type Receiver, verified } from "../support/webhooks.ts";

const ask = (person: Person, method: string, path: string, json?: unknown) =>
  call(method, `/api/v1/webhooks${path}`, { token: person.token, ...(json === undefined ? {} : { json }) });

async function webhook(
  person: Person,
  receiver: Pick<Receiver, "url"> = newReceiver(),
  events: string[] = ["document.ready", "document.failed"],
): Promise<{ id: string; secret: string }> {
  const answer = await ask(person, "POST", "", { url: receiver.url, events, description: "Intranet" });
  expectStatus(answer, 201);
  return { id: answer.body.webhook.id, secret: answer.body.secret };
}

/** Waits until a delivery of the webhook has this status. */
const settled = (person: Person, id: string, status: string): Promise<any> =>
  vi.waitUntil(async () => (await ask(person, "GET", `/${id}/deliveries?status=${status}`)).body.data[0], {
    timeout: 20_000,
    interval: 100,
  });

describe("a webhook", () => {
  test("hears that a document is ready, in a message that the standard's own library accepts", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const { id, secret } = await webhook(admin, receiver);
    const document = await ready(admin, "ferry.txt", "The ferry leaves at dawn.");
    const [message] = await receiver.arrived(1);
    expect(message!.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      "user-agent": "Kalamna/1.0",
    });
    expect(verified(secret, message!)).toEqual({
      type: "document.ready",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        document: {
          id: document,
          name: "ferry.txt",
          external_id: null,
          version: 1,
          status: "ready",
          failure: null,
          counts: { pages: null, characters: 25, chunks: 1, tokens: expect.any(Number) },
          batch_id: null,
          source_id: null,
        },
      },
    });
    expect(message!.body).not.toContain("dawn");
    const delivery = await settled(admin, id, "delivered");
    expect(delivery).toMatchObject({
      message_id: message!.headers["webhook-id"],
      event: "document.ready",
      attempts: 1,
      last_status: 200,
      last_error: null,
      next_attempt_at: null,
    });
    const whole = await ask(admin, "GET", `/${id}/deliveries/${delivery.id}`);
    expect(whole.body.delivery.payload).toEqual(JSON.parse(message!.body));
  });

  test("hears why a document failed", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const { secret } = await webhook(admin, receiver);
    const id = await uploadText(admin, "blank.txt", "   \n  ");
    expect(await finished(admin, id)).toMatchObject({ status: "failed" });
    const [message] = await receiver.arrived(1);
    expect(verified(secret, message!)).toMatchObject({
      type: "document.failed",
      data: { document: { id, status: "failed", failure: { code: "empty_document", retryable: false } } },
    });
  });

  test("hears at once that a batch is complete, and how many lines of it came to what", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const { secret } = await webhook(admin, receiver, ["batch.completed"]);
    const lines = [
      { name: "one.md", content: "The ferry leaves at nine." },
      { name: "two.md", content: "The ferry returns at six." },
      { name: "blank.md", content: "   \n   " },
      { name: "nothing.md" },
    ];
    const answer = await call("POST", "/api/v1/documents/bulk", {
      token: admin.token,
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
      headers: { "content-type": "application/x-ndjson" },
    });
    expectStatus(answer, 202);
    const [message] = await receiver.arrived(1);
    expect(verified(secret, message!)).toMatchObject({
      type: "batch.completed",
      data: { batch: { id: answer.body.batch.id, counts: { ready: 2, failed: 1, refused: 1, deleted: 0 } } },
    });
  });

  test("hears only what it asked for, and nothing of another organization", async () => {
    const [admin, other] = [await register(), await register()];
    const [ours, failures, theirs] = [newReceiver(), newReceiver(), newReceiver()];
    await webhook(admin, ours, ["document.ready"]);
    await webhook(admin, failures, ["document.failed", "batch.completed"]);
    await webhook(other, theirs);
    await ready(admin, "a.txt", "The harbour is full.");
    await ours.arrived(1);
    await ready(other, "b.txt", "The harbour is empty.");
    const [message] = await theirs.arrived(1);
    expect(message!.body).toContain("b.txt");
    expect(await ours.received()).toHaveLength(1);
    expect(await failures.received()).toEqual([]);
  });

  test("switched off hears nothing, and what waited for it is cancelled", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    await receiver.will({ status: 503 });
    const { id } = await webhook(admin, receiver);
    await ready(admin, "a.txt", "One.");
    await receiver.arrived(1);
    await settled(admin, id, "pending");
    const off = await ask(admin, "PATCH", `/${id}`, { enabled: false });
    expect(off.body.webhook).toMatchObject({ enabled: false, disabled_reason: null });
    await settled(admin, id, "cancelled");
    await ready(admin, "b.txt", "Two.");
    expect((await ask(admin, "GET", `/${id}/deliveries`)).body.data).toHaveLength(1);
    expectStatus(await ask(admin, "POST", `/${id}/test`), 409);
    const on = await ask(admin, "PATCH", `/${id}`, { enabled: true });
    expect(on.body.webhook).toMatchObject({
      enabled: true,
      failures: 0,
      failing_since: null,
      disabled_at: null,
    });
  });

  test("can be tried out", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const { id, secret } = await webhook(admin, receiver);
    const answer = await ask(admin, "POST", `/${id}/test`);
    expectStatus(answer, 202);
    expect(answer.body.delivery).toMatchObject({ event: "webhook.test", status: "pending" });
    const [message] = await receiver.arrived(1);
    expect(verified(secret, message!)).toMatchObject({ type: "webhook.test", data: { webhook: { id } } });
    expect(message!.headers["webhook-id"]).toBe(answer.body.delivery.message_id);
  });

  test("gets a message again when asked, under the same id and with a fresh signature", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const { id, secret } = await webhook(admin, receiver);
    await ready(admin, "a.txt", "One.");
    const delivery = await settled(admin, id, "delivered");
    const answer = await ask(admin, "POST", `/${id}/deliveries/${delivery.id}/replay`);
    expectStatus(answer, 202);
    const [first, second] = await receiver.arrived(2);
    expect(second!.headers["webhook-id"]).toBe(first!.headers["webhook-id"]);
    expect(second!.body).toBe(first!.body);
    expect(verified(secret, second!)).toMatchObject({ type: "document.ready" });
  });

  test("is shown, changed and deleted", async () => {
    const admin = await register();
    const { id } = await webhook(admin);
    const next = newReceiver();
    const changed = await ask(admin, "PATCH", `/${id}`, { url: next.url, events: ["document.failed"] });
    expectStatus(changed, 200);
    expect(changed.body.webhook).toMatchObject({
      url: next.url,
      events: ["document.failed"],
      description: "Intranet",
      enabled: true,
      created_by: admin.userId,
    });
    expect((await ask(admin, "GET", `/${id}`)).body).toEqual(changed.body);
    expect((await ask(admin, "GET", "")).body).toEqual({ data: [changed.body.webhook], next_cursor: null });
    expectStatus(await ask(admin, "DELETE", `/${id}`), 200);
    expectStatus(await ask(admin, "GET", `/${id}`), 404);
    expectStatus(await ask(admin, "DELETE", `/${id}`), 404);
    const actions = (await call("GET", `/api/v1/audit?target_id=${id}`, { token: admin.token })).body.data;
    expect(actions.map(({ action }: { action: string }) => action)).toEqual([
      "webhook.deleted",
      "webhook.changed",
      "webhook.created",
    ]);
  });

  test("has its messages listed page by page", async () => {
    const admin = await register();
    const { id } = await webhook(admin);
    for (let n = 0; n < 3; n++) expectStatus(await ask(admin, "POST", `/${id}/test`), 202);
    const first = await ask(admin, "GET", `/${id}/deliveries?limit=2`);
    expect(first.body.data).toHaveLength(2);
    const rest = await ask(admin, "GET", `/${id}/deliveries?limit=2&cursor=${first.body.next_cursor}`);
    expect(rest.body.data).toHaveLength(1);
    expect(rest.body.next_cursor).toBeNull();
    expectStatus(await ask(admin, "GET", `/${id}/deliveries?status=lost`), 400);
  });
});

describe("a webhook's secret", () => {
  test("is shown once, sealed at rest, and in no list, log or audit entry", async () => {
    const lines = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    const [admin, receiver] = [await register(), newReceiver()];
    const { id, secret } = await webhook(admin, receiver);
    expect(Buffer.from(secret.slice("whsec_".length), "base64")).toHaveLength(32);
    const core = secret.slice("whsec_".length);
    await ready(admin, "a.txt", "One.");
    await settled(admin, id, "delivered");
    const shown = await Promise.all(
      ["", `/${id}`, `/${id}/deliveries`].map(async (path) => (await ask(admin, "GET", path)).text),
    );
    const audited = await call("GET", "/api/v1/audit", { token: admin.token });
    const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
      db.execute<{ row: string }>(sql`select webhooks::text as row from kalamna.webhooks`),
    ]);
    expect(rows[0]?.row).toContain("v1:data-1:");
    const logged = lines.flatMap((spy) => spy.mock.calls.flat().map(String));
    for (const text of [...shown, audited.text, JSON.stringify(rows), ...logged])
      expect(text).not.toContain(core);
  });

  test("that was copied to another webhook does not open", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const [first, second] = [await webhook(admin, receiver), await webhook(admin)];
    await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`update kalamna.webhooks set secret = (select secret from kalamna.webhooks where id = ${second.id})
                      where id = ${first.id}`),
    ]);
    expectStatus(await ask(admin, "POST", `/${first.id}/test`), 202);
    const waiting = await vi.waitUntil(
      async () =>
        (await ask(admin, "GET", `/${first.id}/deliveries`)).body.data.find(
          (delivery: { last_error: string | null }) => delivery.last_error !== null,
        ),
      { timeout: 20_000, interval: 100 },
    );
    expect(waiting.last_error).toBe("A stored secret cannot be opened with the configured keys");
    expect(await receiver.received()).toEqual([]);
  });

  test("can be replaced: for a while both sign, then the new one only", async () => {
    const [admin, receiver] = [await register(), newReceiver()];
    const { id, secret: old } = await webhook(admin, receiver);
    const rotated = await ask(admin, "POST", `/${id}/rotate`, {});
    expectStatus(rotated, 200);
    expect(rotated.body.webhook.previous_signs_until).not.toBeNull();
    const fresh = rotated.body.secret as string;
    await ask(admin, "POST", `/${id}/test`);
    const [both] = await receiver.arrived(1);
    expect(both!.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [old, fresh])
      expect(verified(secret, both!)).toMatchObject({ type: "webhook.test" });

    const last = await ask(admin, "POST", `/${id}/rotate`, { overlap_seconds: 0 });
    expect(last.body.webhook.previous_signs_until).toBeNull();
    await ask(admin, "POST", `/${id}/test`);
    const [, one] = await receiver.arrived(2);
    expect(verified(last.body.secret, one!)).toMatchObject({ type: "webhook.test" });
    for (const secret of [old, fresh]) expect(() => verified(secret, one!)).toThrow("No matching signature");
  });
});

describe("a webhook is refused", () => {
  test.each([
    ["without an address", { events: ["document.ready"] }, 400],
    ["with an address that is none", { url: "harbour", events: ["document.ready"] }, 400],
    ["with another protocol", { url: "ftp://example.com/", events: ["document.ready"] }, 400],
    ["without events", { url: "https://public.example.com/", events: [] }, 400],
    ["with an unknown event", { url: "https://public.example.com/", events: ["document.read"] }, 400],
    [
      "with an unknown field",
      { url: "https://public.example.com/", events: ["document.ready"], secret: "x" },
      400,
    ],
    ["with plain http", { url: "http://public.example.com/", events: ["document.ready"] }, 422],
    ["with a private address", { url: "https://10.0.0.1/", events: ["document.ready"] }, 422],
    ["with the cloud's metadata", { url: "https://169.254.169.254/", events: ["document.ready"] }, 422],
    ["with a private IPv6 address", { url: "https://[fd00::1]/", events: ["document.ready"] }, 422],
    ["with a name of a network", { url: "https://intranet.corp/", events: ["document.ready"] }, 422],
    [
      "with a name that resolves privately",
      { url: "https://private.example.com/", events: ["document.ready"] },
      422,
    ],
    [
      "with a name that resolves to both",
      { url: "https://mixed.example.com/", events: ["document.ready"] },
      422,
    ],
    ["with a user in it", { url: "https://u:p@public.example.com/", events: ["document.ready"] }, 422],
    ["with a database's port", { url: "https://public.example.com:5432/", events: ["document.ready"] }, 422],
    [
      "with a name that does not exist",
      { url: "https://none.example.com/", events: ["document.ready"] },
      502,
    ],
  ])("%s", async (_, json, status) => {
    const admin = await register();
    expectStatus(await ask(admin, "POST", "", json), status);
    expect((await ask(admin, "GET", "")).body.data).toEqual([]);
    if (!("url" in json) || status === 400) return;
    const { id } = await webhook(admin);
    expectStatus(await ask(admin, "PATCH", `/${id}`, { url: json.url }), status);
  });

  test("past twenty, however many ask at once", async () => {
    const admin = await register();
    const { url } = newReceiver();
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => ask(admin, "POST", "", { url, events: ["batch.completed"] })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "too_many_webhooks",
      detail: "An organization has at most 20 webhooks.",
    });
  });

  test("to everyone but admins", async () => {
    const admin = await register();
    const { id } = await webhook(admin);
    const { key } = await apiKey(admin, ["documents:read", "documents:write"]);
    const [member, viewer] = [await colleague(admin, "member"), await colleague(admin, "viewer")];
    for (const headers of [bearer(key), bearer(member.token), bearer(viewer.token)]) {
      for (const [method, path] of [
        ["GET", ""],
        ["GET", `/${id}`],
        ["GET", `/${id}/deliveries`],
        ["POST", `/${id}/test`],
        ["DELETE", `/${id}`],
      ] as const) {
        expectStatus(await call(method, `/api/v1/webhooks${path}`, { headers }), 403);
      }
    }
  });
});

test("another organization's webhook and its messages are not found", async () => {
  const [admin, stranger] = [await register(), await register()];
  const { id } = await webhook(admin);
  const { body } = await ask(admin, "POST", `/${id}/test`);
  const own = await webhook(stranger);
  const message = body.delivery.id;
  for (const [method, path, json] of [
    ["GET", `/${id}`],
    ["PATCH", `/${id}`, { enabled: false }],
    ["DELETE", `/${id}`],
    ["POST", `/${id}/rotate`, {}],
    ["POST", `/${id}/test`],
    ["GET", `/${id}/deliveries`],
    ["GET", `/${id}/deliveries/${message}`],
    ["GET", `/${own.id}/deliveries/${message}`],
    ["POST", `/${id}/deliveries/${message}/replay`],
    ["POST", `/${own.id}/deliveries/${message}/replay`],
  ] as const) {
    expectStatus(await ask(stranger, method, path, json), 404);
  }
  expectStatus(await ask(admin, "GET", `/${id}`), 200);
});
