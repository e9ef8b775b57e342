/** Reference: API keys, widget keys and widget tokens. */
import * as z from "zod";
import { ACCESS_LEVELS, SCOPES } from "../../../context.ts";
import type { Admitted } from "../../../domain/keys/admit-widget.ts";
import type { CreatedKey } from "../../../domain/keys/create.ts";
import type { ApiKeyView, WidgetKeyView } from "../../../domain/keys/view.ts";
import { exactly, group, id, moment, page } from "../entry.ts";
import { A, SOME } from "../examples.ts";

const Status = z.enum(["active", "expired", "revoked"]);

const ApiKey = exactly<ApiKeyView>()(
  z.strictObject({
    id,
    name: z.string(),
    prefix: z.string().describe("How the key begins: enough to know it by."),
    scopes: z.array(z.enum(SCOPES)),
    access: z.enum(ACCESS_LEVELS),
    groups: z.array(id),
    status: Status,
    created_by: id.nullable(),
    created_at: moment,
    expires_at: moment.nullable(),
    last_used_at: moment.nullable(),
    revoked_at: moment.nullable(),
    previous_works_until: moment
      .nullable()
      .describe("Until then the secret of before the last rotation works as well."),
  }),
).meta({ id: "ApiKey" });

const Created = exactly<CreatedKey>()(
  z.strictObject({
    api_key: ApiKey,
    key: z.string().describe("The key itself; it is in no later answer."),
  }),
);

const WidgetKey = exactly<WidgetKeyView>()(
  z.strictObject({
    id,
    name: z.string(),
    key: z.string().describe("No secret: it stands in web pages."),
    allowed_origins: z.array(z.string()),
    status: Status,
    created_by: id.nullable(),
    created_at: moment,
    last_used_at: moment.nullable(),
    revoked_at: moment.nullable(),
  }),
).meta({ id: "WidgetKey" });

const Revoked = z.strictObject({ revoked: z.strictObject({ id }) });

export const keys = group("Keys", "API keys for software, widget keys for web pages.", {
  "POST /api/v1/api-keys": {
    id: "createApiKey",
    summary: "Make an API key",
    answers: { 201: Created },
    example: { body: { name: "Website search", scopes: ["search", "chat"], access: "external" } },
  },
  "GET /api/v1/api-keys": {
    id: "listApiKeys",
    summary: "List API keys",
    description: "Revoked and expired ones too.",
    answers: { 200: page(ApiKey) },
  },
  "POST /api/v1/api-keys/:id/rotate": {
    id: "rotateApiKey",
    summary: "Give a key a new secret",
    description: "The old one works for `overlap_seconds` more, a day unless said otherwise.",
    answers: { 200: Created },
    example: { path: { id: SOME.apiKey }, body: { overlap_seconds: 3600 } },
  },
  "DELETE /api/v1/api-keys/:id": {
    id: "revokeApiKey",
    summary: "Revoke an API key",
    description: "It is refused from the next request on.",
    answers: { 200: Revoked },
    example: { path: { id: SOME.apiKey } },
  },
  "POST /api/v1/widget-keys": {
    id: "createWidgetKey",
    summary: "Make a widget key",
    answers: { 201: z.strictObject({ widget_key: WidgetKey }) },
    example: { body: { name: "Shop", allowed_origins: [A.origin] } },
  },
  "GET /api/v1/widget-keys": {
    id: "listWidgetKeys",
    summary: "List widget keys",
    answers: { 200: page(WidgetKey) },
  },
  "PATCH /api/v1/widget-keys/:id": {
    id: "changeWidgetKey",
    summary: "Rename a widget key or change where it works",
    answers: { 200: z.strictObject({ widget_key: WidgetKey }) },
    example: { path: { id: SOME.widgetKey }, body: { name: "Shop and blog" } },
  },
  "DELETE /api/v1/widget-keys/:id": {
    id: "revokeWidgetKey",
    summary: "Revoke a widget key",
    answers: { 200: Revoked },
    example: { path: { id: SOME.widgetKey } },
  },
  "POST /api/v1/widget/token": {
    id: "widgetToken",
    summary: "Exchange a widget key for a short token",
    description:
      "Asked by the page itself: the `Origin` header, which a page cannot choose, must be on the key's list.",
    answers: {
      200: exactly<Admitted>()(
        z.strictObject({ token: z.string(), token_type: z.literal("Bearer"), expires_in: z.int() }),
      ),
    },
    errors: ["unauthenticated", "forbidden", "rate_limited"],
    example: { headers: { origin: A.origin }, body: { key: A.widgetKey } },
  },
});
