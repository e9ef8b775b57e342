/** Log lines as sources of an answer: fenced, numbered and cited as passages of documents are. */
import { type Found, textOf } from "../telemetry/for-question.ts";
import type { Source } from "./events.ts";

/** In the order given; numbered anew where they stand among others. */
export const logSources = ({ origin, lines }: Found): Source[] =>
  lines.map((line, at) => {
    const content = textOf(line);
    return {
      kind: "log",
      chunk_id: null,
      document_id: null,
      log: { time: line.time, severity: line.severity },
      index: at + 1,
      document_name: `Log of ${origin}`,
      title: [line.time, line.severity].filter(Boolean).join(" ") || null,
      version: 1,
      content,
      page: null,
      heading: [],
      start: 0,
      end: content.length,
      score: 1,
    };
  });
