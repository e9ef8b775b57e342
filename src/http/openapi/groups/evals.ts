/** Reference: golden questions and runs over them. */
import * as z from "zod";
import { CaseInput } from "../../../domain/evals/case-input.ts";
import type { CandidateView, CaseView } from "../../../domain/evals/cases.ts";
import { type Check, FIGURES, type Figures } from "../../../domain/evals/figures.ts";
import type { Imported } from "../../../domain/evals/import.ts";
import { Configuration } from "../../../domain/evals/run-input.ts";
import type { ResultView, RunView } from "../../../domain/evals/run-view.ts";
import { EVAL_KINDS, EVAL_RESULT_STATUSES, EVAL_STATUSES } from "../../../infra/db/schema.ts";
import { CSV, exactly, group, id, moment, page } from "../entry.ts";
import { SOME } from "../examples.ts";

const Case = exactly<CaseView>()(
  z.strictObject({
    id,
    question: z.string(),
    document_ids: z
      .array(id)
      .describe("Documents that hold the answer: any of these, by either name, is a hit."),
    external_ids: z.array(z.string()),
    facts: z
      .array(z.string())
      .describe(
        "What the answer has to say. Said when all content words and numbers of the fact stand in it, inflections undone.",
      ),
    answerable: z.boolean().describe("False: the documents do not say, and the answer should be that."),
    tags: z.array(z.string()),
    note: z.string(),
    message_id: id.nullable().describe("The question that somebody voted down, of which it was made."),
    created_by: id.nullable(),
    created_by_key: id.nullable(),
    created_at: moment,
    updated_at: moment,
  }),
).meta({ id: "EvalCase" });
const One = z.strictObject({ case: Case });

const figureNames = Object.keys(FIGURES) as (keyof typeof FIGURES)[];
const figure = z.number().nullable();

const FiguresShape = exactly<Figures>()(
  z.strictObject({
    cases: z.int(),
    answerable: z.int(),
    taught: z.int().describe("Answered with what an admin taught: not looked up in documents."),
    gone: z.int().describe("Not asked, and in no other figure: none of their documents is there any more."),
    hit_at_1: figure.describe("Share of cases whose document is the first that was found."),
    hit_at_3: figure,
    hit_at_5: figure,
    hit_at_10: figure.describe("As far as `top_k` reaches."),
    mrr: figure,
    ndcg_at_10: figure,
    citation_precision: figure.describe("Share of an answer's citations that are of an expected document."),
    citations_verified: figure.describe(
      "Share of the marks that the model wrote whose quote stands in its passage.",
    ),
    supported: figure,
    facts_found: figure,
    right_refusals: figure.describe("Share of the cases without an answer that got none."),
    false_refusals: figure.describe("Share of the others that got none."),
    errors: figure.describe("Questions that failed; each counts as a miss."),
    latency_p50: figure.describe("Milliseconds."),
    latency_p95: figure,
    tokens: figure,
    cost: figure,
  }),
).meta({ id: "EvalFigures" });

const Run = exactly<RunView>()(
  z.strictObject({
    id,
    name: z.string(),
    kind: z.enum(EVAL_KINDS),
    status: z.enum(EVAL_STATUSES),
    tags: z.array(z.string()),
    configurations: z.array(Configuration),
    figures: z
      .array(FiguresShape)
      .nullable()
      .describe("One for each configuration, in their order; null until it ends."),
    gate: z
      .strictObject({
        passed: z.boolean().nullable().describe("Null until it ends."),
        checks: z.array(
          exactly<Check>()(
            z.strictObject({
              figure: z.enum(figureNames),
              wanted: z.number(),
              got: z.number().nullable(),
              better: z.enum(["more", "less"]),
              ok: z.boolean(),
            }),
          ),
        ),
      })
      .nullable(),
    progress: z.strictObject({ done: z.int(), total: z.int() }),
    failure: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
    started_by: z.strictObject({ user_id: id.nullable(), key_id: id.nullable() }),
    created_at: moment,
    finished_at: moment.nullable(),
  }),
).meta({ id: "EvalRun" });
const OneRun = z.strictObject({ run: Run });

const Result = exactly<ResultView>()(
  z.strictObject({
    case_id: id,
    configuration: z.int().describe("Which of the run's, from 0."),
    status: z.enum(EVAL_RESULT_STATUSES),
    asked: z.strictObject({
      question: z.string(),
      document_ids: z.array(z.string()),
      external_ids: z.array(z.string()),
      facts: z.array(z.string()),
      answerable: z.boolean(),
      tags: z.array(z.string()),
    }),
    outcome: z
      .strictObject({
        documents: z.array(z.string()).describe("Those that were found, best first."),
        rank: z.int().nullable().describe("Place of the first that was expected, from 1."),
        ndcg: z.number().nullable(),
        refused: z.boolean(),
        taught: z.boolean(),
        facts: z.array(z.boolean()).describe("Which of the case's facts it says."),
        citations: z.strictObject({ all: z.int(), expected: z.int(), dropped: z.int() }),
        supported: z.number().nullable(),
        model: z.string().nullable(),
        tokens: z.int(),
        cost: z.number().nullable(),
        ms: z.number(),
        error: z.strictObject({ code: z.string(), detail: z.string() }).exactOptional(),
        gone: z
          .literal(true)
          .exactOptional()
          .describe("Was not asked: none of its documents is there any more, or none for the asker."),
      })
      .nullable(),
    answer: z
      .string()
      .nullable()
      .describe("At most 2,000 characters; null for whoever may not read what it was drawn from."),
  }),
).meta({ id: "EvalResult" });

const some = { path: { id: SOME.evalCase } };
const someRun = { path: { id: SOME.evalRun } };

export const evals = group(
  "Evals",
  "Golden questions over an organization's own documents, and runs that measure how they are answered.",
  {
    "POST /api/v1/evals/cases": {
      id: "createEvalCase",
      summary: "Add a golden question",
      description:
        "With `from_message_id` it is made of a question that somebody voted down, for admins: `facts` are then the sentences of the expected answer.",
      answers: { 201: One },
      errors: ["case_exists", "quota_full", "not_found"],
      example: {
        body: { question: "How long can boots be returned?", facts: ["60 days"], tags: ["returns"] },
      },
    },
    "GET /api/v1/evals/cases": {
      id: "listEvalCases",
      summary: "List golden questions",
      answers: { 200: page(Case) },
      example: { query: { tag: "returns" } },
    },
    "GET /api/v1/evals/cases/candidates": {
      id: "listEvalCandidates",
      summary: "Questions that were voted down",
      description: "And are no case yet, newest vote first.",
      answers: {
        200: page(
          exactly<CandidateView>()(
            z.strictObject({
              message_id: id,
              voted_at: moment,
              question: z.string(),
              answer: z.string().nullable(),
              reason: z.string().nullable(),
              expected_answer: z.string().nullable(),
              document_ids: z.array(id).describe("What the answer was drawn from."),
            }),
          ).meta({ id: "EvalCandidate" }),
        ),
      },
    },
    "POST /api/v1/evals/cases/import": {
      id: "importEvalCases",
      summary: "Import golden questions",
      description:
        "All or none, at most 1,000 in 4 MB; one with a question that is there replaces it. With `replace=true` all others go.",
      bodies: [
        { type: "application/x-ndjson", schema: CaseInput, lines: true },
        { type: "application/json", schema: z.array(CaseInput) },
      ],
      answers: {
        200: z.strictObject({
          imported: exactly<Imported>()(
            z.strictObject({ created: z.int(), changed: z.int(), deleted: z.int() }),
          ),
        }),
      },
      errors: ["malformed_json", "quota_full"],
      example: {
        body: '{"question":"Who founded the moon base?","answerable":false}\n',
        type: "application/x-ndjson",
      },
    },
    "GET /api/v1/evals/cases/:id": {
      id: "getEvalCase",
      summary: "One golden question",
      answers: { 200: One },
      example: some,
    },
    "PATCH /api/v1/evals/cases/:id": {
      id: "changeEvalCase",
      summary: "Change a golden question",
      answers: { 200: One },
      errors: ["case_exists"],
      example: { ...some, body: { tags: ["returns", "shoes"] } },
    },
    "DELETE /api/v1/evals/cases/:id": {
      id: "deleteEvalCase",
      summary: "Delete a golden question",
      description: "Runs that asked it keep what they asked.",
      answers: { 200: z.strictObject({ deleted: z.strictObject({ id }) }) },
      example: some,
    },
    "POST /api/v1/evals/run": {
      id: "startEvalRun",
      summary: "Ask all golden questions",
      description:
        "In one or two configurations, which are compared on the same index. Asked in the background with the caller's rights; each question counts against the quotas, none among people's questions. `gate` names the least that figures of the first configuration must reach, or the most where less is better (refusals, errors, latency, tokens, cost).",
      answers: { 202: OneRun },
      errors: ["no_cases", "quota_full"],
      example: {
        body: {
          kind: "search",
          configurations: [{ top_k: 8 }, { name: "fewer", top_k: 3 }],
          gate: { hit_at_5: 0.9 },
        },
      },
    },
    "GET /api/v1/evals/runs": {
      id: "listEvalRuns",
      summary: "List runs",
      description: "Newest first; a key sees its own.",
      answers: { 200: page(Run) },
    },
    "GET /api/v1/evals/runs/:id": {
      id: "getEvalRun",
      summary: "A run with its results",
      description: "Case by case. `format=csv` gives the results as a table.",
      answers: { 200: [z.strictObject({ run: Run, results: z.array(Result) }), CSV] },
      example: someRun,
    },
    "POST /api/v1/evals/runs/:id/cancel": {
      id: "cancelEvalRun",
      summary: "Call a run off",
      description: "What was asked so far stays.",
      answers: { 200: OneRun },
      errors: ["not_in_progress"],
      example: someRun,
    },
    "DELETE /api/v1/evals/runs/:id": {
      id: "deleteEvalRun",
      summary: "Delete a run",
      answers: { 200: z.strictObject({ deleted: z.strictObject({ id }) }) },
      example: someRun,
    },
  },
);
