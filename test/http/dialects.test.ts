/** The same question through every door: the same passages, the same words, the same refusals. */
import { beforeAll, describe, expect, test } from "vitest";
import { notFound } from "../../src/text/not-found.ts";
import { type Answer, call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { apiKey, bearer, type Headers } from "../support/credentials.ts";
import { eventsOf } from "../support/events.ts";
import { colleague } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";

/** What somebody learns by asking; a door that only searches has neither words nor quotes. */
type Told = { passages: string[]; text?: string; quotes?: string[] };

type Door = {
  name: string;
  ask(headers: Headers, question: string): Promise<Answer>;
  read(answer: Answer): Told;
};

const post = (path: string, json: (question: string) => object): Door["ask"] => {
  return (headers, question) => call("POST", path, { headers, json: json(question) });
};
const completion = (stream: boolean) =>
  post("/v1/chat/completions", (content) => ({
    model: "kalamna",
    stream,
    messages: [{ role: "user", content }],
  }));
const datas = ({ text }: Answer): any[] =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = ""]) => JSON.parse(json));

const chunkOf = ({ chunk_id }: { chunk_id: string }) => chunk_id;
const quoteOf = ({ quote }: { quote: string }) => quote;

const whole = ({ body }: Answer): Told => ({
  passages: body.sources.map(chunkOf),
  text: body.answer,
  quotes: body.citations.map(quoteOf),
});

function events({ text }: Answer): Told {
  const seen = eventsOf(text);
  const those = (name: string) => seen.filter(({ event }) => event === name).map(({ data }) => data);
  return {
    passages: those("sources")[0].sources.map(chunkOf),
    text: those("token")
      .map((token) => token.text)
      .join(""),
    quotes: those("citation").map(quoteOf),
  };
}

const DOORS: Door[] = [
  { name: "query", ask: post("/api/v1/query", (query) => ({ query })), read: events },
  { name: "query/sync", ask: post("/api/v1/query/sync", (query) => ({ query })), read: whole },
  { name: "chat", ask: post("/api/v1/chat", (message) => ({ message })), read: events },
  {
    name: "chat as JSON",
    ask: post("/api/v1/chat", (message) => ({ message, stream: false })),
    read: whole,
  },
  {
    name: "the AI SDK",
    ask: post("/api/v1/chat", (text) => ({
      id: crypto.randomUUID(),
      messages: [{ id: "1", role: "user", parts: [{ type: "text", text }] }],
    })),
    read(answer) {
      const those = (type: string) => datas(answer).filter((chunk) => chunk.type === type);
      return {
        passages: those("source-document").map((chunk) => chunk.providerMetadata.kalamna.chunk_id),
        text: those("text-delta")
          .map(({ delta }) => delta)
          .join(""),
        quotes: those("data-citation").map(({ data }) => data.quote),
      };
    },
  },
  {
    name: "OpenAI's completion",
    ask: completion(false),
    read: ({ body }) => ({
      passages: body.kalamna.sources.map(chunkOf),
      text: body.choices[0].message.content,
      quotes: body.choices[0].message.annotations.map(({ kalamna }: any) => kalamna.quote),
    }),
  },
  {
    name: "OpenAI's stream",
    ask: completion(true),
    read(answer) {
      const chunks = datas(answer);
      const deltas = chunks.map(({ choices: [choice] }) => choice.delta);
      return {
        passages: chunks[0].kalamna.sources.map(chunkOf),
        text: deltas.map(({ content = "" }) => content).join(""),
        quotes: deltas
          .flatMap(({ annotations = [] }) => annotations)
          .map(({ kalamna }: any) => kalamna.quote),
      };
    },
  },
  {
    name: "search",
    ask: post("/api/v1/search", (query) => ({ query })),
    read: ({ body }) => ({ passages: body.results.map(chunkOf) }),
  },
  {
    name: "OpenAI's vector store",
    ask: post("/v1/vector_stores/default/search", (query) => ({ query })),
    read: ({ body }) => ({ passages: body.data.map(({ kalamna }: any) => kalamna.chunk_id) }),
  },
  {
    name: "Dify",
    ask: post("/retrieval", (query) => ({
      knowledge_id: "default",
      query,
      retrieval_setting: { top_k: 8 },
    })),
    read: ({ body }) => ({ passages: body.records.map(({ metadata }: any) => metadata.chunk_id) }),
  },
];

const OPEN = "When does the shop open?";
const SECRET = "What is the vault combination?";
const BOARD = "When does the supervisory committee meet?";

let admin: Person;
const readers: Record<string, Headers> = {};
const documents: Record<string, string> = {};
beforeAll(async () => {
  admin = await register("Quay");
  // What the cache would give again proves nothing about a door.
  const settings = { settings: { answer_cache: "off" } };
  expectStatus(await call("PATCH", "/api/v1/org", { token: admin.token, json: settings }), 200);
  const [insider, outsider, committee] = await Promise.all([
    colleague(admin, "member"),
    colleague(admin, "member", "external"),
    colleague(admin, "member"),
  ]);
  const group = await call("POST", "/api/v1/groups", { token: admin.token, json: { name: "Committee" } });
  expectStatus(group, 201);
  const { id } = group.body.group;
  const member = `/api/v1/groups/${id}/members/${committee.userId}`;
  expect((await call("PUT", member, { token: admin.token })).status).toBeLessThan(300);
  const external = { access_level: "external" } as const;
  documents[OPEN] = await ready(admin, "shop.md", "# Shop\n\nThe shop opens at nine on weekdays.", external);
  documents[SECRET] = await ready(admin, "vault.txt", "The vault combination is 7341 and changes monthly.", {
    access_level: "internal",
  });
  documents[BOARD] = await ready(admin, "board.txt", "The supervisory committee meets on Friday at noon.", {
    access_level: "internal",
    groups: [id],
  });
  const scopes = ["search", "chat"] as const;
  const [inside, outside] = await Promise.all([
    apiKey(admin, scopes, { access: "internal" }),
    apiKey(admin, scopes, { access: "external" }),
  ]);
  readers["an insider"] = bearer(insider.token);
  readers["an outsider"] = bearer(outsider.token);
  readers["a committee member"] = bearer(committee.token);
  readers["a key for insiders"] = bearer(inside.key);
  readers["a key for outsiders"] = bearer(outside.key);
}, 60_000);

async function everywhere(who: string, question: string): Promise<[string, Told][]> {
  const told: [string, Told][] = [];
  for (const { name, ask, read } of DOORS) {
    const answer = await ask(readers[who] ?? {}, question);
    expectStatus(answer, 200);
    told.push([name, read(answer)]);
  }
  return told;
}

const passagesOf = async (document: string): Promise<string[]> => {
  const { body } = await call("GET", `/api/v1/documents/${document}/chunks`, { token: admin.token });
  return body.data.map(({ id }: { id: string }) => id);
};

describe.each<[string, { knows: string[]; not: string[] }]>([
  ["an insider", { knows: [OPEN, SECRET], not: [BOARD] }],
  ["an outsider", { knows: [OPEN], not: [SECRET, BOARD] }],
  ["a committee member", { knows: [OPEN, SECRET, BOARD], not: [] }],
  ["a key for insiders", { knows: [OPEN, SECRET], not: [BOARD] }],
  ["a key for outsiders", { knows: [OPEN], not: [SECRET, BOARD] }],
])("%s", (who, { knows, not }) => {
  test.each(knows)("gets the same passages, words and quotes everywhere: %s", async (question) => {
    const [[, first], ...others] = (await everywhere(who, question)) as [[string, Told], ...[string, Told][]];
    expect(first.text).toContain("[1]");
    expect(first.quotes).toHaveLength(1);
    expect(await passagesOf(documents[question] ?? "")).toContain(first.passages[0]);
    for (const [door, told] of others) {
      expect(told.passages, door).toEqual(first.passages);
      if (told.text === undefined) continue;
      expect(told, door).toEqual(first);
    }
  });

  test.each(not)("is refused in the same words everywhere: %s", async (question) => {
    const hidden = await passagesOf(documents[question] ?? "");
    const [[, first], ...others] = (await everywhere(who, question)) as [[string, Told], ...[string, Told][]];
    expect(first).toMatchObject({ text: notFound(question), quotes: [] });
    for (const [door, told] of [["query", first] as const, ...others]) {
      expect(
        told.passages.filter((id) => hidden.includes(id)),
        door,
      ).toEqual([]);
      expect(told.passages, door).toEqual(first.passages);
      if (told.text === undefined) continue;
      expect(told, door).toEqual(first);
    }
  });
});

describe("whoever may not ask", () => {
  const statuses = async (headers: Headers) => {
    const answers = DOORS.map(async ({ name, ask }) => [name, (await ask(headers, OPEN)).status] as const);
    return Object.fromEntries(await Promise.all(answers));
  };
  const everyDoor = (status: number) => Object.fromEntries(DOORS.map(({ name }) => [name, status]));

  test("has no credential: 401 everywhere", async () => {
    expect(await statuses({})).toEqual(everyDoor(401));
    expect(await statuses(bearer("kal_live_nothing"))).toEqual(everyDoor(401));
  });

  test("has a key for something else: 403 everywhere", async () => {
    const { key } = await apiKey(admin, ["documents:read"]);
    expect(await statuses(bearer(key))).toEqual(everyDoor(403));
  });

  test("has used up the month's questions: 429 wherever there are answers", async () => {
    const frugal = await register("Frugal");
    await setQuota(frugal, { questions: 0 });
    const found = await statuses(bearer(frugal.token));
    const answering = Object.entries(found).filter(([name]) => !/search|vector|Dify/.test(name));
    expect(Object.fromEntries(answering)).toEqual(Object.fromEntries(answering.map(([name]) => [name, 429])));
  });
});
