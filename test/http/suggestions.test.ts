/** What would be worth teaching: from votes and from questions that the documents left open. */
import { beforeAll, expect, test } from "vitest";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { keptMessage, messagesOf } from "../support/messages.ts";
import { colleague } from "../support/people.ts";

const PATH = "/api/v1/knowledge/suggestions";
const FERRY = "When does the morning ferry leave?";
const CUP = "Who won the world cup in 1998?";

let org: Person;
beforeAll(async () => {
  org = await fresh();
}, 60_000);

async function fresh(): Promise<Person> {
  const admin = await register("Harbour");
  await ready(admin, "manual.md", "The morning ferry leaves the northern harbour at half past six.");
  return admin;
}
async function ask(person: Person, query: string): Promise<string> {
  const answer = await call("POST", "/api/v1/query/sync", { token: person.token, json: { query } });
  expectStatus(answer, 200);
  await keptMessage(answer.body.message_id);
  return answer.body.message_id;
}
async function voteDown(person: Person, id: string, expected_answer?: string): Promise<void> {
  const json = { rating: "down", expected_answer };
  expectStatus(await call("POST", `/api/v1/messages/${id}/feedback`, { token: person.token, json }), 200);
}
async function suggestions(person: Person): Promise<any[]> {
  const answer = await call("GET", PATH, { token: person.token });
  expectStatus(answer, 200);
  return answer.body.data;
}
const questions = async (person: Person) => (await suggestions(person)).map(({ question }) => question);
async function teach(person: Person, json: object, status = 201) {
  const answer = await call("POST", "/api/v1/knowledge/answers", { token: person.token, json });
  expectStatus(answer, status);
  return answer.body.answer;
}
const dismiss = (person: Person, id: string) => call("DELETE", `${PATH}/${id}`, { token: person.token });

test("a vote with an expected answer comes first, then what the documents left open; what was answered well does not come", async () => {
  await ask(org, "Where is the northern harbour?");
  const open = [await ask(org, CUP), await ask(org, "who won the 1998 world cup"), await ask(org, CUP)];
  const wrong = await ask(org, FERRY);
  await voteDown(org, wrong, "At seven.");
  expect(await suggestions(org)).toEqual([
    {
      id: wrong,
      question: FERRY,
      variants: [],
      reason: "voted_down",
      asked: 1,
      down: 1,
      last_asked: expect.any(String),
      proposed_answer: "At seven.",
      message_ids: [wrong],
    },
    expect.objectContaining({
      id: open[2],
      question: CUP,
      variants: ["who won the 1998 world cup"],
      reason: "unanswered",
      asked: 3,
      proposed_answer: null,
      message_ids: open.toReversed(),
    }),
  ]);
  const csv = await call("GET", `${PATH}?format=csv`, { token: org.token });
  expect(csv.text).toContain(`${wrong},${FERRY}`);
});

test("teaching for a message settles its question in all wordings, until the answer is deleted", async () => {
  const admin = await fresh();
  const id = await ask(admin, CUP);
  await ask(admin, "who won the 1998 world cup");
  const taught = await teach(admin, {
    question: "Football champions 98",
    answer: "France.",
    from_message_id: id,
  });
  expect(await suggestions(admin)).toEqual([]);
  const path = `/api/v1/knowledge/answers/${taught.id}`;
  expectStatus(await call("DELETE", path, { token: admin.token }), 200);
  expect(await questions(admin)).toEqual(["who won the 1998 world cup"]);
});

test("a question that was taught in another way is settled as well; asked again and voted down, it is back", async () => {
  const admin = await fresh();
  await ask(admin, CUP);
  await teach(admin, { question: "Champions of 98?", answer: "Brazil.", variants: [CUP] });
  expect(await suggestions(admin)).toEqual([]);
  await voteDown(admin, await ask(admin, CUP), "France.");
  expect(await suggestions(admin)).toMatchObject([{ question: CUP, asked: 1, proposed_answer: "France." }]);
});

test("a dismissed suggestion stays away, also when it is asked again", async () => {
  const admin = await fresh();
  await ask(admin, "Can I bring my dog?");
  const id = await ask(admin, CUP);
  expectStatus(await dismiss(admin, id), 200);
  await ask(admin, "who won the 1998 world cup?");
  expect(await questions(admin)).toEqual(["Can I bring my dog?"]);
  const { body } = await call("GET", "/api/v1/audit", { token: admin.token });
  expect(body.data[0]).toMatchObject({
    action: "knowledge.suggestion_dismissed",
    target: { type: "message", id },
  });
});

test.each([
  ["of nobody", async () => crypto.randomUUID()],
  ["of another organization", async () => ask(await register("Elsewhere"), CUP)],
])("a message %s is not found, and nothing is taught for it", async (_, make) => {
  const id = await make();
  expectStatus(await dismiss(org, id), 404);
  await teach(org, { question: "What?", answer: "That.", from_message_id: id }, 404);
  const { body } = await call("GET", "/api/v1/knowledge/answers?q=That.", { token: org.token });
  expect(body.data).toEqual([]);
});

test("suggestions are for admins: they show what others asked", async () => {
  const [id] = (await messagesOf(org.orgId)).map((message) => message.id);
  const others = [
    (await colleague(org, "member")).token,
    (await colleague(org, "viewer")).token,
    (await apiKey(org, ["analytics:read", "chat"])).key,
  ];
  for (const token of others) {
    expectStatus(await call("GET", PATH, { token }), 403);
    expectStatus(await call("DELETE", `${PATH}/${id}`, { token }), 403);
  }
  expect(await suggestions(await register("Elsewhere"))).toEqual([]);
});
