/** The interface that OpenAI's clients speak, by base URL alone: https://HOST/v1 with an API key. */
import { Hono } from "hono";
import { collect } from "../../domain/answers/answer.ts";
import { ask } from "../../domain/answers/ask.ts";
import { jsonFormat } from "../../domain/answers/format.ts";
import { embedTexts } from "../../domain/models/embed-texts.ts";
import { usableModels } from "../../domain/models/usable.ts";
import { get } from "../../domain/organizations/get.ts";
import { search } from "../../domain/retrieval/search.ts";
import { AppError } from "../../errors.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { openAiChunks, openAiCompletion } from "../dialects/openai-chat.ts";
import { ChatCompletionInput, HOUSE_MODEL, questionOf } from "../dialects/openai-input.ts";
import { openAiModel, openAiStore } from "../dialects/openai-lists.ts";
import {
  EmbeddingsInput,
  openAiEmbeddings,
  openAiResults,
  StoreParam,
  StoreSearchInput,
  searchOf,
} from "../dialects/openai-vectors.ts";
import { answerStream } from "../sse.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

export const openai = new Hono<HttpEnv>()
  .post("/chat/completions", allow("ask"), jsonBody(), valid("json", ChatCompletionInput), async (c) => {
    const ctx = orgCtxOf(c);
    const input = c.req.valid("json");
    const question = questionOf(input);
    const offered = ctx.ports.chats.list().some(({ model }) => model === input.model);
    const maxTokens = input.max_completion_tokens ?? input.max_tokens;
    const asking = {
      channel: "openai" as const,
      ...(offered ? { model: input.model } : {}),
      ...(maxTokens ? { maxTokens } : {}),
    };
    const completing = {
      // A name that nobody here offers, as in a client that was written for somebody else, means ours.
      model: offered ? input.model : HOUSE_MODEL,
      origin: new URL(c.req.url).origin,
      created: ctx.now(),
      includeUsage: input.stream_options?.include_usage === true,
      isJson: jsonFormat(question.response_format) !== null,
    };
    if (input.stream) return answerStream(ctx, question, openAiChunks(completing), asking);
    return c.json(openAiCompletion(await collect(ask(ctx, question, asking)), completing));
  })
  .get("/models", allow("ask"), async (c) => {
    const names = [HOUSE_MODEL, ...(await usableModels(orgCtxOf(c)))];
    return c.json({ object: "list", data: names.map(openAiModel) });
  })
  .get("/models/:model", allow("ask"), async (c) => {
    const wanted = c.req.param("model");
    const names = [HOUSE_MODEL, ...(await usableModels(orgCtxOf(c)))];
    if (!names.includes(wanted)) throw new AppError("not_found", { detail: "There is no such model." });
    return c.json(openAiModel(wanted));
  })
  .get("/vector_stores", allow("search"), async (c) => {
    const { name, created_at } = await get(orgCtxOf(c));
    const store = openAiStore(name, created_at);
    return c.json({ object: "list", data: [store], first_id: store.id, last_id: store.id, has_more: false });
  })
  .post(
    "/vector_stores/:id/search",
    allow("search"),
    valid("param", StoreParam),
    jsonBody(),
    valid("json", StoreSearchInput),
    async (c) => {
      const input = c.req.valid("json");
      const { results } = await search(orgCtxOf(c), searchOf(input));
      return c.json(openAiResults(input, results));
    },
  )
  .post(
    "/embeddings",
    allow("search"),
    jsonBody(4 * 1024 * 1024),
    valid("json", EmbeddingsInput),
    async (c) => {
      const { input, encoding_format } = c.req.valid("json");
      const embedded = await embedTexts(orgCtxOf(c), [input].flat());
      return c.json(openAiEmbeddings(embedded, encoding_format ?? "float"));
    },
  );
