/** Dify's external knowledge interface: https://docs.dify.ai/guides/knowledge-base/external-knowledge-api */
import * as z from "zod";
import { Filter } from "../../domain/retrieval/filter.ts";
import { type Result, SearchInput } from "../../domain/retrieval/search.ts";
import { AppError } from "../../errors.ts";
import { failed } from "../problem.ts";
import { invalid } from "../validate.ts";

/** What Dify's operators are called in our filters; those of parts of a text have no counterpart. */
const OPERATORS: Readonly<Record<string, { type: string; ordered?: true }>> = {
  is: { type: "eq" },
  "=": { type: "eq", ordered: true },
  "is not": { type: "ne" },
  "≠": { type: "ne", ordered: true },
  ">": { type: "gt", ordered: true },
  "<": { type: "lt", ordered: true },
  "≥": { type: "gte", ordered: true },
  "≤": { type: "lte", ordered: true },
  before: { type: "lt" },
  after: { type: "gt" },
};

const Condition = z.object({
  name: z.union([z.string(), z.array(z.string()).min(1).max(20)]),
  comparison_operator: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
});

export const RetrievalInput = z.object({
  knowledge_id: z.string().max(200),
  query: z.string(),
  retrieval_setting: z.object({
    top_k: z.int().min(1).max(50).default(8),
    score_threshold: z.number().min(0).max(1).nullish(),
  }),
  metadata_condition: z
    .object({
      logical_operator: z.enum(["and", "or"]).default("and"),
      conditions: z.array(Condition).min(1).max(50),
    })
    .nullish(),
});
export type RetrievalInput = z.infer<typeof RetrievalInput>;

/** @throws AppError `invalid_request` for an operator that we do not have, or a question that is none */
export function searchOf({ query, retrieval_setting, metadata_condition }: RetrievalInput): SearchInput {
  const filters = metadata_condition ? filterOf(metadata_condition) : undefined;
  const input = SearchInput.safeParse({
    query,
    top_k: retrieval_setting.top_k,
    ...(filters === undefined ? {} : { filters }),
  });
  if (!input.success) throw invalid(input.error);
  return input.data;
}

function filterOf({
  logical_operator,
  conditions,
}: NonNullable<RetrievalInput["metadata_condition"]>): Filter {
  const filters = conditions.map(({ name, comparison_operator, value }) => {
    const operator = OPERATORS[comparison_operator];
    if (!operator || value === null || value === undefined) {
      throw new AppError("invalid_request", {
        detail: `metadata_condition: "${comparison_operator.slice(0, 40)}" is not supported. Use ${Object.keys(OPERATORS).join(", ")}.`,
      });
    }
    const compared = operator.ordered && typeof value === "string" ? numberIn(value) : value;
    const [first, ...more] = [name].flat().map((key) => ({ type: operator.type, key, value: compared }));
    return more.length === 0 ? first : { type: "or", filters: [first, ...more] };
  });
  const filter = Filter.safeParse({ type: logical_operator, filters });
  if (!filter.success) throw invalid(filter.error);
  return filter.data;
}

/** Dify's forms send every value as text. */
const numberIn = (text: string) =>
  text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;

export function difyRecords({ retrieval_setting }: RetrievalInput, results: readonly Result[]) {
  const least = retrieval_setting.score_threshold ?? 0;
  return {
    records: results
      .filter(({ score }) => score >= least)
      .map(({ content, score, title, document_name, document_id, chunk_id, page, heading, metadata }) => ({
        content,
        score,
        title: title ?? document_name,
        metadata: { ...metadata, document_id, chunk_id, document_name, page, heading: heading.join(" > ") },
      })),
  };
}

/** 1001, 1002 and 2001 are Dify's own; everything else has the number of its status. */
export function difyFailure(error: AppError, requestId: string): Response {
  const code =
    { unauthenticated: 1002, forbidden: 1002, not_found: 2001 }[error.code as string] ?? error.status;
  return failed(error, requestId, { error_code: code, error_msg: error.message, code: error.code });
}
