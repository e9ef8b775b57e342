/** Reference: what happened in an organization. */
import * as z from "zod";
import type { Period } from "../../../domain/analytics/period.ts";
import type { QuestionCluster } from "../../../domain/analytics/questions.ts";
import type { DocumentUse, SeriesRow } from "../../../domain/analytics/sql.ts";
import type { Summary, SummaryFigures } from "../../../domain/analytics/summary.ts";
import type { ChannelUse, EmployeeUse } from "../../../domain/analytics/use.ts";
import { AUDIT_ACTIONS, AUDIT_TARGETS } from "../../../domain/audit/actions.ts";
import type { AuditEntry, Verification } from "../../../domain/audit/read.ts";
import { ACTOR_KINDS } from "../../../domain/audit/record.ts";
import { type FeedbackView, REASONS } from "../../../domain/feedback/give.ts";
import type { FeedbackEntry } from "../../../domain/feedback/list.ts";
import type { IngestionFigures } from "../../../domain/health/ingestion.ts";
import type { RecallDay } from "../../../domain/retrieval/recall.ts";
import { LANES } from "../../../infra/jobs/port.ts";
import { CSV, exactly, group, id, moment, page, rows } from "../entry.ts";
import { SOME } from "../examples.ts";
import { LanesShape } from "../lanes.ts";

const Entry = exactly<AuditEntry>()(
  z.strictObject({
    seq: z.int(),
    at: moment,
    actor: z.strictObject({
      kind: z.enum(ACTOR_KINDS),
      id: z.string().nullable(),
    }),
    action: z.enum(AUDIT_ACTIONS),
    target: z.strictObject({ type: z.enum(AUDIT_TARGETS), id: z.string().nullable() }).nullable(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    result: z.enum(["ok", "denied"]),
    from: z.strictObject({ address: z.string(), agent: z.string().nullable() }),
    request_id: z.string(),
    hash: z.string().describe("Of this entry and the one before it."),
  }),
).meta({ id: "AuditEntry" });

const spread = z.strictObject({ documents: z.int(), p50_ms: z.number(), p95_ms: z.number() });
const byLane = z.partialRecord(z.enum(LANES), spread);

const share = z.number().nullable().describe("0 to 1; null when there is nothing to take a share of.");
const percentiles = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable();

const Figures = exactly<SummaryFigures>()(
  z.strictObject({
    questions: z.int(),
    people: z.int(),
    answered: z.int(),
    grounded: z.int(),
    not_in_documents: z.int(),
    failed: z.int(),
    stopped: z.int(),
    taught: z.int(),
    cache_hits: z.int(),
    up: z.int(),
    down: z.int(),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    cost: z.number(),
    answered_share: share,
    grounded_share: share,
    satisfaction: share,
    first_token_ms: percentiles,
    total_ms: percentiles,
  }),
).meta({ id: "QuestionFigures" });

const votes = { up: z.int(), down: z.int() };

const Clusters = rows(
  exactly<QuestionCluster>()(
    z.strictObject({
      question: z.string().describe("As it was asked last."),
      asked: z.int(),
      grounded: z.int(),
      ...votes,
      last_asked: moment,
      variants: z.array(z.string()),
      expected_answer: z.string().nullable(),
      message_ids: z.array(id),
    }),
  ).meta({ id: "QuestionCluster" }),
);

const asked = {
  questions: z.int(),
  answered: z.int(),
  ...votes,
  tokens: z.number(),
  cost: z.number(),
  last_asked: moment,
};

const verdict = {
  reason: z.enum(REASONS).optional(),
  comment: z.string().optional(),
  expected_answer: z.string().optional(),
};

export const insight = group("Insight", "Audit log, feedback and figures.", {
  "POST /api/v1/messages/:id/feedback": {
    id: "giveFeedback",
    summary: "Say what you think of an answer",
    description: "Of what you asked yourself. A second verdict replaces the first.",
    answers: {
      200: z.strictObject({
        feedback: exactly<FeedbackView>()(
          z.strictObject({
            message_id: id,
            rating: z.enum(["up", "down"]),
            ...verdict,
            created_at: moment,
            updated_at: moment,
          }),
        ),
      }),
    },
    example: { path: { id: SOME.message }, body: { rating: "down", reason: "outdated" } },
  },
  "DELETE /api/v1/messages/:id/feedback": {
    id: "withdrawFeedback",
    summary: "Take it back",
    answers: { 200: z.strictObject({ withdrawn: z.strictObject({ message_id: id }) }) },
    example: { path: { id: SOME.message } },
  },
  "GET /api/v1/feedback": {
    id: "listFeedback",
    summary: "What people think of answers",
    description: "Newest first, with what they asked and were told.",
    answers: {
      200: [
        page(
          exactly<FeedbackEntry>()(
            z.strictObject({
              message_id: id,
              rating: z.enum(["up", "down"]),
              at: moment,
              reason: z.string().nullable(),
              comment: z.string().nullable(),
              expected_answer: z.string().nullable(),
              question: z.string(),
              answer: z.string().nullable(),
              channel: z.string(),
              user_id: z.string().nullable(),
              model: z.string().nullable(),
            }),
          ).meta({ id: "Feedback" }),
        ),
        CSV,
      ],
    },
    example: { query: { rating: "down", limit: 20 } },
  },
  "GET /api/v1/analytics/summary": {
    id: "getSummary",
    summary: "How questions were answered",
    description: "In a period, thirty days without one, and in the one before.",
    answers: {
      200: exactly<Summary>()(
        z.strictObject({
          period: exactly<Period>()(z.strictObject({ from: moment, to: moment })),
          figures: Figures,
          before: Figures,
        }),
      ).meta({ id: "QuestionSummary" }),
    },
  },
  "GET /api/v1/analytics/usage": {
    id: "getQuestionSeries",
    summary: "Questions over time",
    answers: rows(
      exactly<SeriesRow>()(
        z.strictObject({
          period: z.string().describe("Its beginning, in the time zone asked for."),
          questions: z.int(),
          people: z.int(),
          answered: z.int(),
          grounded: z.int(),
          not_in_documents: z.int(),
          failed: z.int(),
          stopped: z.int(),
          cache_hits: z.int(),
          ...votes,
          tokens: z.number(),
          cost: z.number(),
          p50_ms: z.number().nullable().describe("Of whole answers; null without one."),
          p95_ms: z.number().nullable(),
        }),
      ).meta({ id: "QuestionPeriod" }),
    ),
    example: { query: { interval: "day", time_zone: "Europe/Berlin" } },
  },
  "GET /api/v1/analytics/questions": {
    id: "getTopQuestions",
    summary: "What people ask most",
    answers: Clusters,
  },
  "GET /api/v1/analytics/gaps": {
    id: "getGaps",
    summary: "What the documents leave open",
    description: "Questions without an answer from documents, and answers that were voted down.",
    answers: Clusters,
  },
  "GET /api/v1/analytics/documents": {
    id: "getDocumentUse",
    summary: "Which documents answers come from",
    answers: rows(
      exactly<DocumentUse>()(
        z.strictObject({ document_id: id, name: z.string(), retrieved: z.int(), cited: z.int(), ...votes }),
      ).meta({ id: "DocumentUse" }),
    ),
  },
  "GET /api/v1/analytics/employees": {
    id: "getEmployeeUse",
    summary: "Who asks",
    answers: rows(
      exactly<EmployeeUse>()(
        z.strictObject({ user_id: z.string(), email: z.string().nullable(), ...asked }),
      ).meta({
        id: "EmployeeUse",
      }),
    ),
  },
  "GET /api/v1/analytics/channels": {
    id: "getChannelUse",
    summary: "Through which door people ask",
    answers: rows(
      exactly<ChannelUse>()(z.strictObject({ channel: z.string(), ...asked })).meta({ id: "ChannelUse" }),
    ),
  },
  "GET /api/v1/analytics/recall": {
    id: "getRecall",
    summary: "How much of what is nearest a search finds",
    description: "Measured every night with recent questions against a comparison with everything.",
    answers: rows(
      exactly<RecallDay>()(
        z.strictObject({
          day: z.string(),
          embedding_model: z.string(),
          questions: z.int(),
          recall: z.number().nullable(),
          worst: z.number().nullable(),
          chunks: z.int(),
          routed_ms: z.number().nullable(),
          exact_ms: z.number().nullable(),
          neighbours: z.number().nullable(),
          strangers: z.number().nullable(),
        }),
      ).meta({ id: "RecallDay" }),
    ),
  },
  "GET /api/v1/audit": {
    id: "listAudit",
    summary: "Who did what",
    answers: { 200: page(Entry) },
    example: { query: { action: "org.changed", limit: 20 } },
  },
  "GET /api/v1/audit/actions": {
    id: "listAuditActions",
    summary: "What has happened at all",
    description: "Each kind of act that the log tells of, once; what `action` may be to find some.",
    answers: { 200: z.strictObject({ data: z.array(z.string()) }) },
  },
  "GET /api/v1/audit/export": {
    id: "exportAudit",
    summary: "The whole audit log",
    answers: {
      200: { type: "application/x-ndjson", each: Entry, description: "An entry a line, newest first." },
    },
  },
  "GET /api/v1/audit/verify": {
    id: "verifyAudit",
    summary: "Has anybody tampered with the audit log?",
    answers: {
      200: exactly<Verification>()(
        z.strictObject({
          ok: z.boolean(),
          entries: z.int(),
          head: z.string().nullable().describe("Hash of the newest entry; keep a copy elsewhere."),
          broken_at: z
            .int()
            .nullable()
            .describe("The first entry that does not follow from the one before it."),
        }),
      ),
    },
  },
  "GET /api/v1/analytics/ingestion": {
    id: "getIngestion",
    summary: "How documents come through",
    answers: {
      200: exactly<IngestionFigures>()(
        z.strictObject({
          lanes: LanesShape,
          failures: z.array(z.strictObject({ code: z.string(), total: z.int(), last_24_hours: z.int() })),
          published: z.array(z.strictObject({ hour: z.string(), documents: z.int() })),
          steps: z.record(z.string(), spread),
          waiting: byLane,
          total: byLane,
        }),
      ),
    },
  },
});
