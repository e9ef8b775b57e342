/** The same question through every door: the same passages, the same words, the same refusals. */
import { beforeAll, describe, expect, test } from "vitest";
import { notFound } from "../../src/text/not-found.ts";
import { type Answer, call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { apiKey, bearer, type Headers } from "../support/credentials.ts";
import { eventsOf } from "../support/events.ts";
import { colleague } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";

/** What somebody learns by asking, as far as the door tells it: some only search, one answers without its sources. */
type Told = { documents?: string[]; text?: string; quotes?: string[] };

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
const tool = (name: string) =>
  post("/mcp", (query) => ({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: { query } },
  }));
const datas = ({ text }: Answer): any[] =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = ""]) => JSON.parse(json));

const documentOf = ({ document_id }: { document_id: string }) => document_id;
const quoteOf = ({ quote }: { quote: string }) => quote;
const joined = (texts: string[]) => texts.join("");

const whole = ({ body }: Answer): Told => ({
  documents: body.sources.map(documentOf),
  text: body.answer,
  quotes: body.citations.map(quoteOf),
});

function events({ text }: Answer): Told {
  const seen = eventsOf(text);
  const those = (name: string) => seen.filter(({ event }) => event === name).map(({ data }) => data);
  return {
    documents: those("sources")[0].sources.map(documentOf),
    text: joined(those("token").map((token) => token.text)),
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
        documents: those("source-document").map((chunk) => documentOf(chunk.providerMetadata.kalamna)),
        text: joined(those("text-delta").map(({ delta }) => delta)),
        quotes: those("data-citation").map(({ data }) => data.quote),
      };
    },
  },
  {
    name: "OpenAI's completion",
    ask: completion(false),
    read: ({ body }) => ({
      documents: body.kalamna.sources.map(documentOf),
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
        documents: chunks[0].kalamna.sources.map(documentOf),
        text: joined(deltas.map(({ content = "" }) => content)),
        quotes: deltas
          .flatMap(({ annotations = [] }) => annotations)
          .map(({ kalamna }: any) => kalamna.quote),
      };
    },
  },
  {
    name: "MCP's tool ask",
    ask: tool("ask"),
    read({ body }) {
      const { answer, citations } = body.result.structuredContent;
      return { text: answer, quotes: citations.map(quoteOf) };
    },
  },
  {
    name: "MCP's tool search",
    ask: tool("search"),
    read: ({ body }) => ({ documents: body.result.structuredContent.results.map(documentOf) }),
  },
  {
    name: "search",
    ask: post("/api/v1/search", (query) => ({ query })),
    read: ({ body }) => ({ documents: body.results.map(documentOf) }),
  },
  {
    name: "OpenAI's vector store",
    ask: post("/v1/vector_stores/default/search", (query) => ({ query })),
    read: ({ body }) => ({ documents: body.data.map(({ file_id }: any) => file_id) }),
  },
  {
    name: "Dify",
    ask: post("/retrieval", (query) => ({
      knowledge_id: "default",
      query,
      retrieval_setting: { top_k: 8 },
    })),
    read: ({ body }) => ({ documents: body.records.map(({ metadata }: any) => documentOf(metadata)) }),
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

/** What every door tells, by its name; the first is our own. */
async function everywhere(who: string, question: string): Promise<[Required<Told>, [string, Told][]]> {
  const told: [string, Told][] = [];
  for (const { name, ask, read } of DOORS) {
    const answer = await ask(readers[who] ?? {}, question);
    expectStatus(answer, 200);
    told.push([name, read(answer)]);
  }
  return [told[0]?.[1] as Required<Told>, told];
}

describe.each<[string, { knows: string[]; not: string[] }]>([
  ["an insider", { knows: [OPEN, SECRET], not: [BOARD] }],
  ["an outsider", { knows: [OPEN], not: [SECRET, BOARD] }],
  ["a committee member", { knows: [OPEN, SECRET, BOARD], not: [] }],
  ["a key for insiders", { knows: [OPEN, SECRET], not: [BOARD] }],
  ["a key for outsiders", { knows: [OPEN], not: [SECRET, BOARD] }],
])("%s", (who, { knows, not }) => {
  test.each(knows)("gets the same documents, words and quotes everywhere: %s", async (question) => {
    const [ours, told] = await everywhere(who, question);
    expect(ours.text).toContain("[1]");
    expect(ours.quotes).toHaveLength(1);
    expect(ours.documents[0]).toBe(documents[question]);
    for (const [door, one] of told) expect({ ...ours, ...one }, door).toEqual(ours);
  });

  test.each(not)("is refused in the same words everywhere: %s", async (question) => {
    const [ours, told] = await everywhere(who, question);
    expect(ours).toMatchObject({ text: notFound(question), quotes: [] });
    expect(ours.documents).not.toContain(documents[question]);
    for (const [door, one] of told) expect({ ...ours, ...one }, door).toEqual(ours);
  });
});

describe("whoever may not ask", () => {
  /** A refusal's code, in whatever the door wraps it. */
  const codeOf = ({ body }: Answer): string | undefined =>
    body.code ?? body.error?.code ?? body.result?._meta?.["dev.kalamna/problem"]?.code;
  const codes = async (headers: Headers, doors = DOORS) => {
    const answers = doors.map(async ({ name, ask }) => [name, codeOf(await ask(headers, OPEN))] as const);
    return Object.fromEntries(await Promise.all(answers));
  };
  const all = (code: string, doors = DOORS) => Object.fromEntries(doors.map(({ name }) => [name, code]));

  test("has no credential, or none that counts", async () => {
    expect(await codes({})).toEqual(all("unauthenticated"));
    expect(await codes(bearer("kal_live_nothing"))).toEqual(all("unauthenticated"));
  });

  test("has a key for something else", async () => {
    const { key } = await apiKey(admin, ["analytics:read"]);
    expect(await codes(bearer(key))).toEqual(all("forbidden"));
  });

  test("has used up the month's questions, wherever there are answers", async () => {
    const frugal = await register("Frugal");
    await setQuota(frugal, { questions: 0 });
    const answering = DOORS.filter(({ name }) => !/search|vector|Dify/.test(name));
    expect(answering).toHaveLength(8);
    expect(await codes(bearer(frugal.token), answering)).toEqual(all("quota_exceeded", answering));
  });
});
