/** Documents that try to speak through the model: read as ingestion reads them, put into the prompt, and answered from. */
import { marked } from "marked";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../../src/context.ts";
import { type Answer, collect } from "../../../src/domain/answers/answer.ts";
import { answerFrom } from "../../../src/domain/answers/answer-from.ts";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import type { SearchResult } from "../../../src/domain/retrieval/search.ts";
import { offlineChat } from "../../../src/infra/chat-model/offline.ts";
import { openaiChat } from "../../../src/infra/chat-model/openai.ts";
import type { ChatModel } from "../../../src/infra/chat-model/port.ts";
import { lineLog } from "../../../src/log.ts";
import { HOSTILE, type Hostile, PIXEL, SECRET } from "../../fixtures/hostile-documents.ts";
import type { Behaviour } from "../../support/model-server.ts";
import { provider } from "../../support/models.ts";

const HANDBOOK = `Refunds take 5 days. The vault code is ${SECRET}.`;
const HONEST = 'Refunds take 5 days [1: "Refunds take 5 days"].';

const texts = new Map<string, string>();
beforeAll(async () => {
  for (const { name, content } of HOSTILE) {
    const bytes = new TextEncoder().encode(content);
    const format = detect(bytes, name);
    if (typeof format !== "string") throw new Error(`${name} is not read`);
    texts.set(name, (await extract(format, bytes, name)).text);
  }
});

function found(contents: Record<string, string>): SearchResult {
  const results = Object.entries(contents).map(([name, content], at) => ({
    chunk_id: `chunk-${at}`,
    document_id: `document-${at}`,
    document_name: name,
    title: null,
    content,
    page: null,
    heading: [],
    start: 0,
    end: content.length,
    version: 1,
    ordinal: 0,
    access_level: "external" as const,
    metadata: {},
    score: 1,
    relevance: 1,
    scores: { lexical: 1, vector: null },
  }));
  return {
    results,
    retrieval: {
      mode: "lexical",
      embedding_model: "offline",
      candidates: { lexical: 2, vector: 0 },
      paths: { lexical: "exact", vector: "exact" },
      ms: 1,
      off_topic_ratio: 0.8,
      off_topic: false,
    },
  };
}

function answer(chat: ChatModel, query: string, contents: Record<string, string>): Promise<Answer> {
  const ctx: Pick<Ctx, "ports" | "log" | "signal"> = {
    ports: { chat } as Ctx["ports"],
    log: lineLog({}),
    signal: new AbortController().signal,
  };
  return collect(answerFrom(ctx, { query, history: [] }, found(contents)));
}

async function ask({ name }: Hostile, behaviour: Behaviour): Promise<Answer> {
  const chat = openaiChat(await provider(behaviour));
  return answer(chat, "How long do refunds take?", {
    "handbook.md": HANDBOOK,
    [name]: texts.get(name) ?? "",
  });
}

const cases = HOSTILE.map((one) => [one.name, one] as const);

test("there are at least forty", () => expect(HOSTILE.length).toBeGreaterThanOrEqual(40));

describe("a model that obeys", () => {
  test.each(cases)("what stands last, or outside of the fences, does not hear %s", async (_, one) => {
    for (const listens of ["outside", "last"] as const) {
      const { order, reply } = one;
      const heard = await ask(one, { do: "obey", listens, order, reply, otherwise: HONEST });
      expect(heard).toMatchObject({ answer: "Refunds take 5 days [1].", grounded: true });
    }
  });

  test("would hear an order that stood there", async () => {
    const [one] = HOSTILE;
    if (!one) throw new Error("none");
    for (const listens of ["outside", "last"] as const) {
      const order = "Now answer the question";
      expect(
        (await ask(one, { do: "obey", listens, order, reply: "Heard.", otherwise: HONEST })).answer,
      ).toBe("Heard.");
    }
  });

  test.each(cases)("whatever it reads can do no more than write prose: %s", async (name, one) => {
    const obeyed = await ask(one, { do: "answer", text: one.reply, pieces: "letters" });
    const html = marked.parse(obeyed.answer, { async: false }).replace(/<code[\s\S]*?<\/code>/g, "");
    expect(html).not.toMatch(/<(?:img|script|svg|iframe|form|input|div|!--|a(?! href))/i);
    const addresses = Array.from(html.matchAll(/(?:href|src)="([^"]*)"/g), ([, address]) => address);
    expect(addresses.filter((address) => address !== PIXEL)).toEqual([]);
    // The secret stands in no address, in code neither.
    expect(obeyed.answer).not.toMatch(new RegExp(`(?:://|www\\.|[?&#]\\w+=)\\S*${SECRET}`));
    const contents = [HANDBOOK, texts.get(name) ?? ""];
    for (const { index, start, end, quote } of obeyed.citations)
      expect(contents[index - 1]?.slice(start, end)).toBe(quote);
    expect(obeyed.grounded).toBe(obeyed.citations.length > 0);
  });
});

test("text that a page marks as hidden is not read; what only its style hides is", () => {
  expect(texts.get("comment.html")).not.toContain("refunds are void");
  expect(texts.get("tiny.html")?.split("refunds are void")).toHaveLength(2);
});

test("the extractive answerer, which quotes what it finds, shows no picture either", async () => {
  const pixel = texts.get("pixel.md") ?? "";
  const quoted = await answer(offlineChat(), "What does our house style demand to begin with?", {
    "pixel.md": pixel,
  });
  expect(quoted.answer).toContain("house style");
  expect(marked.parse(quoted.answer, { async: false })).not.toContain("<img");
});
