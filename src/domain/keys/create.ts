/** Makes an API key for an organization's software. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx, SCOPES, type UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { newSecret } from "./key-text.ts";
import { demandGroups, insertApiKey } from "./sql.ts";
import { type ApiKeyView, viewApiKey } from "./view.ts";

const Scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope)));

export const CreateKeyInput = z.object({
  name: z.string().trim().min(1).max(200),
  scopes: Scopes,
  /** What the key reads, and what it may label its uploads; the creator's own level when absent. */
  access: z.enum(ACCESS_LEVELS).optional(),
  /** Restricted documents of these groups are the key's to read as well. */
  groups: z.array(z.uuid()).max(100).default([]),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
export type CreateKeyInput = z.infer<typeof CreateKeyInput>;

/** The key itself is in no later answer. */
export type CreatedKey = { api_key: ApiKeyView; key: string };

/** @throws AppError `forbidden` for more access than the creator has | `invalid_request` */
export async function createKey(ctx: Ctx<UserActor>, input: CreateKeyInput): Promise<CreatedKey> {
  const { orgId, userId, access: own } = ctx.actor;
  const access = input.access ?? own;
  if (access === "internal" && own === "external") {
    throw new AppError("forbidden", { detail: "A key cannot read more than you may." });
  }
  if (input.expires_at && new Date(input.expires_at) <= ctx.now()) {
    throw new AppError("invalid_request", { detail: "expires_at: must be in the future." });
  }
  const { id, key, secretHash } = newSecret();
  const groups = [...new Set(input.groups)];
  const [, [row]] = await tenantBatch(ctx, (db) => [
    demandGroups(db, orgId, groups),
    insertApiKey(db, {
      id,
      orgId,
      name: input.name,
      secretHash,
      scopes: input.scopes,
      access,
      groups,
      createdBy: userId,
      expiresAt: input.expires_at ?? null,
    }),
    audit(db, {
      ...auditOf(ctx),
      action: "api_key.created",
      target: { type: "api_key", id },
      detail: {
        name: input.name,
        scopes: input.scopes.join(" "),
        access,
        expires_at: input.expires_at ?? null,
      },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("internal");
  return { api_key: viewApiKey(row, ctx.now()), key };
}
