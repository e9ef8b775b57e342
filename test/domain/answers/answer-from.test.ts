import { describe, expect, test } from "vitest";
import type { Ctx } from "../../../src/context.ts";
import { collect } from "../../../src/domain/answers/answer.ts";
import { answerFrom } from "../../../src/domain/answers/answer-from.ts";
import type { AnswerEvent } from "../../../src/domain/answers/events.ts";
import type { SearchResult } from "../../../src/domain/retrieval/search.ts";
import { AppError } from "../../../src/errors.ts";
import { offlineChat } from "../../../src/infra/chat-model/offline.ts";
import { openaiChat } from "../../../src/infra/chat-model/openai.ts";
import type { ChatModel } from "../../../src/infra/chat-model/port.ts";
import { lineLog } from "../../../src/log.ts";
import { hungUp, provider, requestsOf } from "../../support/models.ts";

const CONTENT =
  "Our shops open at nine. Unused items can be returned within 60 days of delivery for a full refund.";
const QUESTION = { query: "How long can I return unused items?", history: [] };

const found = (off_topic = false, contents = [CONTENT]): SearchResult => ({
  results: contents.map((content, at) => ({
    chunk_id: `chunk-${at}`,
    document_id: `document-${at}`,
    document_name: "returns.md",
    title: "Returns",
    content,
    page: 1,
    heading: ["Returns"],
    start: 100,
    end: 100 + content.length,
    version: 1,
    ordinal: 0,
    access_level: "external",
    metadata: {},
    score: 1,
    relevance: 1,
    scores: { lexical: 1, vector: null },
  })),
  retrieval: {
    mode: "lexical",
    embedding_model: "offline",
    candidates: { lexical: 1, vector: 0 },
    paths: { lexical: "exact", vector: "exact" },
    ms: 1,
    off_topic_ratio: off_topic ? 0.1 : 0.8,
    off_topic,
  },
});

function ctxWith(
  chat: ChatModel,
  signal = new AbortController().signal,
): Pick<Ctx, "ports" | "log" | "signal"> {
  return { ports: { chat } as Ctx["ports"], log: lineLog({}), signal };
}

async function all(chat: ChatModel, result = found()): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = [];
  for await (const event of answerFrom(ctxWith(chat), QUESTION, result)) events.push(event);
  return events;
}

const kinds = (events: AnswerEvent[]) =>
  events.map(({ type }) => type).filter((type, at, list) => type !== list[at - 1]);

describe("an answer", () => {
  test("comes as sources, tokens with their citations, done", async () => {
    const config = await provider({
      do: "answer",
      text: 'Within 60 days [1: "returned within 60 days of delivery"].',
    });
    const events = await all(openaiChat(config));
    expect(kinds(events)).toEqual(["sources", "token", "citation", "token", "done"]);
    const at = CONTENT.indexOf("returned");
    expect(events.find(({ type }) => type === "citation")).toMatchObject({
      citation: {
        index: 1,
        chunk_id: "chunk-0",
        document_name: "returns.md",
        page: 1,
        start: 100 + at,
        quote: "returned within 60 days of delivery",
      },
    });
    expect(events.at(-1)).toMatchObject({
      done: {
        answer: "Within 60 days [1].",
        grounded: true,
        model: config.model,
        mode: "openai",
        usage: { completion_tokens: expect.any(Number) },
        citations_dropped: 0,
        ms: {
          until_model: expect.any(Number),
          first_token: expect.any(Number),
          generate: expect.any(Number),
        },
      },
    });
  });

  test("is not grounded when the model cites what is not there", async () => {
    const config = await provider({
      do: "answer",
      text: 'Within 90 days [1: "returned within 90 days"] and free [7].',
    });
    const { answer, grounded, citations, citations_dropped } = await collect(
      answerFrom(ctxWith(openaiChat(config)), QUESTION, found()),
    );
    expect(answer).toBe("Within 90 days and free.");
    expect({ grounded, citations, citations_dropped }).toEqual({
      grounded: false,
      citations: [],
      citations_dropped: 2,
    });
  });

  test("of invented marks alone is none", async () => {
    const config = await provider({ do: "answer", text: "[7] [9]" });
    await expect(all(openaiChat(config))).rejects.toMatchObject({
      code: "model_failed",
      message: "The language model gave an empty answer.",
    });
  });

  test("without a model quotes the sentence that answers", async () => {
    const answer = await collect(answerFrom(ctxWith(offlineChat()), QUESTION, found()));
    expect(answer).toMatchObject({
      answer: "Unused items can be returned within 60 days of delivery for a full refund. [1]",
      grounded: true,
      model: "offline-extractive",
      mode: "offline",
      usage: null,
      sources: [{ index: 1, content: CONTENT }],
    });
  });
});

describe("when the documents do not speak of it", () => {
  test.each([
    ["nothing was found", found(false, [])],
    ["what was found is off topic", found(true)],
  ])("%s: says so, and asks no model", async (_, result) => {
    const config = await provider({ do: "answer", text: "From what I remember, 90 days." });
    const answer = await collect(answerFrom(ctxWith(openaiChat(config)), QUESTION, result));
    expect(answer.answer).toBe("The documents available to you do not contain an answer to this question.");
    expect(answer.grounded).toBe(false);
    expect(await requestsOf(config)).toEqual([]);
  });
});

describe("when the model fails", () => {
  test("before the first token, the generator throws", async () => {
    const config = { ...(await provider({ do: "status", status: 503 })), maxRetries: 0 };
    await expect(all(openaiChat(config))).rejects.toMatchObject({ code: "model_unavailable" });
  });

  test("an empty answer is a failure", async () => {
    await expect(all(openaiChat(await provider({ do: "empty" })))).rejects.toMatchObject({
      code: "model_failed",
    });
  });

  test("after the first token, an error event is the last one, and what came is kept", async () => {
    const events = await all(openaiChat(await provider({ do: "cut", text: "Within 60" })));
    expect(kinds(events)).toEqual(["sources", "token", "error"]);
    expect(events.at(-1)).toMatchObject({ error: { code: "model_unavailable" } });
  });

  test("half an answer is no answer for a caller who does not stream", async () => {
    const config = await provider({ do: "cut", text: "Within 60" });
    await expect(collect(answerFrom(ctxWith(openaiChat(config)), QUESTION, found()))).rejects.toBeInstanceOf(
      AppError,
    );
  });
});

describe("when the reader goes away", () => {
  test("the model's stream is closed and nothing more comes", async () => {
    const config = await provider({ do: "stall", text: "Within 60 days of" });
    const reader = new AbortController();
    const events: AnswerEvent[] = [];
    for await (const event of answerFrom(ctxWith(openaiChat(config), reader.signal), QUESTION, found())) {
      events.push(event);
      if (event.type === "token") reader.abort();
    }
    await hungUp(config);
    expect(events.some(({ type }) => type === "done" || type === "error")).toBe(false);
  });

  test("leaving the loop is enough", async () => {
    const config = await provider({ do: "stall", text: "Within 60 days of" });
    for await (const event of answerFrom(ctxWith(openaiChat(config)), QUESTION, found())) {
      if (event.type === "token") break;
    }
    await hungUp(config);
  });
});
