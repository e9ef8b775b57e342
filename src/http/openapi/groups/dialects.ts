/** Reference: interfaces of others, for their clients. */
import * as z from "zod";
import { group, id, NOTHING } from "../entry.ts";
import { A } from "../examples.ts";

const usage = z.strictObject({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
});
const About = z.looseObject({ message_id: id }).describe("What is ours: grounded, sources, cost.");

const Completion = z
  .strictObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.strictObject({
        index: z.int(),
        message: z.strictObject({
          role: z.literal("assistant"),
          content: z.string(),
          refusal: z.null(),
          annotations: z.array(z.looseObject({ type: z.literal("url_citation") })).describe("Citations."),
        }),
        logprobs: z.null(),
        finish_reason: z.literal("stop"),
      }),
    ),
    usage,
    kalamna: About,
  })
  .meta({ id: "ChatCompletion" });

const Model = z
  .strictObject({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() })
  .meta({ id: "OpenAiModel" });

const Store = z
  .strictObject({
    id: z.string(),
    object: z.literal("vector_store"),
    name: z.string(),
    created_at: z.int(),
    status: z.literal("completed"),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "VectorStore" });

const StoreResults = z
  .strictObject({
    object: z.literal("vector_store.search_results.page"),
    search_query: z.array(z.string()),
    data: z.array(
      z.strictObject({
        file_id: id,
        filename: z.string(),
        score: z.number(),
        attributes: z.record(z.string(), z.unknown()),
        content: z.array(z.strictObject({ type: z.literal("text"), text: z.string() })),
        kalamna: z.looseObject({ chunk_id: id }),
      }),
    ),
    has_more: z.literal(false),
    next_page: z.null(),
  })
  .meta({ id: "VectorStoreResults" });

const Embeddings = z
  .strictObject({
    object: z.literal("list"),
    data: z.array(
      z.strictObject({
        object: z.literal("embedding"),
        index: z.int(),
        embedding: z
          .union([z.array(z.number()), z.string()])
          .describe("Numbers, or base64 of 32-bit floats."),
      }),
    ),
    model: z.string(),
    usage: z.strictObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: "Embeddings" });

const Records = z
  .strictObject({
    records: z.array(
      z.strictObject({
        content: z.string(),
        score: z.number(),
        title: z.string(),
        metadata: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: "DifyRecords" });

const RpcRequest = z
  .looseObject({
    jsonrpc: z.literal("2.0"),
    id: z.union([z.string(), z.number()]).optional().describe("Absent in a notification."),
    method: z.string().describe("`initialize`, `server/discover`, `tools/list`, `tools/call`, …"),
    params: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "McpRequest" });

const RpcReply = z
  .strictObject({
    jsonrpc: z.literal("2.0"),
    id: z.union([z.string(), z.number()]).optional().describe("Absent when the request's is not known."),
    result: z.record(z.string(), z.unknown()).optional(),
    error: z
      .strictObject({
        code: z.int(),
        message: z.string(),
        data: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
  })
  .meta({ id: "McpReply" });

const ProtectedResource = z
  .strictObject({
    resource: z.string(),
    resource_name: z.string(),
    bearer_methods_supported: z.array(z.literal("header")),
    scopes_supported: z.array(z.string()),
  })
  .meta({ id: "ProtectedResource", description: "As RFC 9728 has it." });

const models = ["model_failed", "model_unavailable", "quota_exceeded"] as const;
const embedding = ["embedder_failed", "embedder_unavailable"] as const;

export const dialects = group(
  "Dialects",
  "Interfaces of others: OpenAI's clients use `https://HOST/v1` with an API key, Dify uses `https://HOST`, MCP clients `https://HOST/mcp`.",
  {
    "POST /v1/chat/completions": {
      id: "chatCompletion",
      summary: "Ask, as OpenAI's clients do",
      description:
        "The last message is the question. With `stream: true` it answers in chunks. What only shapes how a model writes has no effect.",
      answers: {
        200: [
          Completion,
          {
            type: "text/event-stream",
            description: "Lines of `data: chat.completion.chunk`, then `[DONE]`.",
          },
        ],
      },
      errors: [...embedding, ...models],
      example: { body: { model: "kalamna", messages: [{ role: "user", content: A.question }] } },
    },
    "GET /v1/models": {
      id: "listOpenAiModels",
      summary: "List language models",
      answers: { 200: z.strictObject({ object: z.literal("list"), data: z.array(Model) }) },
    },
    "GET /v1/models/:model": {
      id: "getOpenAiModel",
      summary: "One language model",
      answers: { 200: Model },
      example: { path: { model: "kalamna" } },
    },
    "GET /v1/vector_stores": {
      id: "listVectorStores",
      summary: "The one vector store: everything the caller may read",
      answers: {
        200: z.strictObject({
          object: z.literal("list"),
          data: z.array(Store),
          first_id: z.string(),
          last_id: z.string(),
          has_more: z.literal(false),
        }),
      },
    },
    "POST /v1/vector_stores/:id/search": {
      id: "searchVectorStore",
      summary: "Find passages, as OpenAI's clients do",
      answers: { 200: StoreResults },
      errors: embedding,
      example: { path: { id: "default" }, body: { query: A.question, max_num_results: 5 } },
    },
    "POST /v1/embeddings": {
      id: "createEmbeddings",
      summary: "Texts as vectors of the organization's model",
      description: "When the organization allows it (`settings.embeddings_api`).",
      answers: { 200: Embeddings },
      errors: [...embedding, "quota_exceeded"],
      example: { body: { input: ["How long can I return shoes?"] } },
    },
    "POST /retrieval": {
      id: "difyRetrieval",
      summary: "Find passages, as Dify does",
      answers: { 200: Records },
      errors: [...embedding, "not_found"],
      example: {
        body: {
          knowledge_id: "default",
          query: A.question,
          retrieval_setting: { top_k: 3, score_threshold: 0 },
        },
      },
    },
    "POST /mcp": {
      id: "mcp",
      summary: "One message of the Model Context Protocol",
      description:
        "Stateless, in the versions 2025-03-26 to 2026-07-28; docs/mcp.md has the tools. Behind the permission to connect every tool demands its own, which the challenge of a 403 names.",
      bodies: [{ type: "application/json", schema: RpcRequest }],
      answers: { 200: RpcReply, 202: NOTHING, 400: RpcReply, 404: RpcReply },
      example: { body: { jsonrpc: "2.0", id: 1, method: "tools/list" } },
    },
    "GET /.well-known/oauth-protected-resource": {
      id: "protectedResource",
      summary: "How to get in, for MCP clients",
      answers: { 200: ProtectedResource },
    },
    "GET /.well-known/oauth-protected-resource/mcp": {
      id: "protectedResourceMcp",
      summary: "The same, at the address that belongs to /mcp",
      answers: { 200: ProtectedResource },
    },
  },
);
