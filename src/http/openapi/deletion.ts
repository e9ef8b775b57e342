/** The answer to a deletion of many, which documents, batches and sources share. */
import * as z from "zod";
import type { Answer } from "../../domain/deletions/answer.ts";
import { exactly, id, moment } from "./entry.ts";

export const Deletion = exactly<Answer>()(
  z.strictObject({
    deletion: z.strictObject({
      id,
      kind: z.enum(["documents", "batch", "source"]),
      target: id.nullable().describe("The batch or source."),
      status: z.enum(["running", "done"]),
      documents: z.int(),
      versions: z.int(),
      chunks: z.int(),
      drafts: z.int(),
      files: z.int().describe("Originals that nothing the requester can see has any more."),
      bytes: z.int(),
      kept: z.int().nullable().describe("Documents that are not the requester's to delete."),
      created_at: moment,
      finished_at: moment.nullable(),
    }),
    receipt: z.string().exactOptional().describe("A JWS, once it is done."),
  }),
).meta({ id: "Deletion" });
