/** Gives a document other bytes: its next version, while the one before keeps answering. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import type { StoredFile } from "../../infra/files/port.ts";
import { Name } from "./labels.ts";
import { get } from "./list.ts";
import { type Uploaded, upload } from "./upload.ts";

/** `PUT documents/:id/content` as JSON. */
export const ReplaceText = z.object({ name: Name.optional(), content: z.string() });

/** The field beside the file in a form. */
export const ReplaceFields = z.object({ name: Name });

/**
 * Registers bytes that `store` takes in; the same bytes change nothing, unless reading them had failed.
 * @param name what the document is called from now on; without one it keeps its name
 * @throws AppError `not_found` before anything is stored | what `store` and {@link upload} throw
 */
export async function replace(
  ctx: Ctx,
  id: string,
  store: () => Promise<{ stored: StoredFile; name: string | undefined }>,
): Promise<Uploaded> {
  const document = await get(ctx, id);
  const { stored, name } = await store();
  return upload(ctx, stored, { name: name ?? document.name }, { documentId: id });
}
