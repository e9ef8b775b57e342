import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { offerChats } from "../../src/infra/chat-model/offer.ts";
import { offlineChat } from "../../src/infra/chat-model/offline.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { appWith, type TestApp } from "../support/app.ts";
import type { Behaviour } from "../support/model-server.ts";
import { provider, requestsOf } from "../support/models.ts";
import { baseCtx } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";

const QUESTION = { query: "When does the morning ferry leave?", cache: false };
const FINE: Behaviour = { do: "answer", text: 'At half past six [1: "half past six"].' };
const DOWN: Behaviour = { do: "status", status: 503 };
const PRICE = { input: 2, output: 8 };

/** The Worker with `first` and `second` as its chain; the extractive answerer may be chosen. */
async function installation(...scripts: [Behaviour, Behaviour]) {
  const configs = await Promise.all(scripts.map((script) => provider(script)));
  const [first, second] = configs.map((config, at) =>
    openaiChat({ ...config, maxRetries: 0, name: at === 0 ? "first" : "second", price: PRICE }),
  );
  const app = appWith((real) => ({
    ports: { ...real.ports, ...offerChats([first!, second!], [offlineChat()], 2_000) },
  }));
  const asked = () => Promise.all(configs.map(async (config) => (await requestsOf(config)).length));
  return { app, asked };
}
const ask = (app: TestApp, token: string) =>
  app.call("POST", "/api/v1/query/sync", { token, json: QUESTION });
const choose = (app: TestApp, admin: Person, chat_models: string[]) =>
  app.call("PATCH", "/api/v1/org", { token: admin.token, json: { settings: { chat_models } } });

let admin: Person;
beforeAll(async () => {
  admin = await register("Harbour");
  await ready(admin, "manual.txt", "The morning ferry leaves the northern harbour at half past six.");
});

describe("an answer", () => {
  test("says who wrote it, who was asked before, and what it cost", async () => {
    const { app } = await installation(DOWN, FINE);
    const { body } = await ask(app, admin.token);
    expect(body).toMatchObject({ model: "second", mode: "openai", grounded: true });
    expect(body.attempts).toEqual([
      { model: "first", code: "overloaded", ms: expect.any(Number) },
      { model: "second", code: "ok", ms: expect.any(Number) },
    ]);
    const { prompt_tokens, completion_tokens } = body.usage;
    expect(body.cost).toBeCloseTo((prompt_tokens * 2 + completion_tokens * 8) / 1e6, 8);
  });

  test("that nobody gives is a 503 that says when to come back, also for a stream; the question is not counted", async () => {
    const { app } = await installation(DOWN, { do: "empty" });
    const before = await call("GET", "/api/v1/usage", { token: admin.token });
    for (const path of ["/api/v1/query/sync", "/api/v1/query"]) {
      const answer = await app.call("POST", path, { token: admin.token, json: QUESTION });
      expectStatus(answer, 503);
      expect(answer.body).toMatchObject({ code: "model_unavailable", attempts: [{ model: "first" }, {}] });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    await app.settled();
    const after = await call("GET", "/api/v1/usage", { token: admin.token });
    expect(after.body).toEqual(before.body);
  });

  test("that breaks off is an error event, and nobody else is asked", async () => {
    const { app, asked } = await installation({ do: "cut", text: "At half past six it leaves " }, FINE);
    const answer = await app.call("POST", "/api/v1/query", { token: admin.token, json: QUESTION });
    expectStatus(answer, 200);
    expect(answer.text).toMatch(/event: token[\s\S]*event: error/);
    expect(await asked()).toEqual([1, 0]);
  });
});

describe("an organization", () => {
  let owner: Person;
  beforeAll(async () => {
    owner = await register("Lighthouse");
    await ready(owner, "manual.txt", "The morning ferry leaves the northern harbour at half past six.");
  });

  test("sees what is offered, without addresses and keys, and chooses; whoever asks gets its choice", async () => {
    const { app, asked } = await installation(FINE, FINE);
    expectStatus(await choose(app, owner, ["second"]), 200);
    const { body, text } = await app.call("GET", "/api/v1/models", { token: owner.token });
    expect(body.models.chat).toMatchObject({ chosen: ["second"], chain: ["second"] });
    expect(body.models.chat.offered).toEqual([
      expect.objectContaining({ model: "first", default: true, price: PRICE, state: "closed" }),
      expect.objectContaining({ model: "second", default: true, context: null }),
      expect.objectContaining({ model: "offline-extractive", default: false, price: null }),
    ]);
    expect(text).not.toMatch(/test-key|127\.0\.0\.1/);
    const key = await call("POST", "/api/v1/api-keys", {
      token: owner.token,
      json: { name: "Bot", scopes: ["chat"] },
    });
    expect((await ask(app, owner.token)).body.model).toBe("second");
    expect((await ask(app, key.body.key)).body.model).toBe("second");
    expect((await ask(app, admin.token)).body.model).toBe("first");
    expect(await asked()).toEqual([1, 2]);
  });

  test("gets quotes when no model answers only if it chose so", async () => {
    const { app } = await installation(DOWN, DOWN);
    expectStatus(await choose(app, owner, ["first", "offline-extractive"]), 200);
    const { body } = await ask(app, owner.token);
    expect(body).toMatchObject({ mode: "offline", degraded: "models_unavailable", cost: 0, grounded: true });
    expectStatus(await choose(app, owner, []), 200);
    expectStatus(await ask(app, owner.token), 503);
  });

  test("that chose what costs nothing needs no tokens", async () => {
    const { app } = await installation(FINE, FINE);
    const thrifty = await register("Thrifty");
    await ready(thrifty, "manual.txt", "The morning ferry leaves the northern harbour at half past six.");
    await setQuota(thrifty, { tokens: 10 });
    expectStatus(await ask(app, thrifty.token), 429);
    expectStatus(await choose(app, thrifty, ["offline-extractive"]), 200);
    expect((await ask(app, thrifty.token)).body).toMatchObject({ mode: "offline" });
  });

  test("cannot choose what nobody offers", async () => {
    const { app } = await installation(FINE, FINE);
    const answer = await choose(app, owner, ["second", "third"]);
    expectStatus(answer, 400);
    expect(answer.body.detail).toContain("third");
    expect(answer.body.offered).toEqual(["first", "second", "offline-extractive"]);
  });

  test("whose choice is offered no more is told so, and nobody else is asked", async () => {
    const { app, asked } = await installation(FINE, FINE);
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set settings = settings || '{"chat_models": ["of-yesterday"]}'
                      where id = ${owner.orgId}`),
    ]);
    const answer = await ask(app, owner.token);
    expectStatus(answer, 503);
    expect(answer.body).toMatchObject({
      code: "model_unavailable",
      detail: expect.stringContaining("admin"),
    });
    expect(await asked()).toEqual([0, 0]);
  });
});

test("readiness says which model is left alone, and why", async () => {
  const { app } = await installation({ do: "status", status: 401 }, FINE);
  await ask(app, admin.token);
  const { body } = await app.call("GET", "/health/ready");
  expect(body.models.chat.chain).toMatchObject([
    { model: "first", state: "misconfigured", fault: "misconfigured", retry_in_seconds: expect.any(Number) },
    { model: "second", state: "closed", failures: 0 },
    { model: "offline-extractive", state: "closed" },
  ]);
});
