/** An answer as OpenAI's chat completions: one object, or chunks as they come. */
import type { Answer } from "../../domain/answers/answer.ts";
import type { AnswerEvent, Citation, Done } from "../../domain/answers/events.ts";
import { type Dialect, SSE, SSE_HEARTBEAT } from "./dialect.ts";
import { about, addressOf, nameOf } from "./evidence.ts";
import { openAiError } from "./openai-error.ts";

export type Completing = {
  /** As the request named it: clients compare. */
  model: string;
  /** `https://host`; citations link to the console's page of the document. */
  origin: string;
  created: Date;
  includeUsage: boolean;
  /** JSON was asked for: that nothing was found is then a refusal, the words of which are no JSON. */
  isJson: boolean;
};

/**
 * Chunks in the order that clients expect (facts/wire-formats.md §4.2): the role, the words, the annotations, the reason
 * for the end, the usage if asked for, `[DONE]`. What is ours travels as `kalamna` inside of standard chunks.
 */
export function openAiChunks({ model, origin, created, includeUsage, isJson }: Completing): Dialect {
  const citations: Citation[] = [];
  let id = "";
  let refuses = false;
  const frame = (choices: unknown[], more: object = {}) =>
    `data: ${JSON.stringify({
      id,
      object: "chat.completion.chunk",
      created: seconds(created),
      model,
      choices,
      ...(includeUsage ? { usage: null } : {}),
      ...more,
    })}\n\n`;
  const delta = (content: object, finish: string | null = null) => [
    { index: 0, delta: content, logprobs: null, finish_reason: finish },
  ];
  const write = (event: AnswerEvent): string => {
    switch (event.type) {
      case "sources":
        id = idOf(event.message_id);
        refuses = isJson && (event.sources.length === 0 || event.retrieval.off_topic);
        return frame(delta({ role: "assistant", content: "" }), {
          kalamna: { message_id: event.message_id, sources: event.sources.map(nameOf) },
        });
      case "token":
        return frame(delta(refuses ? { refusal: event.text } : { content: event.text }));
      case "citation":
        citations.push(event.citation);
        return "";
      case "done":
        return [
          citations.length > 0
            ? frame(delta({ annotations: citations.map((one) => annotation(one, origin)) }))
            : "",
          frame(delta({}, "stop"), { kalamna: about(event.done) }),
          includeUsage ? frame([], { usage: usageOf(event.done) }) : "",
          "data: [DONE]\n\n",
        ].join("");
      case "error":
        return `data: ${JSON.stringify({ error: openAiError(event.error) })}\n\n`;
    }
  };
  return { contentType: SSE, heartbeat: SSE_HEARTBEAT, tellsFailure: true, write };
}

/** The same as one `chat.completion`. */
export function openAiCompletion(
  answer: Answer,
  { model, origin, created, isJson }: Omit<Completing, "includeUsage">,
) {
  const refuses = isJson && answer.structured === null;
  return {
    id: idOf(answer.message_id),
    object: "chat.completion",
    created: seconds(created),
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: refuses ? null : answer.answer,
          refusal: refuses ? answer.answer : null,
          annotations: answer.citations.map((one) => annotation(one, origin)),
        },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: usageOf(answer),
    kalamna: { ...about(answer), sources: answer.sources.map(nameOf) },
  };
}

const idOf = (messageId: string) => `chatcmpl-${messageId}`;
const seconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** The mark's range in the answer; its quote and place travel along, which OpenAI has no word for. */
function annotation(citation: Citation, origin: string) {
  const { answer_start, answer_end, index, ...evidence } = citation;
  return {
    type: "url_citation",
    url_citation: {
      url: addressOf(citation, origin),
      title: citation.document_name,
      start_index: answer_start,
      end_index: answer_end,
    },
    kalamna: { source: index, ...evidence },
  };
}

function usageOf({ usage }: Pick<Done, "usage">) {
  const { prompt_tokens = 0, completion_tokens = 0 } = usage ?? {};
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
