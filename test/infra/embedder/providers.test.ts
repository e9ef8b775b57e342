import { expect, test } from "vitest";
import { openaiEmbedder } from "../../../src/infra/embedder/openai.ts";
import { providers } from "../../../src/infra/embedder/providers.ts";
import type { Behaviour } from "../../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../../support/models.ts";

const never = () => new AbortController().signal;

/** One model at scripted providers without pauses between tries. */
async function at(totalMs: number, ...scripts: Behaviour[]) {
  const configs = await Promise.all(
    scripts.map(async (script) => ({ ...(await provider(script)), maxRetries: 0 })),
  );
  const [first, ...more] = configs.map(openaiEmbedder);
  const embedder = providers([first!, ...more], totalMs);
  const asked = () => Promise.all(configs.map(async (config) => (await requestsOf(config)).length));
  return { embedder, configs, asked };
}

test.each<Behaviour>([
  { do: "status", status: 429, retryAfter: "60" },
  { do: "status", status: 500 },
  { do: "status", status: 401 },
  { do: "hang" },
  { do: "html" },
  { do: "embed", fault: "garbage" },
  { do: "embed", length: 100 },
])("another provider of the same model is asked after %o", async (behaviour) => {
  const { embedder, configs, asked } = await at(1_500, behaviour, { do: "embed" });
  const [vector] = await embedder.embed(["red tent"], never());
  expect(vector).toEqual((await openaiEmbedder(configs[1]!).embed(["red tent"], never()))[0]);
  expect((await asked())[0]).toBe(1);
});

test("a refused request is not carried to the next", async () => {
  const { embedder, asked } = await at(1_500, { do: "status", status: 400 }, { do: "embed" });
  await expect(embedder.embed(["x"], never())).rejects.toMatchObject({ code: "embedder_failed" });
  expect(await asked()).toEqual([1, 0]);
});

test("one that keeps failing is left alone, and health says so", async () => {
  const { embedder, asked } = await at(1_500, { do: "status", status: 500 }, { do: "embed" });
  for (let n = 0; n < 5; n++) await embedder.embed(["x"], never());
  expect(await asked()).toEqual([3, 5]);
  expect(embedder.circuits?.().map(({ state }) => state)).toEqual(["open", "closed"]);
});

test("when none seems to work the first is asked all the same, and one success is enough", async () => {
  const config = { ...(await provider(...Array(4).fill({ do: "status", status: 503 }), { do: "embed" })) };
  const embedder = providers([openaiEmbedder({ ...config, maxRetries: 0 })], 1_500);
  for (let n = 0; n < 4; n++)
    await expect(embedder.embed(["x"], never())).rejects.toMatchObject({ code: "embedder_unavailable" });
  expect(embedder.circuits?.()).toMatchObject([{ state: "open" }]);
  expect(await embedder.embed(["x"], never())).toHaveLength(1);
  expect(embedder.circuits?.()).toMatchObject([{ state: "closed" }]);
});

test("the caller going away asks nobody else", async () => {
  const { embedder, configs, asked } = await at(5_000, { do: "hang" }, { do: "embed" });
  const caller = new AbortController();
  const embedding = embedder.embed(["x"], caller.signal);
  embedding.catch(() => undefined);
  await expect.poll(async () => (await asked())[0]).toBe(1);
  caller.abort();
  await expect(embedding).rejects.toBeDefined();
  await hungUp(configs[0]!);
  expect(await asked()).toEqual([1, 0]);
});
