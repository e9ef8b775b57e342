/** Answers without a model: the statements of the sources that answer the question, verbatim and cited. */
import { notFound } from "../../text/not-found.ts";
import { type Picked, pick } from "./pick.ts";
import type { ChatDelta, ChatInput, ChatModel } from "./port.ts";
import { readQuestion } from "./question.ts";
import { readRow } from "./row.ts";

/** A pronoun that leans on the sentence before. */
const LEANS =
  /^(?:it|its|they|their|them|this|these|that|those|he|she|his|her|then|otherwise|however|also|in that case|if so|if not|the same)\b|^(?:هذا|هذه|ذلك|تلك|وهذا|وذلك|كما|لكن|ولكن|إلا أن|وإلا)\s/i;

export function offlineChat(): ChatModel {
  return { model: "offline-extractive", mode: "offline", stream };
}

/** Streams word by word, a turn of the event loop apart, so that each word is on its way before the next is made. */
async function* stream(input: ChatInput, signal: AbortSignal): AsyncGenerator<ChatDelta, void, undefined> {
  for (const piece of wordsOf(extract(input))) {
    if (signal.aborted) return;
    yield { type: "text", text: piece };
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** The whole answer in the notation that domain/answers/cite.ts reads: `words [n: "quote"]`. */
export function extract({ question, sources }: Pick<ChatInput, "question" | "sources">): string {
  const picked = pick(question, sources);
  if (picked.length === 0) return notFound(question);
  const { terms, wants } = readQuestion(question);
  return inReadingOrder(picked)
    .map(({ source, statement }) => {
      const leaning = statement.before && LEANS.test(statement.text) ? statement.before : null;
      const text = statement.cells.length > 0 ? readRow(statement.cells, terms, wants) : statement.text;
      const start = leaning?.start ?? statement.start;
      const said = leaning ? `${leaning.text} ${text}` : text;
      const quote = source.content.slice(start, statement.end).replace(/["“”„«»「」『』]/g, "");
      return `${said}${statement.kind === "list" ? "\n" : " "}[${source.index}: "${quote}"]`;
    })
    .join(
      picked.some(({ statement }) => statement.kind === "list" || statement.cells.length > 0) ? "\n\n" : " ",
    );
}

/** The best source first; within a source as the document has it. */
function inReadingOrder(picked: readonly Picked[]): Picked[] {
  const order = [...new Set(picked.map(({ source }) => source.index))];
  return picked.toSorted(
    (a, b) =>
      order.indexOf(a.source.index) - order.indexOf(b.source.index) || a.statement.start - b.statement.start,
  );
}

/** Words with the white space before them; a mark stays in one piece. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\[\d+: "[^"]*"\]|\s*\S+/g) ?? [];
}
