/** Quotas, as those who run the platform set them. */
import { Hono } from "hono";
import { getQuota, QuotaInput, setQuota } from "../../domain/limits/quotas.ts";
import { allowPlatform, platformCtxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

export const quotas = new Hono<HttpEnv>()
  .get("/quotas", allowPlatform(), async (c) => c.json({ quota: await getQuota(platformCtxOf(c), null) }))
  .put("/quotas", allowPlatform(), jsonBody(4096), valid("json", QuotaInput), async (c) =>
    c.json({ quota: await setQuota(platformCtxOf(c), null, c.req.valid("json")) }),
  )
  .get("/orgs/:id/quotas", allowPlatform(), valid("param", IdParam), async (c) =>
    c.json({ quota: await getQuota(platformCtxOf(c), c.req.valid("param").id) }),
  )
  .put(
    "/orgs/:id/quotas",
    allowPlatform(),
    valid("param", IdParam),
    jsonBody(4096),
    valid("json", QuotaInput),
    async (c) =>
      c.json({ quota: await setQuota(platformCtxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  );
