/** Conversations as their owners use them. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { eventsOf } from "../support/events.ts";
import { keptMessage } from "../support/messages.ts";
import { provider, requestsOf } from "../support/models.ts";
import { baseCtx } from "../support/people.ts";

let person: Person;
let manual: string;
beforeAll(async () => {
  person = await register("Harbour");
  manual = await ready(
    person,
    "manual.md",
    "# Ferries\n\nThe morning ferry leaves the northern harbour at half past six. Dogs must wear a muzzle on deck. The evening ferry leaves at nine.",
    { access_level: "external" },
  );
}, 60_000);

const say = (json: object, token = person.token) => call("POST", "/api/v1/chat", { token, json });
const sayAll = async (message: string, session_id?: string) => {
  const answer = await say({ message, stream: false, ...(session_id ? { session_id } : {}) });
  expectStatus(answer, 200);
  await keptMessage(answer.body.message_id);
  return answer.body as { session_id: string; message_id: string; answer: string };
};
const session = (id: string, query = "", token = person.token) =>
  call("GET", `/api/v1/chat/sessions/${id}${query}`, { token });

describe("the first question", () => {
  test("makes a conversation, names it, and streams its answer like any other", async () => {
    const response = await say({ message: "When does the morning ferry\nleave?" });
    expectStatus(response, 200);
    const events = eventsOf(response.text);
    expect(events[0]).toMatchObject({
      event: "sources",
      data: { session_id: expect.any(String), message_id: expect.any(String) },
    });
    const { session_id, message_id } = events[0]!.data;
    expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => `${message_id}.${at + 1}`));
    expect(events.at(-1)).toMatchObject({ event: "done", data: { session_id, message_id, grounded: true } });
    expect(await keptMessage(message_id)).toMatchObject({ session_id, channel: "chat", status: "complete" });
    const { body } = await session(session_id);
    expect(body.session).toMatchObject({
      id: session_id,
      title: "When does the morning ferry",
      answering: false,
      owner: { user_id: person.userId },
    });
    expect(body.messages).toEqual([
      expect.objectContaining({
        id: message_id,
        question: "When does the morning ferry\nleave?",
        answer: expect.stringContaining("half past six"),
        withheld: false,
        status: "complete",
      }),
    ]);
    expect(body.messages[0].sources[0]).toMatchObject({
      index: 1,
      document_id: manual,
      document_name: "manual.md",
      content: expect.stringContaining("muzzle"),
    });
    expect(body.messages[0].citations[0].quote).toContain("half past six");
  });

  test("takes no more round trips than a question outside of conversations", async () => {
    let batches = 0;
    const app = appWith((real) => {
      const db = new Proxy(real.ports.db, {
        get(target, name, receiver) {
          if (name === "batch") batches += 1;
          return Reflect.get(target, name, receiver);
        },
      });
      return { ports: { ...real.ports, db } };
    });
    const tripsUntilFirstToken = async (path: string, json: object) => {
      batches = 0;
      const response = await app.fetch("POST", path, { token: person.token, json });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes("event: token")) text += (await reader.read()).value ?? "";
      const trips = batches;
      while (!(await reader.read()).done);
      await app.settled();
      return trips;
    };
    // A kept answer is there at once, and its settling would be counted.
    const asked = "When does the morning ferry leave?";
    const first = await tripsUntilFirstToken("/api/v1/chat", { message: asked, cache: false });
    expect(first).toBe(await tripsUntilFirstToken("/api/v1/query", { query: asked, cache: false }));
    const { session_id } = await sayAll("When does the morning ferry leave?");
    expect(
      await tripsUntilFirstToken("/api/v1/chat", { message: "And the evening one?", session_id }),
      "a later one reads what was said before",
    ).toBe(first + 1);
  });

  test.each([
    ["message", {}],
    ["message", { message: " " }],
    ["session_id", { message: "x", session_id: "1" }],
    ["end_user", { message: "x", end_user: "" }],
  ])("is refused with a bad %s", async (path, json) => {
    const answer = await say(json);
    expectStatus(answer, 400);
    expect(answer.body.errors[0].path).toBe(path);
  });

  test("that fails before its first word leaves a conversation to go on in, and says which", async () => {
    const config = await provider({ do: "status", status: 400 }, { do: "answer", text: "At nine." });
    const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
    const failed = await app.call("POST", "/api/v1/chat", {
      token: person.token,
      json: { message: "When does the evening ferry leave?" },
    });
    expectStatus(failed, 502);
    expect(failed.body).toMatchObject({ code: "model_failed", session_id: expect.any(String) });
    await app.settled();
    const { session_id } = failed.body;
    const { body } = await session(session_id);
    expect(body.messages[0]).toMatchObject({ status: "failed", failure_code: "model_failed", answer: null });
    const again = await app.call("POST", "/api/v1/chat", {
      token: person.token,
      json: { message: "When does the evening ferry leave?", session_id, stream: false },
    });
    expectStatus(again, 200);
    expect(again.body).toMatchObject({ session_id, answer: "At nine." });
  });
});

describe("a later question", () => {
  test("is answered in the light of what was said", async () => {
    const config = await provider({ do: "answer", text: "It leaves at half past six [1]." });
    const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
    const ask = async (json: object) => {
      const answer = await app.call("POST", "/api/v1/chat", {
        token: person.token,
        json: { stream: false, ...json },
      });
      expectStatus(answer, 200);
      await app.settled();
      return answer.body;
    };
    const { session_id } = await ask({ message: "When does the morning ferry leave?" });
    const second = await ask({ message: "And from which harbour?", session_id });
    expect(second.session_id).toBe(session_id);
    const seen = (await requestsOf(config)).at(-1)!;
    const said = JSON.stringify(seen.body);
    expect(said).toContain("When does the morning ferry leave?");
    expect(said).toContain("It leaves at half past six [1].");
    expect((await session(session_id)).body.messages.map(({ question }: any) => question)).toEqual([
      "When does the morning ferry leave?",
      "And from which harbour?",
    ]);
  });

  test("brings its conversation to the top of the list", async () => {
    const newcomer = await register();
    const ask = async (json: object) => {
      const answer = await say({ stream: false, ...json }, newcomer.token);
      expectStatus(answer, 200);
      await keptMessage(answer.body.message_id);
      return answer.body.session_id as string;
    };
    const older = await ask({ message: "First 100% thing" });
    const newer = await ask({ message: "Second thing" });
    const list = async (query = "") => {
      const answer = await call("GET", `/api/v1/chat/sessions${query}`, { token: newcomer.token });
      expectStatus(answer, 200);
      return answer.body;
    };
    const ids = (body: any) => body.data.map(({ id }: any) => id);
    expect(ids(await list())).toEqual([newer, older]);
    await ask({ message: "More of the first", session_id: older });
    expect(ids(await list())).toEqual([older, newer]);
    const page = await list("?limit=1");
    expect(ids(page)).toEqual([older]);
    expect(ids(await list(`?limit=1&cursor=${page.next_cursor}`))).toEqual([newer]);
    expect(ids(await list("?q=second"))).toEqual([newer]);
    expect(ids(await list("?q=100%25"))).toEqual([older]);
    expect(ids(await list("?q=%25nd"))).toEqual([]);
  });

  test("is read back in pages, the newest last", async () => {
    const { session_id } = await sayAll("When does the morning ferry leave?");
    for (const message of ["May dogs travel?", "When does the evening ferry leave?"])
      await sayAll(message, session_id);
    const newest = (await session(session_id, "?limit=2")).body;
    expect(newest.messages.map(({ question }: any) => question)).toEqual([
      "May dogs travel?",
      "When does the evening ferry leave?",
    ]);
    const before = (await session(session_id, `?limit=2&cursor=${newest.next_cursor}`)).body;
    expect(before.messages.map(({ question }: any) => question)).toEqual([
      "When does the morning ferry leave?",
    ]);
    expect(before.next_cursor).toBeNull();
  });
});

describe("a conversation", () => {
  test("is renamed", async () => {
    const { session_id } = await sayAll("When does the morning ferry leave?");
    const answer = await call("PATCH", `/api/v1/chat/sessions/${session_id}`, {
      token: person.token,
      json: { title: "Ferries" },
    });
    expectStatus(answer, 200);
    expect(answer.body.session.title).toBe("Ferries");
    for (const title of ["", "x".repeat(201), "a\u0007b"]) {
      expectStatus(
        await call("PATCH", `/api/v1/chat/sessions/${session_id}`, { token: person.token, json: { title } }),
        400,
      );
    }
  });

  test("is deleted with all that was said in it", async () => {
    const { session_id, message_id } = await sayAll("When does the morning ferry leave?");
    const path = `/api/v1/chat/sessions/${session_id}`;
    expectStatus(await call("DELETE", path, { token: person.token }), 200);
    expectStatus(await session(session_id), 404);
    expectStatus(await call("DELETE", path, { token: person.token }), 404);
    expectStatus(await say({ message: "More", session_id }), 404);
    const { db } = baseCtx().ports;
    const { rows } = await db.execute(sql`select from kalamna.messages where id = ${message_id}`);
    expect(rows).toEqual([]);
  });

  test("is taken away as JSON and as Markdown, without the passages", async () => {
    const { session_id } = await sayAll("When does the morning ferry leave?");
    await sayAll("Who won the chess championship in Reykjavik?", session_id);
    const take = (format: string) => session(session_id, `/export?format=${format}`);
    const json = await take("json");
    expectStatus(json, 200);
    expect(json.headers.get("content-disposition")).toContain("attachment");
    expect(json.body.session.id).toBe(session_id);
    expect(json.body.messages).toHaveLength(2);
    expect(json.body.messages[0].sources[0]).not.toHaveProperty("content");
    expect(json.text).not.toContain("muzzle");
    const markdown = await take("markdown");
    expectStatus(markdown, 200);
    expect(markdown.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    expect(markdown.text).toContain("# When does the morning ferry leave?");
    expect(markdown.text).toContain("> Who won the chess championship in Reykjavik?");
    expect(markdown.text).toMatch(/\[1\] manual\.md, Ferries: “.*half past six.*”/);
    expectStatus(await take("pdf"), 400);
  });

  test("is taken away whole, however long it is, with what was never answered", async () => {
    const { session_id, message_id } = await sayAll("When does the morning ferry leave?");
    await baseCtx().ports.db.execute(sql`
      insert into kalamna.messages (id, org_id, session_id, channel, user_id, access, question, status, created_at)
      select gen_random_uuid(), m.org_id, m.session_id, m.channel, m.user_id, m.access, 'Question ' || n, 'failed',
             m.created_at + n * interval '1 second'
        from kalamna.messages m, generate_series(1, 205) n where m.id = ${message_id}`);
    const { text } = await session(session_id, "/export?format=markdown");
    const asked = [...text.matchAll(/^> Question (\d+)$/gm)].map(([, n]) => Number(n));
    expect(asked).toEqual(Array.from({ length: 205 }, (_, at) => at + 1));
    expect(text.match(/^\*No answer\.\*$/gm)).toHaveLength(205);
  });

  test("shows a stored answer as long as its reader may read what it was drawn from", async () => {
    const admin = await register();
    const [open, secret] = await Promise.all([
      ready(admin, "open.md", "The lighthouse opens for visitors at nine.", { access_level: "external" }),
      ready(admin, "secret.md", "The vault combination is seven three four one.", {
        access_level: "internal",
      }),
    ]);
    const ask = async (message: string, session_id?: string) => {
      const answer = await say(
        { message, stream: false, ...(session_id ? { session_id } : {}) },
        admin.token,
      );
      expectStatus(answer, 200);
      await keptMessage(answer.body.message_id);
      return answer.body;
    };
    const { session_id } = await ask("What is the vault combination?");
    await ask("When does the lighthouse open for visitors?", session_id);
    const shown = async () => (await session(session_id, "", admin.token)).body.messages;
    expect((await shown()).map(({ withheld }: any) => withheld)).toEqual([false, false]);
    expectStatus(await call("DELETE", `/api/v1/documents/${secret}`, { token: admin.token }), 200);
    const [vault, lighthouse] = await shown();
    expect(vault).toMatchObject({ answer: null, withheld: true, citations: [] });
    expect(vault.sources).toContainEqual({ index: 1, unavailable: true });
    expect(lighthouse).toMatchObject({ withheld: false, answer: expect.stringContaining("nine") });
    expect(lighthouse.citations[0].document_id).toBe(open);
    const { text } = await session(session_id, "/export?format=markdown", admin.token);
    expect(text).not.toContain("seven three");
    expect(text).toContain("is not there for you any more");
  });
});
