/** Makes a group, or gives one another name. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { type GroupView, view } from "./list.ts";
import { findGroup, insertGroup, isGroup, renameGroup } from "./sql.ts";

export const GroupInput = z.strictObject({
  // Postgres text cannot hold U+0000, and nobody can read the other control characters.
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}+$/u, "may not contain control characters"),
});
export type GroupInput = z.infer<typeof GroupInput>;

/** @throws AppError `name_taken` in any capitalization */
export async function create(ctx: Ctx, { name }: GroupInput): Promise<GroupView> {
  const { orgId } = ctx.actor;
  const id = crypto.randomUUID();
  const [, [group]] = await named(() =>
    tenantBatch(ctx, (db) => [
      insertGroup(db, { id, orgId, name }),
      findGroup(db, orgId, id),
      audit(db, {
        ...auditOf(ctx),
        action: "group.created",
        target: { type: "group", id },
        detail: { name },
        result: "ok",
      }),
    ]),
  );
  if (!group) throw new AppError("internal");
  return view(group);
}

/** @throws AppError `not_found` | `name_taken` */
export async function rename(ctx: Ctx, id: string, { name }: GroupInput): Promise<GroupView> {
  const { orgId } = ctx.actor;
  const [, [group]] = await named(() =>
    tenantBatch(ctx, (db) => [
      renameGroup(db, orgId, id, name),
      findGroup(db, orgId, id),
      audit(db, {
        ...auditOf(ctx),
        action: "group.renamed",
        target: { type: "group", id },
        detail: { name },
        result: "ok",
        when: isGroup(orgId, id),
      }),
    ]),
  );
  if (!group) throw new AppError("not_found");
  return view(group);
}

async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (violates(thrown, "groups_name")) throw new AppError("name_taken", { cause: thrown });
    throw thrown;
  }
}
