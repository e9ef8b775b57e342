import { describe, expect, test, vi } from "vitest";
import type { AppError } from "../../../src/errors.ts";
import { offerChats } from "../../../src/infra/chat-model/offer.ts";
import { offlineChat } from "../../../src/infra/chat-model/offline.ts";
import { openaiChat } from "../../../src/infra/chat-model/openai.ts";
import type { ChatInput, ChatModel } from "../../../src/infra/chat-model/port.ts";
import type { ProviderConfig } from "../../../src/infra/openai/provider.ts";
import type { Behaviour } from "../../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../../support/models.ts";

const INPUT: ChatInput = {
  messages: [{ role: "user", content: "How long?" }],
  question: "How long?",
  sources: [],
  maxTokens: 50,
};
const FINE: Behaviour = { do: "answer", text: "Within 60 days." };
const never = () => new AbortController().signal;

/** Everything that came, and the error that ended it. */
async function listen(chat: ChatModel, signal = never(), input = INPUT) {
  let text = "";
  let by: { model: string; codes: string[] } | undefined;
  let error: AppError | undefined;
  try {
    for await (const delta of chat.stream(input, signal)) {
      if (delta.type === "text") text += delta.text;
      if (delta.type === "model")
        by = { model: delta.model.model, codes: delta.attempts.map(({ code }) => code) };
    }
  } catch (thrown) {
    error = thrown as AppError;
  }
  const attempts = (error?.extra.attempts ?? []) as { model: string; code: string; ms: number }[];
  return { text, by, error, codes: attempts.map(({ code }) => code) };
}

/** A chain of scripted models without pauses between tries, and what each of them was asked. */
async function chainOf(totalMs: number, ...scripts: Behaviour[][]) {
  const configs = await Promise.all(
    scripts.map(async (script) => ({ ...(await provider(...script)), maxRetries: 0 })),
  );
  const [first, ...more] = configs.map((config) => openaiChat(config));
  const offer = offerChats([first!, ...more], [], totalMs);
  const states = () => offer.chats.list().map((one) => one.circuit().state);
  const asked = async () => Promise.all(configs.map(async (config) => (await requestsOf(config)).length));
  return { ...offer, configs, states, asked };
}

describe("before the first word the next model is asked", () => {
  test.each<[string, Behaviour, string]>([
    ["429", { do: "status", status: 429 }, "rate_limited"],
    ["429 with a long Retry-After", { do: "status", status: 429, retryAfter: "60" }, "rate_limited"],
    ["408", { do: "status", status: 408 }, "overloaded"],
    ["409", { do: "status", status: 409 }, "overloaded"],
    ["500", { do: "status", status: 500 }, "overloaded"],
    ["529", { do: "status", status: 529 }, "overloaded"],
    ["silence before the headers", { do: "hang" }, "timeout"],
    ["silence after the headers", { do: "stall", text: "" }, "timeout"],
    ["nothing but white space, then silence", { do: "stall", text: " \n" }, "timeout"],
    ["a connection that breaks", { do: "cut", text: "" }, "cut"],
    ["an end without an ending", { do: "truncate", text: " " }, "cut"],
    ["a chunk that is not JSON", { do: "malformed", text: "" }, "unreadable"],
    ["an error object in the stream", { do: "error", text: "" }, "overloaded"],
    ["a web page", { do: "html" }, "unreadable"],
    ["not a word", { do: "empty" }, "empty"],
    ["white space alone", { do: "answer", text: " \n " }, "empty"],
    ["401", { do: "status", status: 401 }, "misconfigured"],
    ["403", { do: "status", status: 403 }, "misconfigured"],
    ["404", { do: "status", status: 404 }, "misconfigured"],
    [
      "a wrong key as Gemini says it",
      { do: "status", status: 400, message: "API key not valid. Please pass a valid API key." },
      "misconfigured",
    ],
    ["more than the model reads", { do: "status", status: 400, code: "context_length_exceeded" }, "too_long"],
  ])("%s", async (_, behaviour, code) => {
    const { chat, configs, asked } = await chainOf(1_200, [behaviour], [FINE]);
    const { text, by, error } = await listen(chat);
    expect(error).toBeUndefined();
    expect(text).toBe("Within 60 days.");
    expect(by).toEqual({ model: configs[1]!.model, codes: [code, "ok"] });
    expect(await asked()).toEqual([1, 1]);
  });

  test("nobody listens at the address", async () => {
    const nowhere = openaiChat({ apiKey: "k", baseURL: "http://127.0.0.1:1/v1", model: "m", timeoutMs: 900 });
    const { chat } = offerChats([{ ...nowhere }, openaiChat(await provider(FINE))], [], 3_000);
    expect((await listen(chat)).by?.codes).toEqual(["unreachable", "ok"]);
  });

  test("a busy one gets one more try first when it asks for a moment only", async () => {
    const config = await provider({ do: "status", status: 429, retryAfter: "0.01" }, FINE);
    const { chat } = offerChats([openaiChat(config), openaiChat(await provider(FINE))], [], 3_000);
    expect((await listen(chat)).by).toEqual({ model: config.model, codes: ["ok"] });
    expect(await requestsOf(config)).toHaveLength(2);
  });

  test("the silent one's connection is closed, and its share of the time is all it gets", async () => {
    const { chat, configs } = await chainOf(1_200, [{ do: "hang" }], [{ do: "hang" }], [FINE]);
    const from = Date.now();
    expect((await listen(chat)).by?.codes).toEqual(["timeout", "timeout", "ok"]);
    expect(Date.now() - from).toBeLessThan(1_150);
    await hungUp(configs[0]!);
    await hungUp(configs[1]!);
  });

  test("one that cannot read so much is passed over without being asked", async () => {
    const small = await provider(FINE);
    const { chat } = offerChats(
      [openaiChat({ ...small, limits: { context: 40 } }), openaiChat(await provider(FINE))],
      [],
      2_000,
    );
    expect((await listen(chat)).by?.codes).toEqual(["too_long", "ok"]);
    expect(await requestsOf(small)).toEqual([]);
  });

  test("the answerer that needs no model comes last and always answers", async () => {
    const config = { ...(await provider({ do: "status", status: 500 })), maxRetries: 0 };
    const { chat } = offerChats([openaiChat(config), offlineChat()], [], 2_000);
    const { by, text } = await listen(chat);
    expect(by).toEqual({ model: "offline-extractive", codes: ["overloaded", "ok"] });
    expect(text).not.toBe("");
  });
});

describe("the next model is not asked", () => {
  test.each<[string, Behaviour, string]>([
    ["400", { do: "status", status: 400 }, "refused"],
    ["422", { do: "status", status: 422 }, "refused"],
    ["refused for what it says", { do: "status", status: 400, code: "content_filter" }, "content_policy"],
  ])("%s: it would get the same request", async (_, behaviour, code) => {
    const { chat, asked, states } = await chainOf(1_000, [behaviour], [FINE]);
    const { error, codes } = await listen(chat);
    expect(error?.code).toBe("model_failed");
    expect(codes).toEqual([code]);
    expect(await asked()).toEqual([1, 0]);
    expect(states()).toEqual(["closed", "closed"]);
  });

  test.each<[string, Behaviour, string]>([
    ["cut", { do: "cut", text: "Within 60" }, "model_unavailable"],
    ["silent", { do: "stall", text: "Within 60" }, "model_unavailable"],
    ["garbage", { do: "malformed", text: "Within 60" }, "model_failed"],
    ["an error object", { do: "error", text: "Within 60" }, "model_unavailable"],
  ])("after the first word: %s", async (_, behaviour, code) => {
    const configs = [{ ...(await provider(behaviour)), timeoutMs: 200 }, await provider(FINE)];
    const { chat } = offerChats([openaiChat(configs[0]!), openaiChat(configs[1]!)], [], 3_000);
    const { text, error } = await listen(chat);
    expect(text).toBe("Within 60");
    expect(error?.code).toBe(code);
    expect(await requestsOf(configs[1]!)).toEqual([]);
  });

  test("when the caller goes away, whichever attempt is running", async () => {
    const { chat, configs, asked } = await chainOf(
      5_000,
      [{ do: "status", status: 500 }],
      [{ do: "hang" }],
      [FINE],
    );
    const caller = new AbortController();
    const listening = listen(chat, caller.signal);
    await vi.waitUntil(async () => (await asked())[1] === 1);
    caller.abort();
    expect(await listening).toMatchObject({ text: "", error: undefined });
    await hungUp(configs[1]!);
    expect(await asked()).toEqual([1, 1, 0]);
  });

  test("when the caller leaves the loop in the middle of an answer", async () => {
    const { chat, configs, states } = await chainOf(2_000, [{ do: "stall", text: "Within" }], [FINE]);
    for await (const delta of chat.stream(INPUT, never())) if (delta.type === "text") break;
    await hungUp(configs[0]!);
    expect(states()).toEqual(["closed", "closed"]);
  });
});

describe("when nobody answers", () => {
  test("the model is unavailable, until when, and who was asked", async () => {
    const { chat, configs } = await chainOf(
      2_000,
      [{ do: "status", status: 429, retryAfter: "40" }],
      [{ do: "status", status: 500 }],
      [{ do: "empty" }],
    );
    const { error, codes } = await listen(chat);
    expect(error).toMatchObject({ code: "model_unavailable", status: 503, retryAfter: expect.any(Number) });
    expect(error?.retryAfter).toBeLessThanOrEqual(40);
    expect(codes).toEqual(["rate_limited", "overloaded", "empty"]);
    expect(error?.extra.attempts).toMatchObject(configs.map(({ model }) => ({ model })));
  });

  test("because all are misconfigured: trying again is useless, and the key is named", async () => {
    const configs = [
      { ...(await provider({ do: "status", status: 401 })), keyName: "GEMINI_API_KEY" },
      { ...(await provider({ do: "status", status: 403 })), keyName: "AZURE_OPENAI_KEY" },
    ];
    const { chat } = offerChats([openaiChat(configs[0]!), openaiChat(configs[1]!)], [], 2_000);
    for (const _ of [1, 2]) {
      const { error } = await listen(chat);
      expect(error).toMatchObject({
        code: "model_failed",
        message: expect.stringContaining("AZURE_OPENAI_KEY"),
      });
    }
    expect(await requestsOf(configs[0]!)).toHaveLength(1);
  });

  test("a single model's failure keeps its own words", async () => {
    const { chat } = await chainOf(150, [{ do: "hang" }]);
    const { error, codes } = await listen(chat);
    expect(error).toMatchObject({ code: "model_unavailable", message: expect.stringContaining("in time") });
    expect(error?.retryAfter).toBeGreaterThan(0);
    expect(codes).toEqual(["timeout"]);
  });
});

describe("a model that keeps failing", () => {
  test("is left alone, then tried with one question", async () => {
    const { chat, asked, states } = await chainOf(2_000, [{ do: "status", status: 500 }], [FINE]);
    for (let question = 0; question < 5; question++) expect((await listen(chat)).text).not.toBe("");
    expect(await asked()).toEqual([3, 5]);
    expect(states()).toEqual(["open", "closed"]);
    expect((await listen(chat)).by?.codes).toEqual(["circuit_open", "ok"]);
  });

  test("is left alone in an organization's own chain too", async () => {
    const { chat, chats, configs, asked } = await chainOf(2_000, [{ do: "status", status: 401 }], [FINE]);
    await listen(chat);
    const own = chats.chosen([configs[1]!.model, configs[0]!.model, "of-yesterday"])!;
    expect((await listen(own)).by?.codes).toEqual(["ok"]);
    const other = chats.chosen([configs[0]!.model])!;
    expect((await listen(other)).codes).toEqual(["circuit_open"]);
    expect(await asked()).toEqual([1, 2]);
    expect(chats.chosen(["of-yesterday"])).toBeUndefined();
  });

  test("by answers without a word is asked all the same: one organization's questions must not shut it for all", async () => {
    const { chat, asked } = await chainOf(2_000, [{ do: "empty" }], [FINE]);
    for (let question = 0; question < 4; question++) await listen(chat);
    expect(await asked()).toEqual([4, 4]);
  });
});

test("Azure is asked at its deployment, with its own header", async () => {
  const config: ProviderConfig = await provider(FINE);
  const azure = { deployment: "gpt 4o", apiVersion: "2024-10-21" };
  const chat = openaiChat({ ...config, baseURL: config.baseURL!.replace(/\/v1$/, ""), azure });
  expect((await listen(chat)).text).toBe("Within 60 days.");
  expect((await requestsOf(config))[0]).toMatchObject({
    path: "/openai/deployments/gpt%204o/chat/completions?api-version=2024-10-21",
    key: "api-key test-key",
  });
});
