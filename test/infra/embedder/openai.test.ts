import { describe, expect, test } from "vitest";
import type { AppError } from "../../../src/errors.ts";
import { openaiEmbedder } from "../../../src/infra/embedder/openai.ts";
import { DIMENSIONS } from "../../../src/infra/embedder/port.ts";
import { hungUp, provider, requestsOf } from "../../support/models.ts";

const never = () => new AbortController().signal;
const failure = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (thrown) => thrown,
  );
const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

describe("texts become vectors", () => {
  test("one each, in order, of unit length", async () => {
    const config = await provider({ do: "embed" });
    const vectors = await openaiEmbedder(config).embed(["red tent", "blue stove", "red tent"], never());
    expect(vectors.map((vector) => vector.length)).toEqual([DIMENSIONS, DIMENSIONS, DIMENSIONS]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(dot(vectors[0]!, vectors[1]!)).toBeLessThan(0.5);
    expect((await requestsOf(config))[0]?.body).toMatchObject({
      model: config.model,
      input: ["red tent", "blue stove", "red tent"],
      dimensions: DIMENSIONS,
      encoding_format: "float",
    });
  });

  test("in the order of the texts, whatever the order of the reply", async () => {
    const plain = await openaiEmbedder(await provider({ do: "embed" })).embed(["a b", "c d"], never());
    const shuffled = await openaiEmbedder(await provider({ do: "embed", fault: "shuffled" })).embed(
      ["a b", "c d"],
      never(),
    );
    expect(shuffled).toEqual(plain);
  });

  test("no text costs no request", async () => {
    const config = await provider({ do: "embed" });
    expect(await openaiEmbedder(config).embed([], never())).toEqual([]);
    expect(await requestsOf(config)).toEqual([]);
  });

  test("also from a model that has one length only and refuses to be asked for it", async () => {
    const config = await provider({ do: "embed", length: DIMENSIONS, fault: "fixed-length" });
    const embedder = openaiEmbedder(config);
    await embedder.embed(["one"], never());
    await embedder.embed(["two"], never());
    // Refused once, then remembered.
    expect((await requestsOf(config)).map(({ body }) => body.dimensions)).toEqual([
      DIMENSIONS,
      undefined,
      undefined,
    ]);
  });

  test("more than a hundred at once are a mistake of the caller", async () => {
    const embedder = openaiEmbedder(await provider({ do: "embed" }));
    await expect(embedder.embed(new Array(101).fill("x"), never())).rejects.toThrow(RangeError);
  });
});

describe("a reply that cannot be used", () => {
  test("another length: says what to set", async () => {
    const config = await provider({ do: "embed", length: 1_024 });
    const error = await failure(openaiEmbedder(config).embed(["x"], never()));
    expect(error.code).toBe("embedder_failed");
    expect(error.message).toMatch(/1024 numbers instead of 768.*EMBEDDING_MODEL/);
  });

  test.each(["fewer", "nulls", "zero"] as const)("%s", async (fault) => {
    const error = await failure(
      openaiEmbedder(await provider({ do: "embed", fault })).embed(["x", "y"], never()),
    );
    expect(error.code).toBe("embedder_failed");
  });

  test("a web page", async () => {
    const error = await failure(openaiEmbedder(await provider({ do: "html" })).embed(["x"], never()));
    expect(error.code).toBe("embedder_failed");
  });
});

describe("a provider in trouble", () => {
  test.each([
    [429, "embedder_unavailable"],
    [500, "embedder_unavailable"],
    [401, "embedder_failed"],
    [404, "embedder_failed"],
  ] as const)("%i is %s", async (status, code) => {
    const config = { ...(await provider({ do: "status", status })), maxRetries: 0 };
    expect((await failure(openaiEmbedder(config).embed(["x"], never()))).code).toBe(code);
  });

  test("silence is given up after the time allowed, and the connection closed", async () => {
    const config = { ...(await provider({ do: "hang" })), timeoutMs: 150 };
    expect((await failure(openaiEmbedder(config).embed(["x"], never()))).code).toBe("embedder_unavailable");
    await hungUp(config);
  });
});
