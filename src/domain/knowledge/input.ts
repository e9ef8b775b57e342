/** What an admin says when teaching an answer. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../context.ts";
import { DocumentGroups } from "../documents/groups.ts";

const MOST_BYTES = 8_192;
const MOST_VARIANTS = 20;

const encoder = new TextEncoder();

const Question = z.string().trim().min(1).max(1_000);

const fields = {
  question: Question,
  /** Markdown, given word for word. */
  answer: z
    .string()
    .trim()
    .min(1)
    .refine((text) => encoder.encode(text).length <= MOST_BYTES, {
      message: `may have at most ${MOST_BYTES} bytes`,
    }),
  /** Other ways to ask the same. */
  variants: z
    .array(Question)
    .max(MOST_VARIANTS)
    .transform((texts) => [...new Set(texts)]),
  access_level: z.enum(ACCESS_LEVELS),
  groups: DocumentGroups,
  /** From then on it is as if it were switched off. */
  expires_at: z.iso.datetime({ offset: true }).nullable(),
  enabled: z.boolean(),
  /** For admins: why it was taught. */
  note: z.string().trim().max(2_000),
};

export const TeachInput = z.strictObject({
  question: fields.question,
  answer: fields.answer,
  variants: fields.variants.default([]),
  access_level: fields.access_level.default("internal"),
  groups: fields.groups.default(null),
  expires_at: fields.expires_at.default(null),
  enabled: fields.enabled.default(true),
  note: fields.note.default(""),
  /** The question that it was taught for: with it, its suggestion is done. */
  from_message_id: z.uuid().optional(),
});
export type TeachInput = z.infer<typeof TeachInput>;

export const ChangeTaughtInput = z
  .strictObject({
    question: fields.question.optional(),
    answer: fields.answer.optional(),
    /** Replaces all. */
    variants: fields.variants.optional(),
    access_level: fields.access_level.optional(),
    groups: fields.groups.optional(),
    expires_at: fields.expires_at.optional(),
    enabled: fields.enabled.optional(),
    note: fields.note.optional(),
  })
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    message: "say what to change",
  });
export type ChangeTaughtInput = z.infer<typeof ChangeTaughtInput>;
