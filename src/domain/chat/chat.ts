/** Asks in a conversation: a new one, or one that the caller has. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { AskInput, ask } from "../answers/ask.ts";
import type { AnswerEvent } from "../answers/events.ts";
import type { Channel } from "../messages/channel.ts";
import { answerRunning, type Exchange, toHistory, turnsOf } from "./history.ts";
import { runAnswer } from "./running.ts";
import { beginMessage, insertSession, touchSession } from "./sql.ts";
import { titleOf } from "./title.ts";

/** Whoever an API key asks for, by the name its owner knows them by. */
export const EndUser = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, "may not contain control characters");

export const ChatInput = AskInput.omit({ query: true, history: true, stream_format: true }).extend({
  message: AskInput.shape.query,
  /** Absent: a new conversation. */
  session_id: z.uuid().optional(),
  end_user: EndUser.optional(),
  /** False: the whole answer as one JSON document. */
  stream: z.boolean().default(true),
});
export type ChatInput = z.infer<typeof ChatInput>;

export type Chat = {
  sessionId: string;
  messageId: string;
  events: AsyncGenerator<AnswerEvent, void, undefined>;
  /** The reader went away. */
  leave(): void;
};

/** The conversation that a question is asked in. */
export type Place = {
  sessionId: string;
  /** Nobody has asked in it yet. */
  isNew: boolean;
  /** What was said before, newest first. */
  turns: readonly Exchange[];
};

export type Chatting = {
  /** Through which door the question came; without one the chat's own. */
  channel?: Channel;
  /** Where `session_id` does not say it. */
  place?: Place;
};

/**
 * The first question of a conversation takes the round trips of any question; a later one another, which reads what was
 * said before.
 * @throws AppError `not_found` | `answer_running`; the events throw those, too, and what asking throws
 */
export async function chat(ctx: Ctx, input: ChatInput, { channel, place }: Chatting = {}): Promise<Chat> {
  const { message, session_id, end_user: _, stream: __, ...options } = input;
  const { actor } = ctx;
  const { sessionId, isNew, turns } = place ?? (await placeOf(ctx, session_id));
  const messageId = crypto.randomUUID();
  const question = {
    id: messageId,
    sessionId,
    channel: channel ?? (actor.kind === "widget" ? "widget" : "chat"),
    question: message,
    createdAt: ctx.now().toISOString(),
  } as const;
  let begun = false;
  const running = runAnswer(ctx, messageId, (inner, { began, end }) =>
    ask(
      inner,
      { ...options, query: message, history: toHistory(turns) },
      {
        channel: question.channel,
        turn: {
          messageId,
          sessionId,
          begin: (db) => [
            isNew
              ? insertSession(db, actor, sessionId, titleOf(message))
              : touchSession(db, actor.orgId, sessionId),
            beginMessage(db, actor, question),
          ],
          began(choice) {
            begun = true;
            began(choice);
          },
          end,
        },
      },
    ),
  );

  async function* named() {
    try {
      yield* running.follow();
    } catch (thrown) {
      // Another tab was faster, or deleted the conversation.
      if (violates(thrown, "messages_answering") || violates(thrown, "chat_sessions_pkey"))
        throw answerRunning(sessionId);
      if (violates(thrown, "messages_org_id_session_id_fkey")) throw new AppError("not_found");
      throw begun ? within(toAppError(thrown), { session_id: sessionId, message_id: messageId }) : thrown;
    }
  }
  return { sessionId, messageId, events: named(), leave: running.leave };
}

const placeOf = async (ctx: Ctx, sessionId: string | undefined): Promise<Place> =>
  sessionId === undefined
    ? { sessionId: crypto.randomUUID(), isNew: true, turns: [] }
    : { sessionId, isNew: false, turns: await turnsOf(ctx, sessionId) };

/** The conversation is there although its first answer failed: whoever reads the failure can go on in it. */
function within(error: AppError, place: Record<string, string>): AppError {
  return new AppError(error.code, {
    detail: error.message,
    extra: { ...error.extra, ...place },
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    cause: error.cause,
  });
}
