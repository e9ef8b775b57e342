/** Reference: conversations. */
import * as z from "zod";
import type { SessionView } from "../../../domain/chat/view.ts";
import { exactly, group, id, moment, NOTHING, page } from "../entry.ts";
import { A, SOME } from "../examples.ts";
import { ANSWERING, AnswerEvent, AnswerShape, CitationShape, KeptSource } from "./ask.ts";

const Session = exactly<SessionView>()(
  z.strictObject({
    id,
    title: z.string(),
    answering: z.boolean().describe("An answer is being given; `GET /api/v1/chat/:id/stream` follows it."),
    owner: z.strictObject({
      user_id: id.exactOptional(),
      key_id: id.exactOptional(),
      end_user: z.string().exactOptional(),
      visitor_id: id.exactOptional(),
    }),
    created_at: moment,
    updated_at: moment,
  }),
).meta({ id: "Conversation" });

const Message = z
  .strictObject({
    id,
    question: z.string(),
    standalone_question: z.string().nullable().describe("The question in the light of what was said before."),
    answer: z.string().nullable(),
    withheld: z.boolean().describe("It was drawn from what the reader may not read any more."),
    status: z.enum(["answering", "complete", "stopped", "failed"]),
    failure_code: z.string().nullable(),
    grounded: z.boolean().nullable(),
    off_topic: z.boolean().nullable(),
    cache: z.string().nullable(),
    sources: z.array(KeptSource),
    citations: z.array(CitationShape),
    model: z.string().nullable(),
    mode: z.string().nullable(),
    usage: z.strictObject({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullable(),
    cost: z.number().nullable(),
    ms: z.record(z.string(), z.number()).nullable(),
    created_at: moment,
    finished_at: moment.nullable(),
  })
  .meta({ id: "Message", description: "A question and its answer." });

const Whole = z.strictObject({ session: Session, messages: z.array(Message) });
const Stream = {
  type: "text/event-stream",
  each: AnswerEvent,
  description:
    "Events `sources`, `token`, `citation`, `done`, `error`; to a client of Vercel's AI SDK its UI message stream, without names.",
};
const some = { path: { id: SOME.conversation } };

export const chat = group("Chat", "Conversations: follow-ups are understood in the light of what was said.", {
  "POST /api/v1/chat": {
    id: "chat",
    summary: "Ask in a conversation",
    description:
      "Without `session_id` it begins one. `stream: false` gives the whole answer as JSON. A body with `messages` is that of Vercel's AI SDK (`useChat`): its last message is the question, `id` the client's name for the conversation, and the answer comes as its UI message stream.",
    answers: { 200: [AnswerShape, Stream] },
    errors: [...ANSWERING, "not_found", "answer_running", "answer_interrupted"],
    example: { body: { message: A.question } },
  },
  "GET /api/v1/chat/sessions": {
    id: "listConversations",
    summary: "List conversations",
    description: "Those last used first.",
    answers: { 200: page(Session) },
    example: { query: { limit: 20 } },
  },
  "GET /api/v1/chat/sessions/:id": {
    id: "getConversation",
    summary: "Read a conversation",
    description: "In the order in which it was asked; `next_cursor` leads to what was before.",
    answers: { 200: Whole.extend({ next_cursor: z.string().nullable() }) },
    example: some,
  },
  "PATCH /api/v1/chat/sessions/:id": {
    id: "renameConversation",
    summary: "Rename a conversation",
    answers: { 200: z.strictObject({ session: Session }) },
    example: { ...some, body: { title: "Returns" } },
  },
  "DELETE /api/v1/chat/sessions/:id": {
    id: "deleteConversation",
    summary: "Delete a conversation",
    answers: { 200: z.strictObject({ deleted: z.strictObject({ id }) }) },
    example: some,
  },
  "GET /api/v1/chat/sessions/:id/export": {
    id: "exportConversation",
    summary: "Take a conversation away",
    answers: { 200: [z.looseObject(Whole.shape), { type: "text/markdown", description: "To read." }] },
    example: { ...some, query: { format: "json" } },
  },
  "POST /api/v1/chat/:id/stop": {
    id: "stopChat",
    summary: "Stop the answer that is being given",
    description: "What came of it is kept. `id` may be the name that a client of the AI SDK gave its chat.",
    answers: { 202: z.strictObject({ session_id: id, message_id: id }) },
    errors: ["not_in_progress"],
    example: some,
  },
  "GET /api/v1/chat/:id/stream": {
    id: "resumeChat",
    summary: "Take the answer up again after a lost connection",
    description:
      "By the name that a client of the AI SDK gave its chat, or with `stream_format=ai-sdk`, it comes from its beginning as a UI message stream. An answer that is not over after a minute ends there with an error, `answer_goes_on` in words, and can be resumed again; other streams end without one, and go on after `Last-Event-ID`.",
    headers: { "last-event-id": "Go on after this event." },
    answers: { 200: Stream, 204: NOTHING },
    errors: ["answer_interrupted", "answer_goes_on"],
    example: some,
  },
});
