/** Which documents answers come from, who asks, and through which door. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { type PeriodInput, periodOf } from "./period.ts";
import { type Asker, askersIn, type DocumentUse, documentUse } from "./sql.ts";

const MOST = 1_000;

/** Most cited first; those that nobody needed come last. */
export async function documentsUsed(ctx: Ctx, input: PeriodInput): Promise<DocumentUse[]> {
  const [{ rows }] = await tenantBatch(ctx, (db) => [documentUse(db, periodOf(input, ctx.now), MOST)]);
  return rows;
}

export type EmployeeUse = Omit<Asker, "who"> & { user_id: string };

/** Who asked most first; those who asked nothing are not among them. */
export async function employeesUse(ctx: Ctx, input: PeriodInput): Promise<EmployeeUse[]> {
  const rows = await askers(ctx, input, true);
  return rows.map(({ who, ...rest }) => ({ user_id: who, ...rest }));
}

export type ChannelUse = Omit<Asker, "who" | "email"> & { channel: string };

export async function channelsUse(ctx: Ctx, input: PeriodInput): Promise<ChannelUse[]> {
  const rows = await askers(ctx, input, false);
  return rows.map(({ who, email: _, ...rest }) => ({ channel: who, ...rest }));
}

async function askers(ctx: Ctx, input: PeriodInput, byPerson: boolean): Promise<Asker[]> {
  const [{ rows }] = await tenantBatch(ctx, (db) => [askersIn(db, periodOf(input, ctx.now), byPerson, MOST)]);
  return rows.map((row) => ({ ...row, last_asked: iso(row.last_asked) }));
}
