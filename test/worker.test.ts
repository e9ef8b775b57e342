/** Which parts the Worker takes for which settings. */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import worker, { runtimeFor } from "../src/worker.ts";
import { provider, requestsOf } from "./support/models.ts";
import { newReceiver } from "./support/webhooks.ts";

const portsWith = (settings: Record<string, unknown>) =>
  runtimeFor({ ...(env as unknown as Record<string, unknown>), ...settings }).ports;

test("without a key no model is needed", () => {
  const { embedders, chat } = portsWith({ OPENAI_API_KEY: undefined });
  expect([embedders.default.mode, chat.mode]).toEqual(["offline", "offline"]);
});

test("with a key the named models answer", () => {
  const { embedders, chat } = portsWith({
    OPENAI_API_KEY: "sk-test",
    CHAT_MODEL: "chat-a",
    EMBEDDING_MODEL: "embed-a",
  });
  expect([chat.model, chat.mode]).toEqual(["chat-a", "openai"]);
  expect([embedders.default.model, embedders.default.mode]).toEqual(["embed-a", "openai"]);
});

test("one of the two models may stay offline beside a key", () => {
  const readers = portsWith({ OPENAI_API_KEY: "sk-test", EMBEDDING_MODEL: "offline" });
  expect([readers.embedders.default.mode, readers.chat.mode]).toEqual(["offline", "openai"]);
  const answers = portsWith({ OPENAI_API_KEY: "sk-test", CHAT_MODEL: "offline" });
  expect([answers.embedders.default.mode, answers.chat.mode]).toEqual(["openai", "offline"]);
});

test("further embedding models are offered beside the usual one, each once, and the offline one always", () => {
  const offered = (settings: Record<string, unknown>) =>
    portsWith({ OPENAI_API_KEY: "sk-test", EMBEDDING_MODEL: "embed-a", ...settings })
      .embedders.list()
      .map(({ model }) => model);
  expect(offered({})).toEqual(["embed-a", "offline-hash-768"]);
  expect(offered({ EMBEDDING_MODELS: "embed-b, embed-a" })).toEqual([
    "embed-a",
    "embed-b",
    "offline-hash-768",
  ]);
  const listed = JSON.stringify([{ model: "local", base_url: "http://127.0.0.1:1/v1", api_key: "none" }]);
  expect(offered({ EMBEDDING_MODELS: listed })).toEqual(["embed-a", "local", "offline-hash-768"]);
  expect(offered({ EMBEDDING_MODELS: listed, EMBEDDING_MODEL: "local", OPENAI_API_KEY: undefined })).toEqual([
    "local",
    "offline-hash-768",
  ]);
});

test("several chat models are asked in their order; the extractive answerer may always be chosen", () => {
  const listed = [
    { name: "far", base_url: "https://far.example/v1", key: "FAR_API_KEY", limits: { context: 8_000 } },
    { name: "usual" },
  ];
  const chats = (CHAT_MODELS: unknown[]) => {
    const settings = {
      OPENAI_API_KEY: "sk-test",
      FAR_API_KEY: "sk-far",
      CHAT_MODELS: JSON.stringify(CHAT_MODELS),
    };
    const { chat, chats: offered } = portsWith(settings);
    return { chat: chat.model, offered: offered.list().map((one) => [one.model, one.default]) };
  };
  expect(chats(listed)).toEqual({
    chat: "far",
    offered: [
      ["far", true],
      ["usual", true],
      ["offline-extractive", false],
    ],
  });
  expect(chats([...listed, "offline"]).offered.at(-1)).toEqual(["offline-extractive", true]);
});

test("an embedding model that is listed twice has two providers", () => {
  const at = (host: string) => ({ model: "embed-a", base_url: `https://${host}.example/v1`, api_key: "k" });
  const { embedders } = portsWith({
    OPENAI_API_KEY: "sk-test",
    EMBEDDING_MODEL: "embed-a",
    EMBEDDING_MODELS: JSON.stringify([at("near"), at("far")]),
  });
  expect(embedders.list().map(({ model }) => model)).toEqual(["embed-a", "offline-hash-768"]);
  expect(embedders.default.circuits?.()).toHaveLength(2);
});

test("passages are ordered by the reranker at the address that is set, or by the chat model, or by nobody", async () => {
  expect(portsWith({}).rerankers).toBeUndefined();
  expect(portsWith({ RERANK: "chat" }).rerankers?.spendsTokens).toBe(true);
  const passages = [{ title: "Piers", content: "The ferry leaves at dawn." }];
  for (const ending of ["", "/", "/rerank"]) {
    const config = await provider({ do: "rerank", prefer: "ferry" });
    const { rerankers, chat } = portsWith({
      RERANK_URL: `${config.baseURL}${ending}`,
      RERANK_MODEL: config.model,
      RERANK_API_KEY: "rk-test",
    });
    const ranking = await rerankers?.for(chat)?.rank("ferry", passages, new AbortController().signal);
    expect(ranking?.order).toEqual([{ index: 0, score: 0.9 }]);
    expect(await requestsOf(config)).toMatchObject([{ path: "/v1/rerank", key: "Bearer rk-test" }]);
  }
});

test("traces go to the collector that is set, under the name that is set", async () => {
  const collector = newReceiver();
  const { tracing } = runtimeFor({
    ...(env as unknown as Record<string, unknown>),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: "x-team=t1",
    OTEL_SERVICE_NAME: "harbour",
  });
  tracing.begin("tide", { waitUntil: () => undefined }).end();
  const [request] = await collector.arrived(1);
  expect(request?.headers).toMatchObject({ "x-team": "t1" });
  expect(request?.body).toContain('"harbour"');
});

test("e-mail goes by SMTP where both ways are set, else by Cloudflare, else it is off", () => {
  const mode = (settings: Record<string, unknown>) =>
    portsWith({ DEV_MAILBOX: "false", EMAIL: undefined, ...settings }).email.mode;
  const EMAIL = (env as unknown as { EMAIL: unknown }).EMAIL;
  const EMAIL_FROM = "support@kalamna.example";
  expect(mode({ EMAIL_FROM, EMAIL, SMTP_URL: "smtps://u:p@mail.example" })).toBe("smtp");
  expect(mode({ EMAIL_FROM, EMAIL })).toBe("cloudflare");
  expect(mode({})).toBe("off");
});

test("each minute's cron looks after documents and says what it found", async () => {
  const log = vi.spyOn(console, "log");
  const execution = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), env as never, execution);
  await waitOnExecutionContext(execution);
  const lines = log.mock.calls.flat().filter((line) => String(line).includes('"job":"sweep"'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(String(lines[0]))).toMatchObject({ stranded: expect.any(Number), given_up: 0 });
});
