/** The language model that answers for an organization: its own choice, or the installation's order. */
import type { Ports } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { ChatModel, Chats } from "../../infra/chat-model/port.ts";

/**
 * @param names what the organization chose, in its order; none for the installation's
 * @returns where nothing of the choice is offered any more, a model that says so: nobody else is asked instead, since the
 *   choice may be about who gets to see the text
 */
export function chooseChat(
  { chat, chats }: Pick<Ports, "chat" | "chats">,
  names: readonly string[],
): ChatModel {
  if (names.length === 0) return chat;
  return chats.chosen(names) ?? gone(names);
}

const gone = (names: readonly string[]): ChatModel => ({
  model: names[0] ?? "none",
  mode: "offline",
  stream() {
    throw new AppError("model_unavailable", {
      detail:
        "None of the language models that your organization chose is offered any more. An admin can choose others.",
      retryAfter: 60,
    });
  },
});

/** What the batch that counted the question says of the organization's choice. */
export const chatModelsOf = ({ rows }: { rows: { chat_models: string[] | null }[] }): string[] =>
  rows[0]?.chat_models ?? [];

/** Models that use up nobody's tokens. */
export const freeOf = (chats: Chats): string[] =>
  chats
    .list()
    .filter(({ mode }) => mode === "offline")
    .map(({ model }) => model);

/** @throws AppError `invalid_request` naming what is not offered, and what is */
export function demandOffered(chats: Chats, names: readonly string[]): void {
  const offered = chats.list().map(({ model }) => model);
  const unknown = names.filter((name) => !offered.includes(name));
  if (unknown.length === 0) return;
  throw new AppError("invalid_request", {
    detail: `settings.chat_models: not offered here: ${unknown.join(", ")}. Choose among ${offered.join(", ")}.`,
    extra: { offered },
  });
}
