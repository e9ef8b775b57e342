/** What a golden question consists of. */
import * as z from "zod";
import { ExternalId } from "../documents/labels.ts";

const MOST = 20;

const Tag = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^\P{Cc}+$/u, "may not contain control characters");

export const Tags = z
  .array(Tag)
  .max(MOST)
  .transform((tags) => [...new Set(tags)]);

const fields = {
  question: z.string().trim().min(1).max(4_000),
  /** Documents that hold the answer: any of these, by either name, is a hit. */
  document_ids: z.array(z.uuid()).max(MOST),
  external_ids: z.array(ExternalId).max(MOST),
  /** What the answer has to say; see facts.ts for when it does. */
  facts: z.array(z.string().trim().min(1).max(1_000)).max(MOST),
  /** False: the documents do not say, and the answer should be that. */
  answerable: z.boolean(),
  tags: Tags,
  note: z.string().trim().max(2_000),
};

const Case = z.strictObject({
  question: fields.question,
  document_ids: fields.document_ids.default([]),
  external_ids: fields.external_ids.default([]),
  facts: fields.facts.default([]),
  answerable: fields.answerable.default(true),
  tags: fields.tags.default([]),
  note: fields.note.default(""),
});
type Consistent = { answerable?: boolean | undefined } & {
  [name in "document_ids" | "external_ids" | "facts"]?: readonly string[] | undefined;
};
const isConsistent = ({ answerable, document_ids = [], external_ids = [], facts = [] }: Consistent) =>
  answerable !== false || document_ids.length + external_ids.length + facts.length === 0;
const inconsistent = {
  path: ["answerable"],
  message: "false leaves no room for documents and facts: nothing says it",
};

export const CaseInput = Case.refine(isConsistent, inconsistent);
export type CaseInput = z.infer<typeof CaseInput>;

/** A question that somebody voted down; what is said beside it replaces what the feedback says. */
const FromMessage = z
  .strictObject({ ...partial(), from_message_id: z.uuid() })
  .refine(isConsistent, inconsistent);
export type FromMessage = z.infer<typeof FromMessage>;

export const NewCaseInput = z.union([FromMessage, CaseInput]);
export type NewCaseInput = z.infer<typeof NewCaseInput>;

export const ChangeCaseInput = z
  .strictObject(partial())
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    message: "say what to change",
  })
  .refine(isConsistent, inconsistent);
export type ChangeCaseInput = z.infer<typeof ChangeCaseInput>;

function partial() {
  return {
    question: fields.question.optional(),
    document_ids: fields.document_ids.optional(),
    external_ids: fields.external_ids.optional(),
    facts: fields.facts.optional(),
    answerable: fields.answerable.optional(),
    tags: fields.tags.optional(),
    note: fields.note.optional(),
  };
}
