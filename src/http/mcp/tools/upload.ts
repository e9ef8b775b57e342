/** Tool `upload_document`: text, or a file's bytes, as a document. */
import * as z from "zod";
import { UploadText } from "../../../domain/documents/labels.ts";
import { upload } from "../../../domain/documents/upload.ts";
import { AppError } from "../../../errors.ts";
import { linksTo } from "../document-uri.ts";
import { NOTICE } from "../quoted.ts";
import { tool } from "../tool.ts";
import { DocumentFields, fieldsOf } from "./documents.ts";

const { name, content, access_level, groups, metadata, external_id } = UploadText.shape;

export const uploadDocument = tool({
  name: "upload_document",
  title: "Upload a document",
  description:
    "Adds a document to the organization's, for everybody whom `access_level` and `groups` let in. It can be searched once its status is `ready`, usually seconds later. The same bytes again are the same document; with an `external_id` that exists, the content becomes that document's next version.",
  action: "documents:write",
  changes: { destructiveHint: false, idempotentHint: true },
  input: z.strictObject({
    name: name.describe("File name; its ending says what text is: .md, .txt, .csv, .html, .json."),
    content: content.describe("The text, or the file's bytes in base64."),
    encoding: z
      .enum(["text", "base64"])
      .default("text")
      .describe("`base64` for PDF, Word, Excel and the like."),
    access_level: access_level.describe(
      "`external`: customers may read it. Not given: the caller's own level.",
    ),
    groups: groups.describe("Only members of these groups, by id, may read it."),
    metadata: metadata.describe("Labels to filter by."),
    external_id: external_id.describe("Your own name for the document."),
  }),
  output: z.object({
    notice: z.string(),
    outcome: z.enum(["created", "replaced", "unchanged", "duplicate", "requeued"]),
    document: DocumentFields,
  }),
  async run(ctx, { content, encoding, ...labels }) {
    const body = new Blob([encoding === "text" ? content : bytesIn(content)]).stream();
    const stored = await ctx.log.step("store", () =>
      ctx.ports.files.store(ctx.actor.orgId, body, ctx.maxFileBytes),
    );
    const { document, outcome } = await upload(ctx, stored, labels);
    return {
      structured: { notice: NOTICE, outcome, document: fieldsOf(document) },
      text: `${outcome}: document ${document.id} is ${document.status}.`,
      links: linksTo(ctx.actor, [document]),
    };
  },
});

/** @throws AppError `invalid_request` */
function bytesIn(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  } catch {
    throw new AppError("invalid_request", { detail: "content: is not base64." });
  }
}
