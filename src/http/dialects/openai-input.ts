/** A chat completion request, and the question in it. */
import * as z from "zod";
import { AskInput } from "../../domain/answers/ask.ts";
import { ResponseFormat } from "../../domain/answers/format.ts";
import { invalidField } from "../../domain/invalid-fields.ts";
import { invalid } from "../validate.ts";

/** The model name that stands for whatever the organization chose. */
export const HOUSE_MODEL = "kalamna";

const TextPart = z.object({ type: z.enum(["text", "input_text"]), text: z.string() });
const Content = z.union([z.string(), z.array(TextPart, { error: "may hold text parts only" })]);

const Message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]), content: Content }),
  z.object({ role: z.literal("user"), content: Content }),
  z.object({ role: z.literal("assistant"), content: Content.nullish() }),
]);

/** Ours only: what OpenAI's interface has no word for, sent as `extra_body` by its clients. */
const Extras = AskInput.omit({
  query: true,
  history: true,
  stream_format: true,
  response_format: true,
}).partial();

/**
 * What we understand of https://platform.openai.com/docs/api-reference/chat/create; what only shapes how a model writes
 * (temperature, seed, penalties, …) is accepted and has no effect.
 */
export const ChatCompletionInput = z.object({
  model: z.string().min(1).max(100).default(HOUSE_MODEL),
  messages: z.array(Message).min(1).max(200),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: ResponseFormat.nullish(),
  n: z.literal(1, { error: "only one answer is given" }).nullish(),
  tools: z
    .array(z.unknown())
    .max(0, { error: "tools are not called here: answers come from documents" })
    .nullish(),
  kalamna: Extras.optional(),
});
export type ChatCompletionInput = z.infer<typeof ChatCompletionInput>;

/** Turns before the question that count; older ones are left out. */
const MOST_TURNS = 20;

/**
 * The last message is the question, the users' and assistants' before it are its history. Instructions (`system`,
 * `developer`) are left out: whoever calls can shape the words, not the rules by which an answer is grounded.
 * @throws AppError `invalid_request` when the last message is no question, or a question is too long
 */
export function questionOf({ messages, response_format, kalamna = {} }: ChatCompletionInput): AskInput {
  const last = messages.at(-1);
  if (last?.role !== "user") {
    throw invalidField("messages", "must end with the user's question");
  }
  const history = messages
    .slice(0, -1)
    .flatMap(({ role, content }) =>
      role === "user" || role === "assistant" ? [{ role, content: textOf(content).slice(0, 16_000) }] : [],
    )
    .slice(-MOST_TURNS);
  const question = AskInput.safeParse({
    ...kalamna,
    ...(response_format ? { response_format } : {}),
    query: textOf(last.content),
    history,
  });
  if (!question.success) throw invalid(question.error);
  return question.data;
}

const textOf = (content: z.infer<typeof Content> | null | undefined): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text).join("\n");
