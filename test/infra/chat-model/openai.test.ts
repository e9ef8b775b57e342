import { describe, expect, test, vi } from "vitest";
import { AppError } from "../../../src/errors.ts";
import { openaiChat } from "../../../src/infra/chat-model/openai.ts";
import type { ChatDelta, ChatInput } from "../../../src/infra/chat-model/port.ts";
import type { ProviderConfig } from "../../../src/infra/openai/provider.ts";
import { hungUp, provider, requestsOf } from "../../support/models.ts";

const INPUT: ChatInput = {
  messages: [{ role: "user", content: "How long?" }],
  question: "How long?",
  sources: [],
  maxTokens: 50,
};
const never = () => new AbortController().signal;

/** Everything that came, and the error that ended it. */
async function listen(config: ProviderConfig, signal = never()) {
  const deltas: ChatDelta[] = [];
  let error: unknown;
  try {
    for await (const delta of openaiChat(config).stream(INPUT, signal)) deltas.push(delta);
  } catch (thrown) {
    error = thrown;
  }
  const text = deltas.map((delta) => (delta.type === "text" ? delta.text : "")).join("");
  return { deltas, text, error: error as AppError | undefined };
}

/** Keeps the pauses between tries out of the test's time. */
const impatient = (config: ProviderConfig): ProviderConfig => ({ ...config, maxRetries: 0 });

describe("an answer", () => {
  test("streams word by word and ends with what it used", async () => {
    const config = await provider({ do: "answer", text: "Within 60 days of delivery." });
    const { deltas, error } = await listen(config);
    expect(error).toBeUndefined();
    expect(deltas.slice(0, -1)).toEqual(
      ["Within", " 60", " days", " of", " delivery."].map((text) => ({ type: "text", text })),
    );
    expect(deltas.at(-1)).toMatchObject({ type: "usage", completionTokens: 7 });
  });

  test("is asked for with the model's name, the messages and a limit", async () => {
    const config = await provider({ do: "echo" });
    const { text } = await listen(config);
    expect(text).toBe("How long?");
    const [request] = await requestsOf(config);
    expect(request).toMatchObject({ path: "/v1/chat/completions", state: "finished" });
    expect(request?.body).toMatchObject({
      model: config.model,
      messages: INPUT.messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 50,
    });
  });

  test("may come between events that are not of the protocol", async () => {
    const { text, error } = await listen(await provider({ do: "named-events", text: "All the same." }));
    expect(error).toBeUndefined();
    expect(text).toBe("All the same.");
  });

  test("may come without a usage report", async () => {
    const { deltas, error } = await listen(await provider({ do: "answer", text: "Yes.", usage: false }));
    expect(error).toBeUndefined();
    expect(deltas).toEqual([{ type: "text", text: "Yes." }]);
  });

  test("comes after a short pause when the provider was busy", async () => {
    const config = await provider(
      { do: "status", status: 429, retryAfter: "0.01" },
      { do: "status", status: 503, retryAfter: "0.01" },
      { do: "answer", text: "Third time." },
    );
    const { text } = await listen(config);
    expect(text).toBe("Third time.");
    expect(await requestsOf(config)).toHaveLength(3);
  });
});

test("a reader may take longer than the provider is allowed to", async () => {
  const config = { ...(await provider({ do: "answer", text: "One two three." })), timeoutMs: 60 };
  let text = "";
  for await (const delta of openaiChat(config).stream(INPUT, never())) {
    if (delta.type === "text") text += delta.text;
    // Slow on purpose: longer than the time allowed for the provider's silence.
    if (text === "One") await scheduler.wait(200);
  }
  expect(text).toBe("One two three.");
});

describe("a failure before the first word", () => {
  test.each([408, 409, 429, 500, 502, 503, 529])("%i: the model is unavailable", async (status) => {
    const { error, deltas } = await listen(impatient(await provider({ do: "status", status })));
    expect(error).toBeInstanceOf(AppError);
    expect(error?.code).toBe("model_unavailable");
    expect(deltas).toEqual([]);
  });

  test.each([400, 401, 403, 404, 422])(
    "%i: the model failed, and trying again is useless",
    async (status) => {
      const config = await provider({ do: "status", status });
      const { error } = await listen(config);
      expect(error?.code).toBe("model_failed");
      expect(await requestsOf(config)).toHaveLength(1);
    },
  );

  test("a proxy's page in the provider's place: the model is unavailable", async () => {
    const { error } = await listen(impatient(await provider({ do: "html", status: 502 })));
    expect(error?.code).toBe("model_unavailable");
    expect(error?.message).not.toMatch(/[<>]/);
  });

  test("says what to check when the key is refused, and never repeats the provider's words", async () => {
    const { error } = await listen(
      await provider({ do: "status", status: 401, message: "key sk-secret is wrong" }),
    );
    expect(error?.message).toContain("OPENAI_API_KEY");
    expect(error?.message).not.toContain("secret");
  });

  test("a long Retry-After is passed on instead of waited for", async () => {
    const config = await provider({ do: "status", status: 429, retryAfter: "40" });
    const { error } = await listen(config);
    expect(error).toMatchObject({ code: "model_unavailable", retryAfter: 40 });
    expect(await requestsOf(config)).toHaveLength(1);
  });

  test("tries are bounded", async () => {
    const config = await provider({ do: "status", status: 500, retryAfter: "0.01" });
    await listen(config);
    expect(await requestsOf(config)).toHaveLength(3);
  });

  test("silence is given up after the time allowed, and the connection closed", async () => {
    const config = { ...(await provider({ do: "hang" })), timeoutMs: 150 };
    const { error } = await listen(config);
    expect(error).toMatchObject({ code: "model_unavailable", message: expect.stringContaining("in time") });
    await hungUp(config);
  });

  test("nobody listens at the address", async () => {
    const { error } = await listen(
      impatient({ apiKey: "k", baseURL: "http://127.0.0.1:1/v1", model: "m", timeoutMs: 3_000 }),
    );
    expect(error?.code).toBe("model_unavailable");
  });

  test.each(["empty", "html"] as const)("%s: the model failed", async (kind) => {
    const { error } = await listen(await provider({ do: kind }));
    expect(error?.code).toBe("model_failed");
  });
});

describe("a failure in the middle of the answer", () => {
  test("what came is kept when the connection breaks", async () => {
    const { text, error } = await listen(await provider({ do: "cut", text: "Within 60" }));
    expect(text).toBe("Within 60");
    expect(error?.code).toBe("model_unavailable");
  });

  test("an end without an ending is not taken for a whole answer", async () => {
    const { text, error } = await listen(await provider({ do: "truncate", text: "Within 60" }));
    expect(text).toBe("Within 60");
    expect(error?.code).toBe("model_unavailable");
  });

  test("garbage in the stream", async () => {
    const { error } = await listen(await provider({ do: "malformed", text: "Within" }));
    expect(error?.code).toBe("model_failed");
  });

  test("an error object in the stream", async () => {
    const { error } = await listen(await provider({ do: "error", text: "Within" }));
    expect(error?.code).toBe("model_unavailable");
  });

  test("silence in the middle is given up, and the connection closed", async () => {
    const config = { ...(await provider({ do: "stall", text: "Within" })), timeoutMs: 200 };
    const { text, error } = await listen(config);
    expect(text).toBe("Within");
    expect(error).toMatchObject({ code: "model_unavailable", message: expect.stringContaining("in time") });
    await hungUp(config);
  });
});

describe("the caller goes away", () => {
  test("before the first word: the upstream connection is closed", async () => {
    const config = await provider({ do: "hang" });
    const caller = new AbortController();
    const listening = listen(config, caller.signal);
    await vi.waitUntil(async () => (await requestsOf(config)).length === 1);
    caller.abort();
    await listening;
    await hungUp(config);
    expect(await requestsOf(config)).toHaveLength(1);
  });

  test("while a busy provider is waited for: it is not asked again", async () => {
    const config = await provider({ do: "status", status: 503, retryAfter: "1" });
    const caller = new AbortController();
    const listening = listen(config, caller.signal);
    await vi.waitUntil(async () => (await requestsOf(config)).length === 1);
    caller.abort();
    expect((await listening).text).toBe("");
    expect(await requestsOf(config)).toHaveLength(1);
  });

  test("in the middle: the stream ends and the upstream connection is closed", async () => {
    const config = await provider({ do: "stall", text: "Within 60 days" });
    const caller = new AbortController();
    for await (const _ of openaiChat(config).stream(INPUT, caller.signal)) caller.abort();
    await hungUp(config);
  });

  test("by leaving the loop", async () => {
    const config = await provider({ do: "stall", text: "Within 60 days" });
    for await (const _ of openaiChat(config).stream(INPUT, never())) break;
    await hungUp(config);
  });
});
