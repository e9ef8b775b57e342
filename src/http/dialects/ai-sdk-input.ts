/** What Vercel's AI SDK sends (`DefaultChatTransport`), and the question in it. */
import * as z from "zod";
import { ChatInput } from "../../domain/chat/chat.ts";
import type { Standing } from "../../domain/chat/named.ts";
import { invalidField } from "../../domain/invalid-fields.ts";

/** The client's name for its chat. */
export const ChatName = z.string().min(1).max(200);

const Message = z.object({
  id: z.string().max(200),
  role: z.enum(["system", "user", "assistant"]),
  parts: z.array(z.object({ type: z.string(), text: z.string().optional() })),
});

/** Our own options travel beside the SDK's members: its `body` option. */
export const UiChatInput = ChatInput.omit({ message: true, session_id: true, stream: true }).extend({
  id: ChatName,
  messages: z.array(Message).min(1).max(2_000),
  trigger: z.enum(["submit-message", "regenerate-message"]).default("submit-message"),
  /** The message that is answered or edited again. */
  messageId: z.string().max(200).nullish(),
});
export type UiChatInput = z.infer<typeof UiChatInput>;

/**
 * The last message is the question. What others say is not read: what was said before is what we have kept of it, and the
 * ids of the assistant's messages tell which of that still stands. Answered again, a question is not answered from the cache.
 * @throws AppError `invalid_request` when the last message is no question of words alone, none at all or too long
 */
export function questionOf(input: UiChatInput): { name: string; standing: Standing; question: ChatInput } {
  const { id: name, messages, trigger, messageId, ...options } = input;
  const at = messages.length - 1;
  const last = messages[at];
  if (last?.role !== "user") throw invalidField("messages", "must end with the user's question");
  if (last.parts.some(({ type }) => type !== "text")) {
    throw invalidField(`messages.${at}.parts`, "may hold text parts only");
  }
  const text = ChatInput.shape.message.safeParse(last.parts.map(({ text = "" }) => text).join("\n"));
  if (!text.success) throw invalidField(`messages.${at}`, text.error.issues[0]?.message ?? "must be text");
  const isAgain = trigger === "regenerate-message";
  const answers = messages.filter(({ role }) => role === "assistant").map(({ id }) => id);
  return {
    name,
    standing: { answers, isChanged: isAgain || Boolean(messageId) },
    question: { ...(isAgain ? { cache: false } : {}), ...options, message: text.data, stream: true },
  };
}
