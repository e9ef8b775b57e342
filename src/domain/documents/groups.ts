/** Which groups a document is for. */
import * as z from "zod";
import { AppError } from "../../errors.ts";
import { databaseError, violates } from "../../infra/db/client.ts";
import { unknownGroup } from "../groups/unknown.ts";

/** Null: everybody whom the access level lets in. Otherwise only members of these groups, and admins. */
export const DocumentGroups = z
  .array(z.uuid().toLowerCase())
  .min(1)
  .max(20)
  // As the database keeps them.
  .transform((ids) => [...new Set(ids)].sort())
  .nullable();

/** The same in a form: ids between commas. */
export const DocumentGroupsField = z
  .string()
  .transform((text): string[] | null => text.split(",").map((id) => id.trim()))
  .pipe(DocumentGroups);

/**
 * A failure to write a document's audience, named: the database decides (migrations/0001_core.sql), this explains.
 * @returns AppError `invalid_request` | `forbidden`, or `thrown` when it is something else
 */
export function nameAudienceFailure(thrown: unknown): unknown {
  if (violates(thrown, "documents_groups_exist")) return unknownGroup(thrown);
  if (databaseError(thrown)?.message.includes("row-level security")) {
    return new AppError("forbidden", {
      detail: "You cannot put a document where you would not see it: name a group that you belong to.",
      cause: thrown,
    });
  }
  return thrown;
}
