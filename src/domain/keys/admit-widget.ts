/** Exchanges a widget key for a short token, when the page that asks is one of the organization's. */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { readWidgetKey } from "./key-text.ts";
import { resolveWidget } from "./sql.ts";
import type { WidgetTokens } from "./widget-token.ts";

export const AdmitInput = z.object({
  key: z.string().max(100),
  /** The visitor's last token, also when it has ended: they stay the same visitor. */
  token: z.string().max(4_000).optional(),
});
export type AdmitInput = z.infer<typeof AdmitInput>;

export type Admitted = { token: string; token_type: "Bearer"; expires_in: number };

/**
 * @param origin the `Origin` header, which a page cannot choose
 * @throws AppError `unauthenticated` for an unknown or revoked key | `forbidden` for a page that is not on its list
 */
export async function admitWidget(
  ctx: BaseCtx,
  tokens: WidgetTokens,
  input: AdmitInput,
  origin: string | undefined,
): Promise<Admitted> {
  if (!origin) throw new AppError("forbidden", { detail: "Widget keys work from web pages only." });
  const keyId = readWidgetKey(input.key);
  const [{ rows }] = keyId
    ? await accountBatch(ctx, (db) => [resolveWidget(db, keyId, origin)])
    : [{ rows: [] }];
  const found = rows[0];
  if (!keyId || !found) throw new AppError("unauthenticated", { detail: "This widget key is not valid." });
  if (!found.origin_allowed) {
    throw new AppError("forbidden", { detail: `${origin} is not among this widget key's allowed_origins.` });
  }
  const orgId = found.org_id;
  const before = input.token ? await tokens.recall(input.token, ctx.now()) : null;
  const same = before?.orgId === orgId && before.keyId === keyId && before.origin === origin;
  const visitorId = same ? before.visitorId : randomUUID();
  ctx.log.add({ org: orgId, widget: keyId });
  const { token, expiresIn } = await tokens.issue(
    { kind: "widget", orgId, keyId, origin, visitorId },
    ctx.now(),
  );
  return { token, token_type: "Bearer", expires_in: expiresIn };
}
