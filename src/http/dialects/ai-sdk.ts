/** An answer as the UI message stream of Vercel's AI SDK: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol */
import type { AnswerEvent, Citation, Source } from "../../domain/answers/events.ts";
import { type Dialect, SSE, SSE_HEARTBEAT } from "./dialect.ts";
import { about, addressOf, nameOf } from "./evidence.ts";

/** An answer has one text; its chunks name it. */
const TEXT = "answer";

/**
 * Only chunks that versions 5 to 7 all know, without members of our own: 6.0 refuses those. The assistant's message has our
 * message's id, so that feedback and history can name it.
 * @param origin `https://host`; cited places link to the console's page of the document
 */
export function uiMessageStream(origin: string): Dialect {
  const linked = new Set<string>();
  let speaks = false;
  const endText = () => (speaks ? [{ type: "text-end", id: TEXT }] : []);

  const chunksOf = (event: AnswerEvent): object[] => {
    switch (event.type) {
      case "sources": {
        const { message_id, session_id, sources } = event;
        const start = { type: "start", messageId: message_id, messageMetadata: { session_id } };
        return [start, ...sources.map(sourcePart)];
      }
      case "token": {
        const start = speaks ? [] : [{ type: "text-start", id: TEXT }];
        speaks = true;
        return [...start, { type: "text-delta", id: TEXT, delta: event.text }];
      }
      case "citation": {
        const url = addressOf(event.citation, origin);
        const isNew = !linked.has(url);
        linked.add(url);
        return [
          { type: "data-citation", data: event.citation },
          ...(isNew ? [linkPart(event.citation, url)] : []),
        ];
      }
      case "done": {
        const { done } = event;
        const messageMetadata = { ...about(done), ...(done.stopped ? { stopped: true } : {}) };
        return [...endText(), { type: "finish", messageMetadata }];
      }
      case "error":
        return [...endText(), { type: "error", errorText: event.error.message }];
    }
  };

  return {
    contentType: SSE,
    headers: { "x-vercel-ai-ui-message-stream": "v1" },
    heartbeat: SSE_HEARTBEAT,
    tellsFailure: true,
    write: (event) => {
      const frames = chunksOf(event).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
      const isLast = event.type === "done" || event.type === "error";
      return [...frames, ...(isLast ? ["data: [DONE]\n\n"] : [])].join("");
    },
  };
}

/** A line of a log has no id of its own. */
function sourceId(source: Source): string {
  if (source.kind === "document") return source.chunk_id;
  return source.kind === "taught" ? source.taught.id : `log-${source.index}`;
}

/** What was found. We speak of documents as text, whatever they were uploaded as. */
function sourcePart(source: Source) {
  const { document_name, title } = source;
  return {
    type: "source-document",
    sourceId: sourceId(source),
    mediaType: "text/plain",
    title: title ?? document_name,
    filename: document_name,
    providerMetadata: { kalamna: nameOf(source) },
  };
}

/** What was cited, once for each place: chat components show addresses only. */
const linkPart = ({ document_name }: Citation, url: string) => ({
  type: "source-url",
  sourceId: url,
  url,
  title: document_name,
});
