import { describe, expect, test, vi } from "vitest";
import type { AnswerEvent } from "../../src/domain/answers/events.ts";
import { AppError } from "../../src/errors.ts";
import { nativeDialect, textDialect } from "../../src/http/dialects/native.ts";
import { eventStream, prime } from "../../src/http/sse.ts";

const TOKEN = (text: string): AnswerEvent => ({ type: "token", text });
const SOURCES: AnswerEvent = {
  type: "sources",
  message_id: "4b2f5c1e-7f0c-4f43-9d4a-6a2b8e1c0d11",
  sources: [],
  retrieval: {
    mode: "lexical",
    embedding_model: "offline",
    candidates: { lexical: 0, vector: 0 },
    paths: { lexical: "exact", vector: "exact" },
    ms: 1,
    off_topic_ratio: 1,
    off_topic: false,
  },
};
const DONE: AnswerEvent = {
  type: "done",
  done: {
    message_id: "4b2f5c1e-7f0c-4f43-9d4a-6a2b8e1c0d11",
    answer: "a\nb",
    grounded: false,
    model: "m",
    mode: "offline",
    usage: null,
    cost: 0,
    attempts: [],
    citations_dropped: 0,
    supported: null,
    links_removed: 0,
    ms: {},
  },
};

async function* play(...events: (AnswerEvent | Error | Promise<unknown>)[]): AsyncGenerator<AnswerEvent> {
  for (const event of events) {
    if (event instanceof Error) throw event;
    if (event instanceof Promise) await event;
    else yield event;
  }
}

async function stream(
  events: AsyncGenerator<AnswerEvent>,
  dialect: "sse" | "text" = "sse",
  more: { onGone?: () => void; onFailure?: (error: AppError) => void; heartbeatMs?: number } = {},
): Promise<Response> {
  const written = dialect === "sse" ? nativeDialect("request-1") : textDialect();
  return eventStream(await prime(events), events, written, {
    requestId: "request-1",
    onGone: () => undefined,
    ...more,
  });
}

/** Frames as a browser's EventSource would hand them out. */
function parse(text: string): { id: string; event: string; data: any }[] {
  return text
    .split("\n\n")
    .filter((frame) => frame !== "" && !frame.startsWith(":"))
    .map((frame) => {
      const field = (name: string) =>
        frame
          .split("\n")
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? "";
      return { id: field("id"), event: field("event"), data: JSON.parse(field("data")) };
    });
}

describe("server-sent events", () => {
  test("each has an id, a name and one line of JSON", async () => {
    const response = await stream(play(SOURCES, TOKEN("a\nb"), DONE));
    const frames = parse(await response.text());
    expect(frames.map(({ id, event }) => [id, event])).toEqual([
      ["1", "sources"],
      ["2", "token"],
      ["3", "done"],
    ]);
    expect(frames[1]?.data).toEqual({ text: "a\nb" });
    expect(frames[2]?.data.answer).toBe("a\nb");
  });

  test("carry the headers that keep proxies from buffering", async () => {
    const { headers } = await stream(play(TOKEN("x"), DONE));
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(headers.get("x-accel-buffering")).toBe("no");
    expect(headers.get("content-encoding")).toBeNull();
  });

  test("a comment keeps a silent connection open, and nothing is lost by it", async () => {
    const silence = Promise.withResolvers<void>();
    const events = play(SOURCES, TOKEN("a"), silence.promise, TOKEN("b"), DONE);
    const reader = (await stream(events, "sse", { heartbeatMs: 20 }))
      .body!.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = "";
    while (text.split(": keep-alive\n\n").length < 4) text += (await reader.read()).value;
    silence.resolve();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value;
    expect(parse(text).map(({ event }) => event)).toEqual(["sources", "token", "token", "done"]);
  });

  test("leave as soon as they are there", async () => {
    const never = new Promise(() => undefined);
    const reader = (await stream(play(SOURCES, TOKEN("first"), never)))
      .body!.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = "";
    while (!text.includes("first")) text += (await reader.read()).value;
    await reader.cancel();
  });
});

test("the first word waits for no other, then words that are ready together leave together", async () => {
  const later = Promise.withResolvers<void>();
  const response = await stream(
    play(TOKEN("a"), TOKEN("b"), TOKEN("c"), later.promise, TOKEN("d"), DONE),
    "text",
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe("a");
  expect((await reader.read()).value).toBe("bc");
  later.resolve();
  expect((await reader.read()).value).toBe("d");
  expect((await reader.read()).done).toBe(true);
});

describe("bare text", () => {
  test("is the tokens and nothing else", async () => {
    const response = await stream(play(SOURCES, TOKEN("Within "), TOKEN("60 days\n"), DONE), "text");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await response.text()).toBe("Within 60 days\n");
  });

  test("breaks off when the answer does, so that half is not taken for the whole", async () => {
    const error: AnswerEvent = { type: "error", error: new AppError("model_unavailable") };
    const response = await stream(play(SOURCES, TOKEN("Within "), error), "text");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe("Within ");
    await expect(reader.read()).rejects.toThrow();
  });
});

describe("failures", () => {
  test("before the first token reach the caller as errors, not as a stream", async () => {
    await expect(stream(play(SOURCES, new AppError("model_unavailable")))).rejects.toMatchObject({
      status: 503,
    });
  });

  test("after it are a problem without the cause", async () => {
    const failures: string[] = [];
    const secret = new AppError("model_failed", { cause: new Error("key sk-123") });
    const response = await stream(play(SOURCES, TOKEN("a"), { type: "error", error: secret }), "sse", {
      onFailure: (error) => failures.push(error.code),
    });
    const text = await response.text();
    expect(parse(text).at(-1)).toMatchObject({
      event: "error",
      data: { problem: { code: "model_failed", status: 502, request_id: "request-1" } },
    });
    expect(text).not.toContain("sk-123");
    expect(failures).toEqual(["model_failed"]);
  });

  test("that nobody named become `internal`, and their message stays here", async () => {
    const response = await stream(play(SOURCES, TOKEN("a"), new TypeError("secret detail")));
    const text = await response.text();
    expect(parse(text).at(-1)?.data.problem.code).toBe("internal");
    expect(text).not.toContain("secret detail");
  });
});

describe("the first token decides", () => {
  test("sources wait for it", async () => {
    const first = await prime(play(SOURCES, TOKEN("a"), TOKEN("b")));
    expect(first).toEqual([SOURCES, TOKEN("a")]);
  });

  test("an answer that is over before it began is no stream of nothing", async () => {
    expect(await prime(play())).toEqual([]);
  });
});

describe("a reader who goes away", () => {
  test("is noticed, and the generator is closed", async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<AnswerEvent> {
      try {
        for (;;) yield TOKEN("word ");
      } finally {
        closed = true;
      }
    }
    const onGone = vi.fn();
    const reader = (await stream(endless(), "sse", { onGone })).body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(onGone).toHaveBeenCalledOnce();
    await vi.waitUntil(() => closed);
  });

  test("a slow reader is not written to ahead of time", async () => {
    let made = 0;
    async function* endless(): AsyncGenerator<AnswerEvent> {
      for (;;) {
        made++;
        yield TOKEN("word ");
      }
    }
    const reader = (await stream(endless())).body!.getReader();
    await reader.read();
    await scheduler.wait(20); // whatever it would make ahead, it makes now
    const before = made;
    await scheduler.wait(20);
    expect(made).toBe(before);
    expect(made).toBeLessThan(2_000);
    await reader.cancel();
  });
});
