import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/domain/answers/answer.ts";
import { AskInput, ask as askDocuments } from "../../src/domain/answers/ask.ts";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { apiKey, bearer, widgetVisitor } from "../support/credentials.ts";
import { colleague, ctxFor } from "../support/people.ts";

const QUESTION = "When does the harbour office open?";
const ANSWER = "It opens at **seven**, and at nine on Sundays.\n\n- Ring twice.";

const PATH = "/api/v1/knowledge/answers";
async function teach(by: Person, more: Record<string, unknown> = {}) {
  const answer = await call("POST", PATH, {
    token: by.token,
    json: { question: QUESTION, answer: ANSWER, ...more },
  });
  expectStatus(answer, 201);
  return answer.body.answer;
}
async function ask(by: Person, query = QUESTION, more: Record<string, unknown> = {}) {
  const answer = await call("POST", "/api/v1/query/sync", { token: by.token, json: { query, ...more } });
  expectStatus(answer, 200);
  return answer.body;
}
const change = (by: Person, id: string, json: Record<string, unknown>) =>
  call("PATCH", `${PATH}/${id}`, { token: by.token, json });

let admin: Person;
beforeAll(async () => {
  admin = await register("Harbour & Sons");
  await ready(admin, "hours.txt", "The harbour office opens at eight. Boats leave hourly.", {
    access_level: "external",
  });
});

describe("a taught answer", () => {
  test("is given word for word to the next who asks, with its origin, and no model", async () => {
    const org = await register("Harbour & Sons");
    await ready(org, "hours.txt", "The harbour office opens at eight. Boats leave hourly.");
    expect((await ask(org)).answer).toMatch(/eight/);
    const taught = await teach(org, { variants: ["harbour office hours"], note: "the sign is wrong" });
    expect(taught).toMatchObject({
      version: 1,
      state: "active",
      access_level: "internal",
      note: "the sign is wrong",
    });

    for (const query of [QUESTION, "when does the harbour office open", "Harbour office hours?"]) {
      const answer = await ask(org, query);
      expect(answer).toMatchObject({
        answer: ANSWER,
        grounded: true,
        mode: "taught",
        model: "taught",
        cost: 0,
        usage: null,
        attempts: [],
        taught: { id: taught.id, version: 1 },
        retrieval: { off_topic: false },
      });
      expect(answer.sources).toEqual([
        expect.objectContaining({
          index: 1,
          kind: "taught",
          chunk_id: null,
          document_id: null,
          document_name: "Verified by Harbour & Sons",
          title: QUESTION,
          content: ANSWER,
          taught: { id: taught.id, version: 1, question: QUESTION },
        }),
      ]);
      const [citation] = answer.citations;
      expect(answer.citations).toHaveLength(1);
      expect(answer.sources[0].content.slice(citation.start, citation.end)).toBe(citation.quote);
    }
  });

  test("costs no further trip to the database", async () => {
    const org = await register();
    await teach(org);
    const ctx = ctxFor(org);
    let trips = 0;
    const db = new Proxy(ctx.ports.db, {
      get(target, name) {
        if (name === "batch") trips += 1;
        return Reflect.get(target, name, target);
      },
    });
    const events = askDocuments({ ...ctx, ports: { ...ctx.ports, db } }, AskInput.parse({ query: QUESTION }));
    expect(await collect(events)).toMatchObject({ answer: ANSWER });
    // The question's own, and the one that keeps it once it is answered.
    expect(trips).toBe(2);
  });

  test.each([
    "When does the harbour office not open?",
    "When does the harbour office close?",
    "When did the harbour office open?",
    "When does the harbour office 2 open?",
    "Why does the harbour office open?",
    "When does the head office open?",
  ])("is not given for another question: %s", async (query) => {
    const org = await register();
    await teach(org);
    expect((await ask(org, query)).taught).toBeUndefined();
  });

  test("streams as sources, one token, one citation, done", async () => {
    const org = await register();
    await teach(org);
    const { text } = await call("POST", "/api/v1/query", { token: org.token, json: { query: QUESTION } });
    expect(text.match(/^event: \w+/gm)).toEqual([
      "event: sources",
      "event: token",
      "event: citation",
      "event: done",
    ]);
    const bare = await call("POST", "/api/v1/query", {
      token: org.token,
      json: { query: QUESTION, stream_format: "text" },
    });
    expect(bare.text).toBe(ANSWER);
  });

  test("answers a follow-up only when that is the very question", async () => {
    const org = await register();
    await teach(org);
    const history = [{ role: "user", content: "Tell me about the harbour." }];
    expect((await ask(org, QUESTION, { history })).answer).toBe(ANSWER);
    expect((await ask(org, "When does it open?", { history })).taught).toBeUndefined();
  });

  test("is not among the documents that a search is confined to", async () => {
    const org = await register();
    const id = await ready(org, "other.txt", "The harbour office opens at eight.");
    await teach(org);
    expect((await ask(org, QUESTION, { document_ids: [id] })).answer).toMatch(/eight/);
  });

  test("stops when it is switched off, expired or deleted, and the next version answers at once", async () => {
    const org = await register();
    await ready(org, "hours.txt", "The harbour office opens at eight.");
    const { id } = await teach(org);
    expectStatus(await change(org, id, { enabled: false }), 200);
    expect((await ask(org)).answer).toMatch(/eight/);
    expectStatus(await change(org, id, { enabled: true, answer: "At six." }), 200);
    expect(await ask(org)).toMatchObject({ answer: "At six.", taught: { id, version: 3 } });
    const past = await change(org, id, { expires_at: "2020-01-01T00:00:00Z" });
    expect(past.body.answer).toMatchObject({ state: "expired", version: 4 });
    expect((await ask(org)).answer).toMatch(/eight/);
    expectStatus(await change(org, id, { expires_at: null, question: "When does the boat leave?" }), 200);
    expect((await ask(org)).answer).toMatch(/eight/);
    expect((await ask(org, "When does the boat leave?")).answer).toBe("At six.");
    expectStatus(await call("DELETE", `${PATH}/${id}`, { token: org.token }), 200);
    expect((await ask(org, "When does the boat leave?")).taught).toBeUndefined();
    expectStatus(await call("DELETE", `${PATH}/${id}`, { token: org.token }), 404);
  });

  test("keeps its history, and every change is in the audit log", async () => {
    const org = await register();
    const { id } = await teach(org, { note: "first" });
    expectStatus(await change(org, id, { answer: "Second.", note: "second" }), 200);
    expectStatus(await change(org, id, { answer: "Third." }), 200);
    const path = `${PATH}/${id}/versions`;
    const page = await call("GET", `${path}?limit=2`, { token: org.token });
    expect(page.body.data.map(({ version, answer }: any) => [version, answer])).toEqual([
      [3, "Third."],
      [2, "Second."],
    ]);
    const rest = await call("GET", `${path}?limit=2&cursor=${page.body.next_cursor}`, { token: org.token });
    expect(rest.body).toMatchObject({
      data: [{ version: 1, note: "first", changed_by: org.userId }],
      next_cursor: null,
    });
    expectStatus(await call("DELETE", `${PATH}/${id}`, { token: org.token }), 200);
    const log = await call("GET", `/api/v1/audit?target_id=${id}`, { token: org.token });
    expect(log.body.data.map(({ action }: any) => action)).toEqual([
      "knowledge.deleted",
      "knowledge.changed",
      "knowledge.changed",
      "knowledge.taught",
    ]);
    expect(log.text).not.toContain("Second.");
  });

  test("leaves no copy in what was answered with it once it is deleted", async () => {
    const org = await register();
    const { id } = await teach(org);
    const { message_id } = await ask(org);
    const kept = async () => {
      const [{ rows }] = await tenantBatch(ctxFor(org), (db) => [
        db.execute<{ answer: string | null }>(
          sql`select answer from kalamna.messages where id = ${message_id}`,
        ),
      ]);
      return rows[0]?.answer;
    };
    await expect.poll(kept).toBe(ANSWER);
    expectStatus(await call("DELETE", `${PATH}/${id}`, { token: org.token }), 200);
    expect(await kept()).toBeNull();
  });
});

describe("who may read a taught answer", () => {
  test("decides who gets it: an external reader gets the external one", async () => {
    const guest = await colleague(admin, "member", "external");
    const question = "How deep is the harbour?";
    await teach(admin, {
      question,
      answer: "Nine metres, and the north end silts up.",
      access_level: "internal",
    });
    expect((await ask(guest, question)).taught).toBeUndefined();
    await teach(admin, { question, answer: "Nine metres.", access_level: "external" });
    expect((await ask(guest, question)).answer).toBe("Nine metres.");
    expect((await ask(admin, question)).answer).toMatch(/silts/);
    expect((await ask(admin, question, { access_level: "external" })).answer).toBe("Nine metres.");
    const visitor = await widgetVisitor(admin);
    const widget = await call("POST", "/api/v1/query/sync", {
      headers: visitor.headers,
      json: { query: question },
    });
    expect(widget.body.answer).toBe("Nine metres.");
  });

  test("may be a group; when it is deleted, admins alone are left", async () => {
    const org = await register();
    const [insider, outsider] = [await colleague(org, "member"), await colleague(org, "member")];
    const { group } = (await call("POST", "/api/v1/groups", { token: org.token, json: { name: "Pilots" } }))
      .body;
    await call("PUT", `/api/v1/groups/${group.id}/members/${insider.userId}`, { token: org.token });
    const { id } = await teach(org, { groups: [group.id] });
    expect((await ask(insider)).answer).toBe(ANSWER);
    expect((await ask(outsider)).taught).toBeUndefined();
    expectStatus(await call("GET", `${PATH}/${id}`, { token: insider.token }), 200);
    expectStatus(await call("GET", `${PATH}/${id}`, { token: outsider.token }), 404);
    expectStatus(await call("DELETE", `/api/v1/groups/${group.id}`, { token: org.token }), 200);
    expect((await ask(insider)).taught).toBeUndefined();
    expect((await ask(org)).answer).toBe(ANSWER);
  });

  test("members see what is in force, without the note; viewers and widgets see no list, keys need a scope", async () => {
    const org = await register();
    const member = await colleague(org, "member");
    const { id } = await teach(org, { note: "secret reason" });
    const off = await teach(org, { question: "Is it off?", enabled: false });
    const seen = await call("GET", PATH, { token: member.token });
    expect(seen.body.data.map((one: { id: string }) => one.id)).toEqual([id]);
    expect(seen.text).not.toMatch(/secret reason|note/);
    expectStatus(await call("GET", `${PATH}/${off.id}`, { token: member.token }), 404);
    const { key } = await apiKey(org, ["documents:read"]);
    const byKey = await call("GET", PATH, { headers: bearer(key) });
    expect(byKey.body.data).toHaveLength(1);
    for (const role of ["viewer", "member"] as const) {
      const person = await colleague(org, role);
      const answer = await call("POST", PATH, { token: person.token, json: { question: "a", answer: "b" } });
      expectStatus(answer, 403);
      expectStatus(await change(person, id, { answer: "mine" }), 403);
    }
    // Nor does the database let them.
    for (const role of ["viewer", "member"] as const) {
      const person = await colleague(org, role);
      const [{ rowCount }] = await tenantBatch(ctxFor(person, role), (db) => [
        db.execute(sql`update kalamna.taught_answers set answer = 'mine'`),
      ]);
      expect(rowCount).toBe(0);
    }
  });

  test("another organization's is neither found nor given", async () => {
    const [ours, theirs] = [await register(), await register()];
    const { id } = await teach(theirs);
    for (const path of [`${PATH}/${id}`, `${PATH}/${id}/versions`]) {
      expectStatus(await call("GET", path, { token: ours.token }), 404);
    }
    expectStatus(await change(ours, id, { answer: "mine" }), 404);
    expectStatus(await call("DELETE", `${PATH}/${id}`, { token: ours.token }), 404);
    expect((await ask(ours)).taught).toBeUndefined();
    expect((await ask(theirs)).answer).toBe(ANSWER);
  });
});

describe("trying a question", () => {
  test("says which taught answer would be given, and which come near, and counts as no question", async () => {
    const org = await register();
    const taught = await teach(org, { variants: ["harbour office hours"] });
    const other = await teach(org, { question: "Where is the harbour office and its pier?" });
    const tryOut = async (query: string, more = {}) => {
      const answer = await call("POST", "/api/v1/knowledge/match", {
        token: org.token,
        json: { query, ...more },
      });
      expectStatus(answer, 200);
      return answer.body;
    };
    expect(await tryOut("Harbour office hours?")).toEqual({
      match: expect.objectContaining({
        id: taught.id,
        answer: ANSWER,
        phrase: "harbour office hours",
        kind: "exact",
      }),
      near: [expect.objectContaining({ id: other.id })],
    });
    expect((await tryOut("What does the harbour office cost?")).match).toBeNull();
    expect(await tryOut(QUESTION, { access_level: "external" })).toEqual({ match: null, near: [] });
    const { body } = await call("GET", "/api/v1/usage", { token: org.token });
    expect(body.questions.used).toBe(0);
  });

  test("is for admins, about their own organization", async () => {
    const ask = (token: string) =>
      call("POST", "/api/v1/knowledge/match", { token, json: { query: QUESTION } });
    expectStatus(await ask((await colleague(admin, "member")).token), 403);
    await teach(admin);
    const stranger = await register();
    expect((await ask(stranger.token)).body).toEqual({ match: null, near: [] });
  });
});

describe("the list", () => {
  test("comes in pages, newest first, by state and by a word in it", async () => {
    const org = await register();
    await teach(org, { question: "Is the first buoy red?" });
    await teach(org, { question: "Is the second one green?", enabled: false });
    await teach(org, {
      question: "Is the third one gone?",
      expires_at: "2020-01-01T00:00:00Z",
      variants: ["100% buoyant"],
    });
    const list = async (query: string) => {
      const answer = await call("GET", `${PATH}?${query}`, { token: org.token });
      expectStatus(answer, 200);
      return answer.body;
    };
    const first = await list("limit=2");
    expect(first.data.map(({ state }: any) => state)).toEqual(["expired", "disabled"]);
    const second = await list(`limit=2&cursor=${first.next_cursor}`);
    expect(second.data.map(({ state }: any) => state)).toEqual(["active"]);
    expect(second.next_cursor).toBeNull();
    expect((await list("state=disabled")).data).toHaveLength(1);
    expect((await list("q=BUOY")).data).toHaveLength(2);
    expect((await list("q=100%25")).data).toHaveLength(1);
    expect((await list("q=_%25_")).data).toHaveLength(0);
  });
});

describe("teaching is refused", () => {
  test.each([
    ["without an answer", { answer: " " }, 400, "invalid_request"],
    ["with more than 8 KB", { answer: "é".repeat(4_097) }, 400, "invalid_request"],
    [
      "with more than twenty variants",
      { variants: Array.from({ length: 21 }, (_, at) => `v${at}`) },
      400,
      "invalid_request",
    ],
    ["for a group that does not exist", { groups: [crypto.randomUUID()] }, 400, "invalid_request"],
    ["with a field nobody knows", { answers: "x" }, 400, "invalid_request"],
    ["with a date that is none", { expires_at: "tomorrow" }, 400, "invalid_request"],
  ])("%s", async (_, more, status, code) => {
    const answer = await call("POST", PATH, {
      token: admin.token,
      json: { question: QUESTION, answer: ANSWER, ...more },
    });
    expectStatus(answer, status);
    expect(answer.body.code).toBe(code);
  });

  test("for a group that does not exist, later too", async () => {
    const { id } = await teach(admin);
    const answer = await change(admin, id, { groups: [crypto.randomUUID()] });
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_request");
  });

  test("when the organization has a thousand already", async () => {
    const org = await register();
    await tenantBatch(ctxFor(org), (db) => [
      db.execute(sql`
        insert into kalamna.taught_answers (org_id, question, answer, access_level)
        select ${org.orgId}, 'Question ' || n, 'Answer', 'internal' from generate_series(1, 1000) n`),
    ]);
    const answer = await call("POST", PATH, {
      token: org.token,
      json: { question: QUESTION, answer: ANSWER },
    });
    expectStatus(answer, 402);
    expect(answer.body).toMatchObject({ code: "quota_full", detail: expect.stringContaining("1000") });
  });
});
