/** The caller's organization: read it, change it, delete it. */
import { Hono } from "hono";
import { ChangeOrganizationInput, change } from "../../domain/organizations/change.ts";
import { DeletionInput } from "../../domain/organizations/confirmation.ts";
import { confirmDeletion, requestDeletion } from "../../domain/organizations/delete.ts";
import { endingOf } from "../../domain/organizations/ending.ts";
import { get } from "../../domain/organizations/get.ts";
import { allow, ctxOf } from "../auth.ts";
import { limitByAddress } from "../limits.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, optionalJsonBody, valid } from "../validate.ts";

export const org = new Hono<HttpEnv>()
  .get("/", allow("org:read"), async (c) => {
    const limits = { file_bytes: c.var.runtime.settings.maxFileBytes };
    return c.json({ org: await get(ctxOf(c)), limits });
  })
  .patch("/", allow("org:write"), jsonBody(), valid("json", ChangeOrganizationInput), async (c) => {
    const { access_changed, ...changed } = await change(ctxOf(c), c.req.valid("json"));
    return c.json({ org: changed, access_changed });
  })
  .delete("/", allow("org:delete"), optionalJsonBody(4096), valid("json", DeletionInput), async (c) => {
    const { confirmation } = c.req.valid("json");
    if (confirmation === undefined) return c.json(await requestDeletion(ctxOf(c)), 202);
    const ended = await confirmDeletion(ctxOf(c), c.var.runtime.receipts, confirmation);
    return c.json(ended, ended.status === "deleted" ? 200 : 202);
  })
  .get("/deletion", limitByAddress, async (c) => {
    const [, token = ""] = /^Bearer +(kal_del_\S+) *$/i.exec(c.req.header("authorization") ?? "") ?? [];
    return c.json(await endingOf(c.var.base, c.var.runtime.receipts, token));
  });
