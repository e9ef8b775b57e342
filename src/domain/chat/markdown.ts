/** A conversation as Markdown. */
import type { MessageView, SessionView } from "./view.ts";

const minute = (moment: string) => `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;

export const markdownHead = ({ title, created_at }: SessionView) =>
  `# ${oneLine(title)}\n\n*${minute(created_at)}*\n`;

/** Question, answer, and the passages it cites with their quotes. */
export function markdownOf(message: MessageView): string {
  const lines = [
    `\n## ${minute(message.created_at)}`,
    quoted(message.question),
    message.answer ?? missing(message),
  ];
  if (message.status === "stopped") lines.push("*Stopped here.*");
  if (message.status === "failed" && message.answer !== null) lines.push("*Broke off here.*");
  const seen = new Set<string>();
  for (const { index, document_name, page, heading, quote } of message.citations) {
    const place = [document_name, page === null ? "" : `page ${page}`, heading.join(" > ")].filter(Boolean);
    const line = `[${index}] ${oneLine(place.join(", "))}: “${oneLine(quote)}”`;
    if (!seen.has(line)) lines.push(line);
    seen.add(line);
  }
  return `${lines.join("\n\n")}\n`;
}

function missing({ withheld, status }: MessageView): string {
  if (withheld) return "*A document that this answer was drawn from is not there for you any more.*";
  return status === "answering" ? "*Being answered.*" : "*No answer.*";
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const quoted = (text: string) => text.replaceAll(/^/gm, "> ");
