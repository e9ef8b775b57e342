/** Whoever began a run, with the rights they have by now. */

import * as z from "zod";
import { ACCESS_LEVELS, type Actor, ROLES, SCOPES } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Runner } from "./work-sql.ts";

const Person = z.object({
  user_id: z.string(),
  role: z.enum(ROLES),
  access: z.enum(ACCESS_LEVELS),
  token_version: z.number(),
});
const Key = z.object({
  key_id: z.string(),
  secret_hash: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  access: z.enum(ACCESS_LEVELS),
});

/** The tenant door checks them again in every batch. @throws AppError `session_revoked` when nobody is left */
export function actorOf(orgId: string, row: Runner | undefined): Actor {
  const person = Person.safeParse(row);
  if (person.success) {
    const { user_id: userId, token_version: tokenVersion, ...rights } = person.data;
    return { kind: "user", orgId, userId, tokenVersion, ...rights };
  }
  const key = Key.safeParse(row);
  if (key.success) {
    const { key_id: keyId, secret_hash: secretHash, ...rights } = key.data;
    return { kind: "key", orgId, keyId, secretHash, ...rights };
  }
  throw new AppError("session_revoked", { detail: "Whoever began the run may not ask any more." });
}
