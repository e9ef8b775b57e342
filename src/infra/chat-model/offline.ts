/** Answers without a model: the statements of the sources that answer the question, verbatim and cited. */
import { notFound } from "../../text/not-found.ts";
import { type Picked, pick } from "./pick.ts";
import type { ChatDelta, ChatInput, ChatModel } from "./port.ts";
import { type Question, readQuestion } from "./question.ts";
import { readRow } from "./row.ts";
import { traced } from "./traced.ts";

/** A pronoun that leans on the sentence before. */
const LEANS =
  /^(?:it|its|they|their|them|this|these|that|those|he|she|his|her|then|otherwise|however|also|in that case|if so|if not|the same)\b|^(?:هذا|هذه|ذلك|تلك|وهذا|وذلك|كما|لكن|ولكن|إلا أن|وإلا)\s/i;

const MODEL = "offline-extractive";
const ABOUT = {
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "kalamna",
    "gen_ai.request.model": MODEL,
  },
};

export function offlineChat(): ChatModel {
  return {
    model: MODEL,
    mode: "offline",
    stream: (input, signal) => traced(`chat ${MODEL}`, ABOUT, () => stream(input, signal)),
  };
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
function extract(input: Pick<ChatInput, "question" | "sources" | "earlier">): string {
  const question = readQuestion(input.question, input.earlier ?? []);
  const picked = pick(question, input.sources);
  if (picked.length === 0) return notFound(input.question);
  const parts = inReadingOrder(picked).map((one) => say(one, question));
  const apart = picked.some(
    ({ statement: { kind } }) => kind === "list" || kind === "row" || kind === "code",
  );
  return parts.join(apart ? "\n\n" : " ");
}

/** One statement, after the one it leans on, with its mark. */
function say({ source, statement }: Picked, question: Question): string {
  const leaning = statement.kind === "code" || LEANS.test(statement.text) ? statement.before : null;
  const start = leaning?.start ?? statement.start;
  const quote = source.content.slice(start, statement.end).replace(/["“”„«»「」『』]/g, "");
  const mark = `[${source.index}: "${quote}"]`;
  const before = leaning ? `${leaning.text} ` : "";
  if (statement.kind === "row") return `${before}${readRow(statement.cells, question)} ${mark}`;
  if (statement.kind === "code") return `${before.trim()}\n\`\`\`\n${statement.text}\n\`\`\`\n${mark}`;
  return `${before}${statement.text}${statement.kind === "list" ? "\n" : " "}${mark}`;
}

/** The best section first; within a section as the document has it. */
function inReadingOrder(picked: readonly Picked[]): Picked[] {
  const section = ({ source, statement }: Picked) => `${source.index} ${statement.context.join("\n")}`;
  const order = [...new Set(picked.map(section))];
  return picked.toSorted(
    (a, b) => order.indexOf(section(a)) - order.indexOf(section(b)) || a.statement.start - b.statement.start,
  );
}

/** Words with the white space before them; a mark stays in one piece. */
function wordsOf(text: string): string[] {
  return text.match(/\s*(?:\[\d+: "[^"]*"\]|\S+)/g) ?? [];
}
