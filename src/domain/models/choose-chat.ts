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

/** One model for this question alone, among those that the organization uses. */
export function onlyChat(chats: Chats, names: readonly string[], wanted: string): ChatModel {
  const found = usable(chats, names).includes(wanted) ? chats.chosen([wanted]) : undefined;
  return found ?? notUsed(wanted);
}

/** The models that may answer for an organization, in the order in which they are asked. */
export function usable(chats: Chats, names: readonly string[]): string[] {
  const offered = chats.list();
  if (names.length === 0) return offered.filter((one) => one.default).map(({ model }) => model);
  return names.filter((name) => offered.some(({ model }) => model === name));
}

const gone = (names: readonly string[]): ChatModel =>
  refusing(
    names[0] ?? "none",
    new AppError("model_unavailable", {
      detail:
        "None of the language models that your organization chose is offered any more. An admin can choose others.",
      retryAfter: 60,
    }),
  );

const notUsed = (name: string): ChatModel =>
  refusing(
    name,
    new AppError("not_found", {
      detail: `Your organization does not use the model ${name}.`,
      extra: { errors: [{ path: "model", message: "is not one of your organization's" }] },
    }),
  );

/** Fails where a model would begin to answer, so that what was set aside for the question is put back. */
const refusing = (model: string, error: AppError): ChatModel => ({
  model,
  mode: "offline",
  stream() {
    throw error;
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
