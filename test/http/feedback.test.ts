/** What people say of answers, and the figures that admins see of questions. */
import { beforeAll, describe, expect, test } from "vitest";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { keptMessage } from "../support/messages.ts";
import { colleague } from "../support/people.ts";

let admin: Person;
let viewer: Person;
beforeAll(async () => {
  admin = await register("Harbour");
  viewer = await colleague(admin, "viewer");
  await ready(admin, "manual.md", "The morning ferry leaves the northern harbour at half past six.");
}, 60_000);

async function ask(person: Person, query: string): Promise<string> {
  const answer = await call("POST", "/api/v1/query/sync", { token: person.token, json: { query } });
  expectStatus(answer, 200);
  await keptMessage(answer.body.message_id);
  return answer.body.message_id;
}
const give = (person: Person, id: string, json: unknown) =>
  call("POST", `/api/v1/messages/${id}/feedback`, { token: person.token, json });
const get = (path: string, person: Person = admin) => call("GET", `/api/v1${path}`, { token: person.token });

describe("feedback", () => {
  test("comes to the admins with question and answer; a second verdict replaces the first", async () => {
    const id = await ask(viewer, "When does the morning ferry leave?");
    expectStatus(await give(viewer, id, { rating: "up" }), 200);
    const second = await give(viewer, id, {
      rating: "down",
      reason: "outdated",
      comment: "It left at seven.",
      expected_answer: "At seven.",
    });
    expect(second.body.feedback).toMatchObject({ message_id: id, rating: "down", reason: "outdated" });
    const { body } = await get("/feedback");
    expect(body.data).toEqual([
      expect.objectContaining({
        message_id: id,
        rating: "down",
        question: "When does the morning ferry leave?",
        answer: expect.stringContaining("half past six"),
        user_id: viewer.userId,
      }),
    ]);
    expect((await get("/feedback?rating=up")).body.data).toEqual([]);
  });

  test("can be taken back", async () => {
    const id = await ask(viewer, "When does the ferry leave in the morning?");
    await give(viewer, id, { rating: "up" });
    const path = `/api/v1/messages/${id}/feedback`;
    expectStatus(await call("DELETE", path, { token: viewer.token }), 200);
    expectStatus(await call("DELETE", path, { token: viewer.token }), 404);
  });

  test.each([
    ["another person of the organization", () => colleague(admin, "member")],
    ["an admin who did not ask", async () => admin],
    ["another organization", () => register("Elsewhere")],
  ])("on somebody's message is not for %s: there is no such message", async (_, other) => {
    const id = await ask(viewer, "Which harbour does the ferry leave from?");
    expectStatus(await give(await other(), id, { rating: "up" }), 404);
  });

  test.each([
    {},
    { rating: "maybe" },
    { rating: "up", reason: "no reason of ours" },
    { rating: "up", stars: 5 },
  ])("that is none is refused: %j", async (json) =>
    expectStatus(await give(viewer, crypto.randomUUID(), json), 400),
  );

  test("is read by admins only", async () => {
    expectStatus(await get("/feedback", viewer), 403);
  });

  test("goes to a spreadsheet, where nothing in it is a formula", async () => {
    const id = await ask(viewer, '=HYPERLINK("https://evil.example") ferry?');
    await give(viewer, id, { rating: "down", comment: "+1" });
    const answer = await get("/feedback?format=csv");
    expect(answer.headers.get("content-type")).toContain("text/csv");
    expect(answer.text.split("\r\n")[0]).toContain("message_id,rating");
    expect(answer.text).toContain("'=HYPERLINK");
    expect(answer.text).toContain("'+1");
  });
});

describe("analytics", () => {
  let org: Person;
  beforeAll(async () => {
    org = await register("Figures");
    await ready(org, "manual.md", "The morning ferry leaves the northern harbour at half past six.");
    await ready(org, "tides.md", "High tide is at noon on Sundays.");
    const ids = [
      await ask(org, "When does the morning ferry leave?"),
      await ask(org, "When does the morning ferry leave the harbour?"),
      await ask(org, "Who won the world cup in 1998?"),
    ];
    await give(org, ids[0]!, { rating: "up" });
    await give(org, ids[1]!, { rating: "down", expected_answer: "At seven." });
  }, 60_000);

  test("sum up a period and the one before", async () => {
    const { body } = await get("/analytics/summary", org);
    expect(body.figures).toMatchObject({
      questions: 3,
      people: 1,
      grounded: 2,
      not_in_documents: 1,
      up: 1,
      down: 1,
      satisfaction: 0.5,
      total_ms: { p50: expect.any(Number) },
    });
    expect(body.before).toMatchObject({ questions: 0, answered_share: null, satisfaction: null });
  });

  test("give a period by the hour, with the hours in which nobody asked", async () => {
    const from = new Date(Date.now() - 5 * 3_600_000).toISOString();
    const { body } = await get(`/analytics/usage?interval=hour&from=${from}&time_zone=Asia/Kolkata`, org);
    expect(body.data.length).toBeGreaterThanOrEqual(5);
    expect(body.data.reduce((sum: number, { questions }: any) => sum + questions, 0)).toBe(3);
    expect(body.data[0]).toMatchObject({
      period: expect.stringMatching(/T\d\d:00$/),
      questions: 0,
      p50_ms: null,
    });
    for (const { questions, grounded, not_in_documents, failed, stopped } of body.data) {
      expect(grounded + not_in_documents + failed + stopped).toBe(questions);
    }
    const asked = body.data.find(({ questions }: any) => questions > 0);
    expect(asked.p50_ms).toBeLessThanOrEqual(asked.p95_ms);
  });

  test("put questions about the same together, and say which the documents leave open", async () => {
    const { body: top } = await get("/analytics/questions", org);
    expect(top.data[0]).toMatchObject({
      asked: 2,
      up: 1,
      down: 1,
      variants: ["When does the morning ferry leave?"],
    });
    const { body: gaps } = await get("/analytics/gaps", org);
    const open = gaps.data.map(({ question }: any) => question).sort();
    expect(open).toEqual([
      "When does the morning ferry leave the harbour?",
      "Who won the world cup in 1998?",
    ]);
    expect(gaps.data.find(({ down }: any) => down === 1).expected_answer).toBe("At seven.");
  });

  test("tell which documents answers come from, and which nobody needed", async () => {
    const { body } = await get("/analytics/documents", org);
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({ name: "manual.md", cited: 2, up: 1, down: 1 });
    expect(body.data[1]).toMatchObject({ name: "tides.md", cited: 0 });
  });

  test("count by person, for admins, and by door", async () => {
    const { body } = await get("/analytics/employees", org);
    expect(body.data).toEqual([
      expect.objectContaining({ user_id: org.userId, email: org.email, questions: 3 }),
    ]);
    const { body: doors } = await get("/analytics/channels", org);
    expect(doors.data).toEqual([expect.objectContaining({ channel: "api", questions: 3 })]);
  });

  test.each(["summary", "usage", "questions", "gaps", "documents", "channels"])(
    "of %s are read by software with analytics:read, never by others",
    async (name) => {
      const keyOf = async (scopes: string[]) => {
        const made = await call("POST", "/api/v1/api-keys", { token: org.token, json: { name, scopes } });
        return made.body.key as string;
      };
      const path = `/api/v1/analytics/${name}`;
      expectStatus(await call("GET", path, { token: await keyOf(["analytics:read"]) }), 200);
      expectStatus(await call("GET", path, { token: await keyOf(["chat"]) }), 403);
      expectStatus(await call("GET", path, { token: viewer.token }), 403);
      const stranger = await register("Stranger");
      expect((await get(`/analytics/${name}`, stranger)).text).not.toContain("ferry");
    },
  );

  test.each([
    "from=yesterday",
    "from=2026-02-01&to=2026-01-01",
    "from=2020-01-01&to=2026-01-01",
    "time_zone=Mars/Olympus",
    "interval=hour",
  ])("refuse a period that is none: %s", async (query) => {
    expectStatus(await get(`/analytics/usage?${query}`, org), 400);
  });
});

test("questions of one organization never count in another", async () => {
  const other = await register("Quiet");
  const { body } = await get("/analytics/summary", other);
  expect(body.figures.questions).toBe(0);
});
