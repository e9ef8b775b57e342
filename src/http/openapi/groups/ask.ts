/** Reference: search, and questions with cited answers. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../../context.ts";
import type { Answer } from "../../../domain/answers/answer.ts";
import type { Citation, Done, Source } from "../../../domain/answers/events.ts";
import { MATCH_KINDS } from "../../../domain/knowledge/match.ts";
import type { Result, SearchResult } from "../../../domain/retrieval/search.ts";
import { SEVERITIES } from "../../../domain/telemetry/severity.ts";
import type { Attempt } from "../../../infra/openai/port.ts";
import { exactly, FAULTS, group, id } from "../entry.ts";
import { A } from "../examples.ts";
import { Problem } from "../problems.ts";

const passage = {
  document_name: z.string(),
  version: z.int(),
  title: z.string().nullable(),
  content: z.string(),
  page: z.int().nullable(),
  heading: z.array(z.string()).describe("Headings above the passage, outermost first."),
  start: z.int().describe("UTF-16 range in the document's text."),
  end: z.int(),
  score: z.number().describe("Relative to the best one, 0 to 1."),
};

const OUTCOMES = ["ok", "rules", "not_done", "over_budget", ...FAULTS] as const;

const ResultShape = exactly<Result>()(
  z.strictObject({
    chunk_id: id,
    document_id: id,
    ...passage,
    ordinal: z.int(),
    access_level: z.enum(ACCESS_LEVELS),
    metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    chunks: z
      .array(z.strictObject({ chunk_id: id, ordinal: z.int() }))
      .exactOptional()
      .describe("What the passage was joined from, when that is more than one chunk."),
    relevance: z
      .number()
      .describe("How much of the question it answers, 0 to 1: what `min_score` is compared with."),
    scores: z.strictObject({ lexical: z.number(), vector: z.number().nullable() }),
  }),
).meta({ id: "Result" });

const Retrieval = exactly<SearchResult["retrieval"]>()(
  z.strictObject({
    mode: z.enum(["hybrid", "lexical"]).describe("`lexical` when the vectors have no say in the order."),
    embedding_model: z.string(),
    candidates: z.strictObject({ lexical: z.int(), vector: z.int() }),
    paths: z.strictObject({
      lexical: z.enum(["exact", "terms"]),
      vector: z.enum(["exact", "segments", "none"]),
    }),
    query: z
      .strictObject({
        original: z.string(),
        standalone: z.string().nullable().describe("What a follow-up was searched for instead."),
        variants: z.array(z.string()),
        rewrite: z.enum(OUTCOMES).exactOptional(),
        expand: z.enum(OUTCOMES).exactOptional(),
      })
      .exactOptional(),
    rerank: z
      .strictObject({ model: z.string(), ms: z.number(), outcome: z.enum(["ok", "circuit_open", ...FAULTS]) })
      .exactOptional(),
    min_score: z.number().exactOptional().describe("Passages below it were left out."),
    ms: z.number(),
    off_topic_ratio: z
      .number()
      .describe("Share of the question that the best passage answers, about 0 to 1."),
    off_topic: z.boolean().describe("The documents do not speak of this."),
  }),
).meta({ id: "Retrieval" });

/** A passage of a document, an answer that an admin taught, or a line of the production log. */
const fromDocument = { kind: z.literal("document"), chunk_id: id, document_id: id };
const taught = z.strictObject({ id, version: z.int(), question: z.string() });
const fromTaught = { kind: z.literal("taught"), chunk_id: z.null(), document_id: z.null(), taught };

const log = z.strictObject({ time: z.string().nullable(), severity: z.enum(SEVERITIES).nullable() });
const fromLog = { kind: z.literal("log"), chunk_id: z.null(), document_id: z.null(), log };

const source = { index: z.int().describe("What `[n]` in the answer refers to, from 1."), ...passage };
const SourceShape = exactly<Source>()(
  z.union([
    z.strictObject({ ...fromDocument, ...source }),
    z.strictObject({ ...fromTaught, ...source }),
    z.strictObject({ ...fromLog, ...source }),
  ]),
).meta({ id: "AnswerSource" });

const kept = {
  ...source,
  content: source.content
    .nullable()
    .exactOptional()
    .describe("Of a document, and as long as the passage is in it."),
};
/** As a conversation shows it again. */
export const KeptSource = z
  .union([
    z.strictObject({ ...fromDocument, ...kept }),
    z.strictObject({ ...fromTaught, ...kept }),
    z.strictObject({ ...fromLog, ...kept }),
    z.strictObject({
      index: source.index,
      unavailable: z.literal(true).describe("Its document is gone, or not for this reader any more."),
    }),
  ])
  .meta({ id: "KeptSource" });

const citation = {
  index: z.int(),
  answer_start: z.int().describe("UTF-16 range of the mark `[n]` in the answer."),
  answer_end: z.int(),
  claim_start: z.int().describe("UTF-16 range of the words in the answer that the mark stands behind."),
  claim_end: z.int(),
  document_name: z.string(),
  version: z.int(),
  page: z.int().nullable(),
  heading: z.array(z.string()),
  start: z.int().describe("UTF-16 range of the quote in the document's text."),
  end: z.int(),
  quote: z.string().describe("Verbatim from the passage."),
  path: z
    .string()
    .exactOptional()
    .describe("In a structured answer, the JSON Pointer of the string that holds the mark."),
};
export const CitationShape = exactly<Citation>()(
  z.union([
    z.strictObject({ ...fromDocument, ...citation }),
    z.strictObject({ ...fromTaught, ...citation }),
    z.strictObject({ ...fromLog, ...citation }),
  ]),
).meta({ id: "Citation" });

const AttemptShape = exactly<Attempt>()(
  z.strictObject({
    model: z.string(),
    code: z
      .enum(["ok", "circuit_open", ...FAULTS])
      .describe("`ok` for the one that answered, `circuit_open` for one that was left alone."),
    ms: z.number().describe("Until the first word, or until it failed."),
  }),
);

const done = {
  message_id: id.describe("Names this question and its answer ever after."),
  session_id: id.exactOptional().describe("The conversation it belongs to."),
  structured: z
    .unknown()
    .optional()
    .describe("When `response_format` asked for JSON: what `answer` is the JSON of."),
  stopped: z.literal(true).exactOptional().describe("Somebody stopped it: `answer` is as far as it came."),
  answer: z.string(),
  grounded: z.boolean().describe("At least one citation was verified."),
  supported: z
    .number()
    .nullable()
    .describe("Share of the answer's statements that a verified citation stands behind, 0 to 1."),
  model: z.string(),
  mode: z.enum(["offline", "openai", "taught"]).describe("`taught`: an admin's words, no model was asked."),
  taught: z.strictObject({ id, version: z.int(), match: z.enum(MATCH_KINDS) }).exactOptional(),
  cache: z
    .union([
      z.strictObject({ hit: z.literal(true), kind: z.enum(["exact", "near"]), age_seconds: z.int() }),
      z.strictObject({ hit: z.literal(false) }),
    ])
    .exactOptional()
    .describe("Whether the answer was kept from an earlier question; absent where that was not looked up."),
  degraded: z
    .enum(["over_budget", "models_unavailable"])
    .exactOptional()
    .describe("Why it was quoted without the model."),
  usage: z.strictObject({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullable(),
  cost: z.number().nullable().describe("By the operator's prices; null when unknown."),
  attempts: z.array(AttemptShape).describe("Who was asked, in order."),
  citations_dropped: z.int().describe("Marks that no passage supports."),
  links_removed: z.int().describe("Addresses and pictures that no source holds."),
  ms: z
    .record(z.string(), z.number())
    .describe(
      "Milliseconds per step. `until_model` is from the request's arrival until the model is asked, the steps before it included.",
    ),
};

const DoneShape = exactly<Done>()(z.strictObject(done)).meta({ id: "AnswerDone" });
export const AnswerShape = exactly<Answer>()(
  z.strictObject({
    ...done,
    citations: z.array(CitationShape),
    sources: z.array(SourceShape),
    retrieval: Retrieval,
  }),
).meta({ id: "Answer" });

const event = <Name extends string, Data extends z.ZodType>(name: Name, data: Data) =>
  z.strictObject({ event: z.literal(name), data });

export const AnswerEvent = z
  .union([
    event(
      "sources",
      z.strictObject({
        message_id: id,
        session_id: id.exactOptional(),
        sources: z.array(SourceShape),
        retrieval: Retrieval,
      }),
    ),
    event("token", z.strictObject({ text: z.string() })),
    event("citation", CitationShape),
    event("done", DoneShape),
    event("error", z.strictObject({ problem: Problem })),
  ])
  .meta({ id: "AnswerEvent" });

const embedding = ["embedder_failed", "embedder_unavailable"] as const;
/** What answering may fail with. */
export const ANSWERING = [
  ...embedding,
  "model_failed",
  "model_unavailable",
  "model_required",
  "answer_unfit",
  "quota_exceeded",
] as const;

export const ask = group("Ask", "Search the documents, or ask them and get a cited answer.", {
  "POST /api/v1/search": {
    id: "search",
    summary: "Find passages",
    answers: {
      200: exactly<SearchResult>()(z.strictObject({ results: z.array(ResultShape), retrieval: Retrieval })),
    },
    errors: embedding,
    example: { body: { query: A.question, top_k: 5 } },
  },
  "POST /api/v1/query": {
    id: "query",
    summary: "Ask a question and watch the answer stream in",
    description:
      '`sources` first, then `token`s, a `citation` after the token that completes its mark, and `done`. What fails after the first token is an `error` event. `stream_format: "text"` or `Accept: text/plain` gives the bare words.',
    answers: {
      200: [
        {
          type: "text/event-stream",
          each: AnswerEvent,
          description: "Events `sources`, `token`, `citation`, `done`, `error`.",
        },
        { type: "text/plain", description: "The bare words of the answer." },
      ],
    },
    errors: ANSWERING,
    example: { body: { query: A.question } },
  },
  "POST /api/v1/query/sync": {
    id: "querySync",
    summary: "Ask a question and get the whole answer",
    answers: { 200: AnswerShape },
    errors: ANSWERING,
    example: { body: { query: A.question, history: [] } },
  },
});
