/** Answers in conversations while they are given: stopped, left, followed, taken up again. */
import { sql } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { offerChats } from "../../src/infra/chat-model/offer.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { sweep } from "../../src/queue/sweep.ts";
import { call, expectStatus, type Person, ready, register, runtime } from "../support/api.ts";
import { appWith, type TestApp } from "../support/app.ts";
import { eventsOf, type SeenEvent } from "../support/events.ts";
import { keptMessage } from "../support/messages.ts";
import type { Behaviour } from "../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../support/models.ts";
import { baseCtx } from "../support/people.ts";

const WORDS = Array.from({ length: 60 }, (_, at) => `word${at}`);
const SLOW: Behaviour = { do: "answer", text: WORDS.join(" "), everyMs: 60 };

/** Each has its own organization, since `finish_answers` belongs to one. */
let fickle: Person;
let patient: Person;
beforeAll(async () => {
  [fickle, patient] = await Promise.all([register("Fickle"), register("Patient")]);
  expectStatus(
    await call("PATCH", "/api/v1/org", {
      token: patient.token,
      json: { settings: { finish_answers: true } },
    }),
    200,
  );
  await Promise.all(
    [fickle, patient].map((person) => ready(person, "m.md", "The morning ferry leaves at half past six.")),
  );
}, 60_000);

async function slowApp(behaviour: Behaviour = SLOW) {
  const config = await provider(behaviour);
  const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
  return { config, app };
}

type Reading = {
  events: SeenEvent[];
  until(enough: (events: SeenEvent[]) => boolean): Promise<SeenEvent[]>;
  leave(): Promise<void>;
};

function reading(response: Response): Reading {
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const read = () => eventsOf(text.slice(0, text.lastIndexOf("\n\n") + 2));
  return {
    get events() {
      return read();
    },
    async until(enough) {
      while (!enough(read())) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
      }
      return read();
    },
    leave: () => reader.cancel(),
  };
}

const tokens = (events: SeenEvent[]) => events.filter(({ event }) => event === "token");
const said = (events: SeenEvent[]) =>
  tokens(events)
    .map(({ data }) => data.text)
    .join("");
const toTheEnd = () => false;
const someWords = (events: SeenEvent[]) => tokens(events).length >= 5;

async function begin(app: TestApp, { token }: Person, more: object = {}) {
  const stream = reading(
    await app.fetch("POST", "/api/v1/chat", {
      token,
      json: { message: "When does the morning ferry leave?", ...more },
    }),
  );
  const events = await stream.until(someWords);
  const { session_id, message_id } = events[0]!.data as { session_id: string; message_id: string };
  return { stream, sessionId: session_id, messageId: message_id };
}

const resume = (sessionId: string, { token }: Person, lastEventId?: string, app?: TestApp) =>
  (app ?? appWith(() => ({}))).fetch("GET", `/api/v1/chat/${sessionId}/stream`, {
    token,
    ...(lastEventId ? { headers: { "last-event-id": lastEventId } } : {}),
  });

describe("stopping an answer", () => {
  test.each([
    ["in the same isolate", true],
    ["in another isolate", false],
  ])(
    "%s ends its stream with what came, and the model",
    async (_, same) => {
      const { app, config } = await slowApp();
      const { stream, sessionId, messageId } = await begin(app, fickle);
      const stop = await (same ? app.call : call)("POST", `/api/v1/chat/${sessionId}/stop`, {
        token: fickle.token,
      });
      expectStatus(stop, 202);
      expect(stop.body).toEqual({ session_id: sessionId, message_id: messageId });
      const events = await stream.until(toTheEnd);
      expect(events.at(-1)).toMatchObject({
        event: "done",
        data: { stopped: true, session_id: sessionId, answer: said(events) },
      });
      expect(said(events)).not.toContain(WORDS.at(-1));
      await hungUp(config);
      expect(await keptMessage(messageId)).toMatchObject({
        status: "stopped",
        answer: said(events),
        completion_tokens: null,
      });
      const again = await call("POST", `/api/v1/chat/${sessionId}/stop`, { token: fickle.token });
      expectStatus(again, 409);
      expect(again.body.code).toBe("not_in_progress");
    },
    30_000,
  );

  test("is what deleting its conversation does", async () => {
    const { app, config } = await slowApp();
    const { stream, sessionId } = await begin(app, fickle);
    const path = `/api/v1/chat/sessions/${sessionId}`;
    expectStatus(await call("DELETE", path, { token: fickle.token }), 200);
    expect((await stream.until(toTheEnd)).at(-1)).toMatchObject({ event: "done", data: { stopped: true } });
    await hungUp(config);
    await app.settled();
    expectStatus(await call("GET", path, { token: fickle.token }), 404);
  }, 30_000);
});

test("a form that is being filled in when it is stopped stays empty", async () => {
  const config = await provider({ do: "hang" });
  const app = appWith(({ ports }) => ({
    ports: { ...ports, ...offerChats([openaiChat(config)], [], 30_000) },
  }));
  const message = "When does the morning ferry leave?";
  const chat = (json: object) =>
    app.call("POST", "/api/v1/chat", { token: fickle.token, json: { message, stream: false, ...json } });
  const first = await call("POST", "/api/v1/chat", { token: fickle.token, json: { message, stream: false } });
  await keptMessage(first.body.message_id);
  const { session_id } = first.body;
  const answering = chat({ session_id, rewrite: "off", response_format: { type: "json_object" } });
  await expect.poll(() => requestsOf(config)).toHaveLength(1);
  expectStatus(await app.call("POST", `/api/v1/chat/${session_id}/stop`, { token: fickle.token }), 202);
  const { body } = await answering;
  expect(body).toMatchObject({ stopped: true, structured: null, answer: "" });
  await hungUp(config);
  expect(await keptMessage(body.message_id)).toMatchObject({ status: "stopped" });
});

describe("a reader who goes away", () => {
  test("ends the answer, which is kept as far as it came", async () => {
    const { app, config } = await slowApp();
    const { stream, messageId } = await begin(app, fickle);
    await stream.leave();
    await hungUp(config);
    const kept = await keptMessage(messageId);
    expect(kept.status).toBe("stopped");
    expect(kept.answer).toContain("word3");
    expect(kept.answer).not.toContain(WORDS.at(-1));
  }, 30_000);

  test("does not, where the organization wants answers finished", async () => {
    const { app } = await slowApp();
    const { stream, messageId } = await begin(app, patient);
    await stream.leave();
    expect(await keptMessage(messageId)).toMatchObject({ status: "complete", answer: WORDS.join(" ") });
  }, 30_000);

  test("comes back and misses nothing, gets nothing twice, and then there is nothing more", async () => {
    const { app } = await slowApp();
    const { stream, sessionId, messageId } = await begin(app, patient);
    const before = stream.events;
    await stream.leave();
    const after = await reading(await resume(sessionId, patient, before.at(-1)!.id)).until(toTheEnd);
    const all = [...before, ...after];
    expect(all.map(({ id }) => id)).toEqual(all.map((_, at) => `${messageId}.${at + 1}`));
    expect(said(all)).toBe(WORDS.join(" "));
    expect(all.at(-1)).toMatchObject({
      event: "done",
      data: { answer: WORDS.join(" "), message_id: messageId },
    });
    expect((await resume(sessionId, patient, all.at(-1)!.id)).status).toBe(204);
    expect((await resume(sessionId, patient)).status).toBe(204);
  }, 30_000);

  test("comes back after the end and gets the rest of what was kept", async () => {
    const { app } = await slowApp();
    const { stream, sessionId, messageId } = await begin(app, fickle);
    const before = stream.events;
    await stream.leave();
    const kept = await keptMessage(messageId);
    const after = await reading(await resume(sessionId, fickle, before.at(-1)!.id)).until(toTheEnd);
    expect(said([...before, ...after])).toBe(kept.answer);
    expect(after.at(-1)).toMatchObject({ event: "done", data: { stopped: true } });
  }, 30_000);

  test.each(["1", "x.1", "00000000-0000-4000-8000-000000000000.x"])(
    "with an id that we did not give (%s) is told so",
    async (id) => {
      const answer = await call("GET", `/api/v1/chat/${crypto.randomUUID()}/stream`, {
        token: fickle.token,
        headers: { "last-event-id": id },
      });
      expectStatus(answer, 400);
    },
  );
});

describe("two tabs", () => {
  test("see the same answer", async () => {
    const { app } = await slowApp();
    const { stream, sessionId } = await begin(app, fickle);
    const [one, two] = await Promise.all([
      stream.until(toTheEnd),
      reading(await resume(sessionId, fickle)).until(toTheEnd),
    ]);
    expect(two.map(({ id, event }) => [id, event])).toEqual(one.map(({ id, event }) => [id, event]));
    expect(two[0]!.data).toEqual(one[0]!.data);
    expect(said(two)).toBe(WORDS.join(" "));
    expect(two.at(-1)!.data).toEqual(one.at(-1)!.data);
  }, 30_000);

  test("see the same answer also when a piece of it could not be written at once", async () => {
    const config = await provider(SLOW);
    let away = false;
    let refused = 0;
    const app = appWith((real) => {
      const db = new Proxy(real.ports.db, {
        get: (target, name, receiver) =>
          name === "batch" && away && ++refused <= 2
            ? () => Promise.reject(new Error("the database is away"))
            : Reflect.get(target, name, receiver),
      });
      return { ports: { ...real.ports, chat: openaiChat(config), db } };
    });
    const { stream, sessionId } = await begin(app, fickle);
    away = true;
    const [one, two] = await Promise.all([
      stream.until(toTheEnd),
      reading(await resume(sessionId, fickle)).until(toTheEnd),
    ]);
    expect(refused).toBeGreaterThan(1);
    expect(said(one)).toBe(WORDS.join(" "));
    expect(said(two)).toBe(WORDS.join(" "));
  }, 30_000);

  test("do not ask at the same time: the second hears what is being answered", async () => {
    const { app } = await slowApp();
    const { stream, sessionId, messageId } = await begin(app, fickle);
    const second = await call("POST", "/api/v1/chat", {
      token: fickle.token,
      json: { message: "And the evening one?", session_id: sessionId },
    });
    expectStatus(second, 409);
    expect(second.body).toMatchObject({
      code: "answer_running",
      session_id: sessionId,
      message_id: messageId,
    });
    await stream.leave();
    await keptMessage(messageId);
    const { body } = await call("GET", `/api/v1/chat/sessions/${sessionId}`, { token: fickle.token });
    expect(body.messages).toHaveLength(1);
  }, 30_000);

  test("that ask at the very same moment get one answer and one refusal", async () => {
    const first = await call("POST", "/api/v1/chat", {
      token: fickle.token,
      json: { message: "When does the morning ferry leave?", stream: false },
    });
    await keptMessage(first.body.message_id);
    const { app } = await slowApp();
    const ask = () =>
      app.call("POST", "/api/v1/chat", {
        token: fickle.token,
        json: { message: "And the evening one?", session_id: first.body.session_id, stream: false },
      });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    await app.settled();
  }, 30_000);
});

/** An answer that somebody else is giving, or was giving until `alive` seconds from now. */
async function begun(person: Person, alive: number) {
  const [sessionId, messageId] = [crypto.randomUUID(), crypto.randomUUID()];
  const { db } = baseCtx().ports;
  await db.execute(sql`insert into kalamna.chat_sessions (id, org_id, user_id, title)
                       values (${sessionId}, ${person.orgId}, ${person.userId}, 'Ferries')`);
  await db.execute(sql`
    insert into kalamna.messages (id, org_id, session_id, channel, user_id, access, question, status, created_at, alive_until)
    values (${messageId}, ${person.orgId}, ${sessionId}, 'chat', ${person.userId}, 1, 'When?', 'answering', now(),
            now() + make_interval(secs => ${alive}))`);
  await db.execute(sql`
    insert into kalamna.message_events (org_id, message_id, first, events)
    values (${person.orgId}, ${messageId}, 1, '[{"type":"sources"},{"type":"token","text":"At "}]'),
           (${person.orgId}, ${messageId}, 3, '[{"type":"token","text":"half"}]')`);
  return { sessionId, messageId };
}

describe("an answer that is not over after a minute", () => {
  afterEach(() => void vi.useRealTimers());
  /** What a reader is told who begins to follow it, and for whom that minute then passes. */
  async function told(query: string): Promise<string> {
    const { sessionId } = await begun(fickle, 600);
    const response = await followed(sessionId, query);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    return response.text();
  }
  const followed = (sessionId: string, query: string) =>
    appWith(() => ({})).fetch("GET", `/api/v1/chat/${sessionId}/stream${query}`, { token: fickle.token });

  test("tells an AI SDK client, which would take silence for the end", async () => {
    const text = await told("?stream_format=ai-sdk");
    expect(text).toContain('"delta":"half"');
    expect(text).toMatch(/"type":"error","errorText":"[^"]*follow it again"\}\n\ndata: \[DONE\]/);
  });

  test("ends for others where they come back by themselves", async () => {
    const events = eventsOf(await told(""));
    expect(events.map(({ event }) => event)).toEqual(["sources", "token", "token"]);
  });
});

describe("an answer whose isolate died", () => {
  const dead = (person: Person) => begun(person, -1);

  test("is said to have broken off, to whoever follows it", async () => {
    const { sessionId, messageId } = await dead(fickle);
    const events = await reading(await resume(sessionId, fickle)).until(toTheEnd);
    expect(events.map(({ event }) => event)).toEqual(["sources", "token", "token", "error"]);
    expect(events.at(-1)).toMatchObject({
      id: `${messageId}.4`,
      data: { problem: { code: "answer_interrupted", status: 503 } },
    });
  });

  test("does not keep its conversation from going on", async () => {
    const { sessionId, messageId } = await dead(fickle);
    const answer = await call("POST", "/api/v1/chat", {
      token: fickle.token,
      json: { message: "When does the morning ferry leave?", session_id: sessionId, stream: false },
    });
    expectStatus(answer, 200);
    await keptMessage(answer.body.message_id);
    expect(await keptMessage(messageId)).toMatchObject({ status: "failed", answer: "At half" });
  });

  test("is ended by the sweep with what there was of it", async () => {
    const { messageId } = await dead(fickle);
    await sweep(runtime(), () => undefined);
    expect(await keptMessage(messageId)).toMatchObject({
      status: "failed",
      failure_code: "answer_interrupted",
      answer: "At half",
    });
  }, 60_000);
});

test("what is older than an organization keeps is forgotten, and its conversations with it", async () => {
  const admin = await register("Forgetful");
  const { db } = baseCtx().ports;
  const ask = async () => {
    const answer = await call("POST", "/api/v1/chat", {
      token: admin.token,
      json: { message: "When does the ferry leave?", stream: false },
    });
    expectStatus(answer, 200);
    await keptMessage(answer.body.message_id);
    return answer.body.session_id as string;
  };
  const [old, recent] = [await ask(), await ask()];
  await db.execute(
    sql`update kalamna.messages set created_at = now() - interval '31 days' where session_id = ${old}`,
  );
  await db.execute(
    sql`update kalamna.chat_sessions set updated_at = now() - interval '31 days' where id = ${old}`,
  );
  const left = async () => {
    await sweep(runtime(), () => undefined);
    const { body } = await call("GET", "/api/v1/chat/sessions", { token: admin.token });
    return body.data.map(({ id }: { id: string }) => id);
  };
  expect(await left(), "kept while nobody has said for how long").toEqual([recent, old]);
  const keep = (history_days: unknown) =>
    call("PATCH", "/api/v1/org", { token: admin.token, json: { settings: { history_days } } });
  expectStatus(await keep(0), 400);
  expectStatus(await keep(30), 200);
  expect(await left()).toEqual([recent]);
  const { rows } = await db.execute(sql`select from kalamna.messages where session_id = ${old}`);
  expect(rows).toEqual([]);
  expectStatus(await keep(null), 200);
}, 60_000);

test("a document that is deleted while it is being spoken of is not in what is kept", async () => {
  const admin = await register("Sudden");
  const id = await ready(admin, "secret.md", "The morning ferry leaves at half past six from pier nine.");
  const { app } = await slowApp();
  const { stream, messageId, sessionId } = await begin(app, admin);
  expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: admin.token }), 200);
  await stream.until(toTheEnd);
  const kept = await keptMessage(messageId);
  expect(kept).toMatchObject({ status: "complete", answer: null, citations: [] });
  expect(JSON.stringify(kept)).not.toMatch(/word\d|secret\.md/);
  expect((await resume(sessionId, admin, `${messageId}.1`)).status).toBe(204);
}, 30_000);

test("pieces of answers are kept for minutes, and go at once with a document they were drawn from", async () => {
  const admin = await register("Brief");
  const id = await ready(admin, "secret.md", "The morning ferry leaves at half past six from pier nine.");
  const { app } = await slowApp({ do: "answer", text: "From pier nine at half past six.", everyMs: 300 });
  const { stream, messageId, sessionId } = await begin(app, admin);
  await stream.until(toTheEnd);
  await keptMessage(messageId);
  const pieces = async () =>
    (
      await baseCtx().ports.db.execute(
        sql`select from kalamna.message_events where message_id = ${messageId}`,
      )
    ).rows.length;
  await vi.waitUntil(async () => (await pieces()) > 0);
  expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: admin.token }), 200);
  expect(await pieces()).toBe(0);
  expect((await resume(sessionId, admin, `${messageId}.1`)).status).toBe(204);
  await baseCtx().ports.db.execute(sql`
    insert into kalamna.message_events (org_id, message_id, first, events, created_at)
    values (${admin.orgId}, ${messageId}, 1, '[]', now() - interval '16 minutes')`);
  await sweep(runtime(), () => undefined);
  expect(await pieces()).toBe(0);
}, 60_000);
