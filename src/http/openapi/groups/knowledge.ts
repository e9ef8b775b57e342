/** Reference: answers that an admin taught, and what would be worth teaching. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../../context.ts";
import { MATCH_KINDS } from "../../../domain/knowledge/match.ts";
import type { Suggestion } from "../../../domain/knowledge/suggestions.ts";
import type { Tried, TriedAnswer } from "../../../domain/knowledge/try.ts";
import { TAUGHT_STATES, type TaughtVersionView, type TaughtView } from "../../../domain/knowledge/view.ts";
import { exactly, group, id, moment, page, rows } from "../entry.ts";
import { SOME } from "../examples.ts";

const taught = {
  version: z.int(),
  question: z.string(),
  variants: z.array(z.string()).describe("Other ways to ask the same."),
  answer: z.string().describe("Markdown, given word for word."),
  access_level: z.enum(ACCESS_LEVELS),
  groups: z.array(id).nullable(),
  expires_at: moment.nullable(),
  enabled: z.boolean(),
};

const Taught = exactly<TaughtView>()(
  z.strictObject({
    id,
    ...taught,
    state: z.enum(TAUGHT_STATES),
    note: z.string().exactOptional().describe("Admins only: why it was taught."),
    created_by: id.nullable(),
    updated_by: id.nullable(),
    created_at: moment,
    updated_at: moment,
  }),
).meta({ id: "TaughtAnswer" });

const Version = exactly<TaughtVersionView>()(
  z.strictObject({ ...taught, note: z.string(), changed_by: id.nullable(), created_at: moment }),
).meta({ id: "TaughtVersion" });

const tried = {
  id,
  version: z.int(),
  question: z.string(),
  answer: z.string(),
  phrase: z.string().describe("The question or variant that comes closest."),
};

const One = z.strictObject({ answer: Taught });
const writing = ["edit_conflict", "embedder_failed", "embedder_unavailable", "embedding_model_gone"] as const;
const some = { path: { id: SOME.taught } };

export const knowledge = group("Knowledge", "Answers that an admin taught, which come before documents.", {
  "POST /api/v1/knowledge/answers": {
    id: "teach",
    summary: "Teach an answer",
    description:
      "Whoever asks this question, or one of its variants, is given the answer word for word. With `from_message_id` the suggestion that the message belongs to is done.",
    answers: { 201: One },
    errors: [...writing, "quota_full", "not_found"],
    example: {
      body: {
        question: "Where do I park?",
        variants: ["Is there a car park?"],
        answer: "Behind the house; the gate code is at the reception.",
      },
    },
  },
  "POST /api/v1/knowledge/match": {
    id: "matchTaught",
    summary: "Would a taught answer be given?",
    description: "Compares a question with what was taught, without asking it: it counts as no question.",
    answers: {
      200: exactly<Tried>()(
        z.strictObject({
          match: z
            .strictObject({
              ...tried,
              kind: z
                .enum(MATCH_KINDS)
                .describe(
                  "`exact` and `same`: the same question; `words`: in the same words; `close`: means the same.",
                ),
            })
            .nullable()
            .describe("What would be answered; null when the documents are asked."),
          near: z
            .array(exactly<TriedAnswer>()(z.strictObject(tried)))
            .describe("Others that speak of the same, closest first."),
        }),
      ),
    },
    errors: ["embedder_failed", "embedder_unavailable"],
    example: { body: { query: "Is there a place to park?" } },
  },
  "GET /api/v1/knowledge/answers": {
    id: "listTaught",
    summary: "List taught answers",
    answers: { 200: page(Taught) },
    example: { query: { state: "active" } },
  },
  "GET /api/v1/knowledge/answers/:id": {
    id: "getTaught",
    summary: "One taught answer",
    answers: { 200: One },
    example: some,
  },
  "PATCH /api/v1/knowledge/answers/:id": {
    id: "changeTaught",
    summary: "Change a taught answer",
    description: "Its next version.",
    answers: { 200: One },
    errors: writing,
    example: { ...some, body: { answer: "In the garage under the house." } },
  },
  "DELETE /api/v1/knowledge/answers/:id": {
    id: "deleteTaught",
    summary: "Delete a taught answer",
    answers: { 200: z.strictObject({ deleted: z.strictObject({ id }) }) },
    example: some,
  },
  "GET /api/v1/knowledge/answers/:id/versions": {
    id: "listTaughtVersions",
    summary: "List an answer's versions",
    answers: { 200: page(Version) },
    example: some,
  },
  "GET /api/v1/knowledge/suggestions": {
    id: "listSuggestions",
    summary: "What would be worth teaching",
    description:
      "Questions of a period, thirty days without one, that the documents left open or whose answers were voted down, those about the same together. Those with a proposed answer come first, then those asked most. What was taught since, and what was dismissed, is not among them.",
    answers: rows(
      exactly<Suggestion>()(
        z.strictObject({
          id: id.describe("The message in which it was asked last: names the suggestion."),
          question: z.string(),
          variants: z.array(z.string()).describe("Other wordings, at most five."),
          reason: z.enum(["voted_down", "unanswered"]),
          asked: z.int(),
          down: z.int(),
          last_asked: moment,
          proposed_answer: z
            .string()
            .nullable()
            .describe("What somebody who voted an answer down said it should be."),
          message_ids: z.array(id).describe("The newest twenty."),
        }),
      ).meta({ id: "Suggestion" }),
    ),
    example: { query: { limit: 20 } },
  },
  "DELETE /api/v1/knowledge/suggestions/:id": {
    id: "dismissSuggestion",
    summary: "Dismiss a suggestion",
    description: "It is not made again, however often this is asked.",
    answers: { 200: z.strictObject({ dismissed: z.strictObject({ id }) }) },
    example: { path: { id: SOME.message } },
  },
});
