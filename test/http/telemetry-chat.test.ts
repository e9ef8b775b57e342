/** The assistant reads production logs for those who may, when they ask it to, and as material only. */
import { describe, expect, test, vi } from "vitest";
import { logSources } from "../../src/domain/answers/logged.ts";
import { wantedBy } from "../../src/domain/telemetry/for-question.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { HOSTILE } from "../fixtures/hostile-documents.ts";
import { call, expectStatus, type Person, register, tokenFor } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { apiKey, bearer, widgetVisitor } from "../support/credentials.ts";
import { connectLogs, type Logs, linesOf, newLogs } from "../support/logs.ts";
import { keptMessage } from "../support/messages.ts";
import { provider, requestsOf } from "../support/models.ts";
import { colleague } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";

const BROKEN = { severity: "error", message: "Checkout failed: the card terminal refused connection 7731." };
const QUESTION = "Why did the checkout fail in the last hour?";

async function withLogs(...lines: Record<string, unknown>[]): Promise<{ admin: Person; logs: Logs }> {
  const [admin, logs] = [await register(), await newLogs(linesOf(...lines))];
  await connectLogs(admin, logs);
  return { admin, logs };
}

const ask = (path: string, headers: Record<string, string>, json: object) =>
  call("POST", path, { headers, json });

describe("an internal administrator who asks for it", () => {
  test("is answered from log lines, which are cited like documents", async () => {
    const { admin } = await withLogs(BROKEN, { severity: "info", message: "The lights are on." });
    const json = { message: QUESTION, telemetry: true, stream: false };
    const answer = await ask("/api/v1/chat", bearer(admin.token), json);
    expectStatus(answer, 200);
    const [source] = answer.body.sources;
    expect(source).toMatchObject({
      kind: "log",
      index: 1,
      document_id: null,
      log: { severity: "error", time: expect.any(String) },
    });
    expect(answer.body).toMatchObject({ grounded: true, retrieval: { off_topic: false } });
    const [citation] = answer.body.citations;
    expect(citation).toMatchObject({ kind: "log", index: 1, log: { severity: "error" } });
    expect(source.content.slice(citation.start, citation.end)).toBe(citation.quote);
    expect(answer.body.answer).toContain("card terminal");
  });

  test("gives the model no secret, and what it is told comes from no cache", async () => {
    const { admin, logs } = await withLogs({
      ...BROKEN,
      message: `${BROKEN.message} ada@acme.example`,
      password: "hunter2",
    });
    const chat = await provider({
      do: "answer",
      text: 'It broke [1: "the card terminal refused"].',
      pieces: "words",
    } as never);
    const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(chat) } }));
    const options = { token: admin.token, json: { query: QUESTION, telemetry: true } };
    for (let times = 0; times < 2; times++) {
      const answer = await app.call("POST", "/api/v1/query/sync", options);
      expectStatus(answer, 200);
      expect(answer.body.cache).toBeUndefined();
      await app.settled();
    }
    const requests = await requestsOf(chat);
    expect(requests).toHaveLength(2);
    expect(JSON.stringify(requests)).toContain("card terminal");
    expect(JSON.stringify(requests)).not.toMatch(/ada@acme|hunter2/);
    expect((await logs.asked()).query).toBeTruthy();
  });

  test("hears nothing of the logs without asking for it", async () => {
    const { admin, logs } = await withLogs(BROKEN);
    const before = (await logs.seen()).length;
    const answer = await ask("/api/v1/query/sync", bearer(admin.token), { query: QUESTION });
    expectStatus(answer, 200);
    expect(answer.text).not.toContain("terminal");
    expect(await logs.seen()).toHaveLength(before);
  });

  test("asks no log server once the month's questions are used up, and is not charged for one that fails", async () => {
    const { admin, logs } = await withLogs(BROKEN);
    const usage = async () =>
      (await call("GET", "/api/v1/usage", { token: admin.token })).body.questions.used;
    const json = { query: QUESTION, telemetry: true };
    await logs.will({ status: 500 });
    expectStatus(await ask("/api/v1/query/sync", bearer(admin.token), json), 502);
    await vi.waitUntil(async () => (await usage()) === 0);
    await setQuota(admin, { questions: 0 });
    const before = (await logs.seen()).length;
    const answer = await ask("/api/v1/query/sync", bearer(admin.token), json);
    expectStatus(answer, 429);
    expect(answer.body.code).toBe("quota_exceeded");
    expect(await logs.seen()).toHaveLength(before);
  });

  test("is told when there is no log server", async () => {
    const admin = await register();
    const answer = await ask("/api/v1/query/sync", bearer(admin.token), { query: QUESTION, telemetry: true });
    expectStatus(answer, 409);
    expect(answer.body.code).toBe("telemetry_not_connected");
  });
});

test("an answer from the logs is withheld from its own asker once they are no admin any more", async () => {
  const { admin } = await withLogs(BROKEN);
  const asker = await colleague(admin, "admin");
  const json = { message: QUESTION, telemetry: true, stream: false };
  const answer = await ask("/api/v1/chat", bearer(asker.token), json);
  expectStatus(answer, 200);
  await keptMessage(answer.body.message_id);
  const history = (token: string) =>
    call("GET", `/api/v1/chat/sessions/${answer.body.session_id}`, { token });
  expect((await history(asker.token)).body.messages[0]).toMatchObject({ withheld: false });
  const demoted = { token: admin.token, json: { role: "member" } };
  expectStatus(await call("PATCH", `/api/v1/employees/${asker.userId}`, demoted), 200);
  const { orgId, userId } = asker;
  const token = await tokenFor({ orgId, userId, role: "member", access: "internal", tokenVersion: 2 });
  const left = await history(token);
  expectStatus(left, 200);
  expect(left.body.messages[0]).toMatchObject({
    question: QUESTION,
    answer: null,
    withheld: true,
    citations: [],
  });
  expect(left.text).not.toMatch(/terminal|Log of/);
});

test("nobody else may ask it, whatever door they come through", async () => {
  const { admin, logs } = await withLogs(BROKEN);
  const before = (await logs.seen()).length;
  const { key } = await apiKey(admin, ["chat", "search"]);
  const callers: [string, Record<string, string>][] = [
    ["member", bearer((await colleague(admin, "member")).token)],
    ["viewer", bearer((await colleague(admin, "viewer")).token)],
    ["external admin", bearer((await colleague(admin, "admin", "external")).token)],
    ["key", bearer(key)],
    ["widget", (await widgetVisitor(admin)).headers],
  ];
  for (const [who, headers] of callers) {
    for (const [path, json] of [
      ["/api/v1/query/sync", { query: QUESTION, telemetry: true }],
      ["/api/v1/chat", { message: QUESTION, telemetry: true, stream: false }],
      [
        "/v1/chat/completions",
        { messages: [{ role: "user", content: QUESTION }], kalamna: { telemetry: true } },
      ],
    ] as const) {
      const answer = await ask(path, headers, json);
      expect(answer.status, `${who} at ${path}: ${answer.text.slice(0, 300)}`).toBe(403);
      expect(answer.text).not.toContain("terminal");
    }
  }
  expect(await logs.seen()).toHaveLength(before);
});

describe("a hostile log line is material, not an order:", () => {
  const HONEST = 'The terminal refused [1: "the card terminal refused"].';
  test.each(HOSTILE.slice(0, 12).map((one) => [one.name, one] as const))(
    "%s",
    async (_, { content, order, reply }) => {
      const { admin } = await withLogs(BROKEN, { severity: "error", message: `Checkout failed. ${content}` });
      for (const listens of ["outside", "last"] as const) {
        const chat = await provider({ do: "obey", listens, order, reply, otherwise: HONEST });
        const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(chat) } }));
        const answer = await app.call("POST", "/api/v1/query/sync", {
          token: admin.token,
          json: { query: QUESTION, telemetry: true },
        });
        expectStatus(answer, 200);
        expect(answer.body.sources.map(({ kind }: { kind: string }) => kind)).toContain("log");
        expect(answer.body.answer).toContain("The terminal refused");
        await app.settled();
      }
    },
  );
});

test.each([
  ["What went wrong with /api/v1/query in the last 15 minutes?", ["/api/v1/query"], 15, true],
  ['Show "connection refused" since 2 days', ["connection refused"], 2 * 24 * 60, false],
  ["Which requests took long?", ["requests", "took", "long"], 24 * 60, false],
  ["ما الأخطاء في آخر ساعة؟", [], 60, true],
] as const)("“%s” is looked for in the right words and time", (question, terms, minutes, trouble) => {
  const wanted = wantedBy(question, new Date("2026-11-30T12:00:00Z"));
  for (const term of terms) expect(wanted.terms).toContain(term);
  expect((wanted.to.getTime() - wanted.from.getTime()) / 60_000).toBe(minutes);
  expect(wanted.trouble).toBe(trouble);
});

test("a line as a source says when, how bad, what, and its fields", () => {
  const line = {
    time: "2026-11-30T07:00:00.000Z",
    severity: "warn",
    message: "Slow.",
    attributes: { ms: 900, route: "/query" },
  } as const;
  expect(logSources({ origin: "logs.acme.example", lines: [line] })[0]).toMatchObject({
    document_name: "Log of logs.acme.example",
    content: "2026-11-30T07:00:00.000Z WARN Slow.\nms=900 route=/query",
  });
});
