/** Nothing is sent to a webhook that is switched off. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { get } from "./list.ts";

/** @throws AppError `not_found` | `webhook_disabled` */
export async function demandEnabled(ctx: Ctx, id: string): Promise<void> {
  const { enabled } = await get(ctx, id);
  if (!enabled) throw new AppError("webhook_disabled", { detail: "Switch the webhook on first." });
}
