/** The question and its variants as they are stored for comparison. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { vectorText } from "../../infra/db/vector.ts";
import { fnv32 } from "../../text/fnv.ts";
import { questionForms } from "../../text/same-question.ts";
import { ANALYZER, questionWords } from "../../text/words.ts";

/** `vector` in pgvector's text form. */
export type Phrase = Compared & { ordinal: number; text: string; vector: string };
export type Compared = { exact: string; terms: number[]; analyzer: number };

/** Signed 32-bit numbers of a question's words, stop words only when there is nothing else. */
export function termsOf(text: string): number[] {
  const words = questionWords(text);
  const subject = words.filter(({ stop }) => !stop);
  const stems = (subject.length > 0 ? subject : words).map(({ stem }) => stem);
  return [...new Set(stems)].map((stem) => fnv32(stem) | 0);
}

export const compared = (text: string): Compared => ({
  exact: questionForms(text).exact,
  terms: termsOf(text),
  analyzer: ANALYZER,
});

/**
 * Embeds all of them in one call.
 * @throws AppError `embedder_failed` | `embedder_unavailable` | `embedding_model_gone`
 */
export async function phrasesOf(ctx: Ctx, model: string, texts: readonly string[]): Promise<Phrase[]> {
  const embedder = ctx.ports.embedders.of(model);
  if (!embedder) {
    throw new AppError("embedding_model_gone", {
      detail: `The embedding model ${model} is not offered any more.`,
    });
  }
  const vectors = await ctx.log.step("embed", () => embedder.embed(texts, ctx.signal));
  return texts.map((text, ordinal) => ({
    ordinal,
    text,
    ...compared(text),
    vector: vectorText(vectors[ordinal] ?? []),
  }));
}
