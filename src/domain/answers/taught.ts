/** Answers with what an admin taught, word for word. */
import type { Ctx } from "../../context.ts";
import { type Matched, matchTaught } from "../knowledge/match.ts";
import type { Candidate, Taught } from "../knowledge/sql.ts";
import type { SearchInput } from "../retrieval/search.ts";
import type { AnswerEvent, Retrieval, Source } from "./events.ts";
import { originOf } from "./origin.ts";

/** A taught answer as a source. */
export function taughtSource(
  { id, version, question, answer }: Candidate,
  organization: string,
  index: number,
): Source {
  return {
    kind: "taught",
    chunk_id: null,
    document_id: null,
    taught: { id, version, question },
    index,
    document_name: `Verified by ${organization}`,
    title: question,
    version,
    content: answer,
    page: null,
    heading: [],
    start: 0,
    end: answer.length,
    score: 1,
  };
}

/** What of the taught answers is for this question. */
export type Known = { answer: (Matched & { organization: string }) | null; helpers: Source[] };

const NOTHING: Known = { answer: null, helpers: [] };

/**
 * Whoever asks some documents only is not told what others say, taught answers included.
 * @param taught null where the organization taught nothing
 * @param cosines false where the embedder has no say
 */
export function knownOf(
  { query, history, document_ids, metadata, filters }: SearchInput,
  taught: Taught | null,
  cosines: boolean,
): Known {
  if (!taught || document_ids || metadata || filters) return NOTHING;
  const { organization, candidates } = taught;
  const { answer, helpers } = matchTaught(query, candidates, cosines);
  // After other turns a question may mean another thing than its words say, unless it is that very question.
  const certain = history.length === 0 || answer?.kind === "exact" || answer?.kind === "same";
  return {
    answer: answer && certain ? { ...answer, organization } : null,
    helpers: helpers.map((candidate, at) => taughtSource(candidate, organization, at + 1)),
  };
}

/** The same with the answer as the first of the sources that may help. */
export function asSources(known: Known): Known {
  if (!known.answer) return known;
  const { candidate, organization } = known.answer;
  const helpers = known.helpers.map((source, at) => ({ ...source, index: at + 2 }));
  return { answer: null, helpers: [taughtSource(candidate, organization, 1), ...helpers] };
}

/** The events of such an answer; no model is asked. */
export async function* taughtAnswer(
  ctx: Pick<Ctx, "log">,
  { candidate, kind, organization }: NonNullable<Known["answer"]>,
  retrieval: Retrieval,
  messageId: string,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const source = taughtSource(candidate, organization, 1);
  const { id, version, answer } = candidate;
  const { index, document_name, page, heading, start, end } = source;
  ctx.log.add({ taught: id, taught_match: kind });
  yield {
    type: "sources",
    message_id: messageId,
    sources: [source],
    retrieval: { ...retrieval, off_topic: false },
  };
  yield { type: "token", text: answer };
  yield {
    type: "citation",
    citation: {
      ...originOf(source),
      index,
      answer_start: answer.length,
      answer_end: answer.length,
      claim_start: 0,
      claim_end: answer.length,
      document_name,
      version,
      page,
      heading,
      start,
      end,
      quote: answer,
    },
  };
  yield {
    type: "done",
    done: {
      message_id: messageId,
      answer,
      grounded: true,
      supported: 1,
      model: "taught",
      mode: "taught",
      taught: { id, version, match: kind },
      usage: null,
      cost: 0,
      attempts: [],
      citations_dropped: 0,
      links_removed: 0,
      ms: ctx.log.steps(),
    },
  };
}
