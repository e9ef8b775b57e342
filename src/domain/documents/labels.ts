/** What an uploader says about a document, however it comes in. */
import * as z from "zod";
import { ACCESS_LEVELS } from "../../context.ts";
import { LANES } from "../../infra/jobs/port.ts";
import { DocumentGroups, DocumentGroupsField } from "./groups.ts";
import { Metadata } from "./metadata.ts";

/** A file name as given by any system, without its folders and control characters. */
export const Name = z
  .string()
  .transform((value) => (value.split(/[/\\]/).pop() ?? "").replace(/\p{Cc}/gu, "").trim())
  .pipe(z.string().min(1, "must not be empty").max(500));

/** The uploader's own name for a document. */
export const ExternalId = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((value) => !/\p{Cc}/u.test(value), "may not contain control characters");

export const Labels = z.object({
  access_level: z.enum(ACCESS_LEVELS).optional(),
  groups: DocumentGroups.optional(),
  metadata: Metadata.optional(),
  external_id: ExternalId.optional(),
  /** `ingest-bulk` for what nobody waits for. */
  lane: z.enum(LANES).optional(),
});

/** `POST documents` as JSON. */
export const UploadText = Labels.extend({ name: Name, content: z.string() });

/** The fields beside the file in `POST documents` as a form; metadata is JSON text there. */
export const UploadFields = Labels.extend({
  name: Name,
  groups: DocumentGroupsField.optional(),
  metadata: z
    .string()
    .transform((text, ctx) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        ctx.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(Metadata)
    .optional(),
});

export type UploadLabels = z.output<typeof Labels> & { name: string };
