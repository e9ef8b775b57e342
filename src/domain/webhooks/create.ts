/** Adds a webhook: an address that hears what happens to the organization's documents. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { WEBHOOK_EVENTS } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { sealSecret } from "./secrets.ts";
import { newSecret } from "./sign.ts";
import { awaitOthers, demandRoom, insertWebhook } from "./sql.ts";
import { view, type WebhookView } from "./view.ts";

const MOST = 20;

/** For the look-up of its name, in milliseconds. */
const CHECK_MS = 5_000;

export const Url = z.url({ protocol: /^https?$/ }).max(2_000);
export const Description = z.string().trim().max(200);
export const Events = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .transform((events) => WEBHOOK_EVENTS.filter((event) => events.includes(event)));

export const CreateWebhookInput = z.strictObject({
  url: Url,
  events: Events,
  description: Description.default(""),
});
export type CreateWebhookInput = z.infer<typeof CreateWebhookInput>;

/** The secret is in no later answer. */
export type CreatedWebhook = { webhook: WebhookView; secret: string };

/** @throws AppError `url_refused` for an address that is not public or not https | `fetch_failed` for a name that does not exist */
export const checkUrl = (ctx: Ctx, url: string): Promise<void> =>
  ctx.log.step("resolve", () => ctx.ports.web.check(url, { httpsOnly: true, timeoutMs: CHECK_MS }));

/** @throws AppError as of {@link checkUrl} | `too_many_webhooks` */
export async function createWebhook(
  ctx: Ctx<UserActor>,
  { url, events, description }: CreateWebhookInput,
): Promise<CreatedWebhook> {
  const { orgId, userId } = ctx.actor;
  await checkUrl(ctx, url);
  const id = crypto.randomUUID();
  const secret = newSecret();
  const sealed = await sealSecret(ctx, id, secret);
  const [, , [row]] = await tenantBatch(ctx, (db) => [
    awaitOthers(db, orgId),
    demandRoom(db, orgId, MOST),
    insertWebhook(db, { id, orgId, url, description, events, secret: sealed, createdBy: userId }),
    audit(db, {
      ...auditOf(ctx),
      action: "webhook.created",
      target: { type: "webhook", id },
      detail: { host: new URL(url).host, events: events.join(" ") },
      result: "ok",
    }),
  ]).catch((thrown: unknown) => {
    throw thrown instanceof AppError && thrown.code === "not_found"
      ? new AppError("too_many_webhooks", { detail: `An organization has at most ${MOST} webhooks.` })
      : thrown;
  });
  if (!row) throw new AppError("internal");
  return { webhook: view(row, ctx.now()), secret };
}
