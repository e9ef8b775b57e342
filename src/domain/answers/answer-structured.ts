/** Asks a model for an answer in JSON, once more when the first one does not fit. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { ChatInput, ChatMessage } from "../../infra/chat-model/port.ts";
import type { Answering } from "./about-model.ts";
import type { Source, Usage } from "./events.ts";
import type { JsonFormat } from "./format.ts";
import type { Links } from "./links.ts";
import { readStructured, type Structured } from "./structured.ts";
import { timed } from "./timed.ts";

type Asking = Pick<Ctx, "ports" | "log" | "signal">;

export type StructuredAnswer = Structured & { answering: Answering; usage: Usage | null };

/** @throws AppError `model_required` when there is only the answerer that quotes: it cannot fill in a form */
export function demandModel({ ports }: Pick<Ctx, "ports">): void {
  if (ports.chat.mode !== "offline") return;
  throw new AppError("model_required", {
    detail: "response_format needs a language model, and this answer would be quoted without one.",
  });
}

/**
 * @returns null when the caller went away
 * @throws AppError `answer_unfit` with what does not fit, after the second try; `model_unavailable` when only the answerer
 *   that quotes was left; whatever the model fails with
 */
export async function answerStructured(
  ctx: Asking,
  input: ChatInput,
  format: JsonFormat,
  sources: readonly Source[],
  links: Links,
): Promise<StructuredAnswer | null> {
  let messages: ChatMessage[] = input.messages;
  let usage: Usage | null = null;
  let faults: string[] = [];
  for (let attempt = 0; attempt < 2; attempt++) {
    const said = await whole(ctx, { ...input, messages, format });
    if (!said) return null;
    usage = sum(usage, said.usage, attempt === 0);
    const read = readStructured(said.text, format, sources, links);
    if (!("faults" in read)) return { ...read, answering: said.answering, usage };
    ({ faults } = read);
    ctx.log.add({ answer_repaired: true });
    messages = [...input.messages, { role: "assistant", content: said.text }, repair(faults)];
  }
  throw new AppError("answer_unfit", { extra: { errors: faults.map((message) => ({ message })) } });
}

const repair = (faults: readonly string[]): ChatMessage => ({
  role: "user",
  content: `That reply does not have the form that was asked for:\n${faults.join("\n")}\n\nReply once more, with the corrected JSON and nothing else.`,
});

async function whole(ctx: Asking, input: ChatInput) {
  let answering: Answering = { model: ctx.ports.chat, attempts: [] };
  let usage: Usage | null = null;
  let text = "";
  for await (const delta of timed(ctx, input)) {
    if (delta.type === "text") text += delta.text;
    else if (delta.type === "usage")
      usage = { prompt_tokens: delta.promptTokens, completion_tokens: delta.completionTokens };
    else {
      if (delta.model.mode === "offline")
        throw new AppError("model_unavailable", {
          detail: "None of the language models answered, and response_format needs one.",
        });
      answering = delta;
    }
  }
  return ctx.signal.aborted ? null : { text, answering, usage };
}

/** Unknown when one of the parts is. */
function sum(before: Usage | null, now: Usage | null, isFirst: boolean): Usage | null {
  if (isFirst) return now;
  return before && now
    ? {
        prompt_tokens: before.prompt_tokens + now.prompt_tokens,
        completion_tokens: before.completion_tokens + now.completion_tokens,
      }
    : null;
}
