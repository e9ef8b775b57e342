/** For those who run the platform: organizations as such, never what is in them. */
import { Hono } from "hono";
import { DeletionInput } from "../../domain/organizations/confirmation.ts";
import { confirmDeletion, requestDeletion } from "../../domain/platform/delete.ts";
import {
  changeStatus,
  ListOrganizationsInput,
  list,
  StatusInput,
} from "../../domain/platform/organizations.ts";
import { allowPlatform, platformCtxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, optionalJsonBody, valid } from "../validate.ts";

export const platform = new Hono<HttpEnv>()
  .get("/orgs", allowPlatform(), valid("query", ListOrganizationsInput), async (c) =>
    c.json(await list(platformCtxOf(c), c.req.valid("query"))),
  )
  .patch(
    "/orgs/:id",
    allowPlatform(),
    valid("param", IdParam),
    jsonBody(),
    valid("json", StatusInput),
    async (c) =>
      c.json({ org: await changeStatus(platformCtxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete(
    "/orgs/:id",
    allowPlatform(),
    valid("param", IdParam),
    optionalJsonBody(4096),
    valid("json", DeletionInput),
    async (c) => {
      const { id } = c.req.valid("param");
      const { confirmation } = c.req.valid("json");
      if (confirmation === undefined) return c.json(await requestDeletion(platformCtxOf(c), id), 202);
      const ended = await confirmDeletion(platformCtxOf(c), c.var.runtime.receipts, id, confirmation);
      return c.json(ended, ended.status === "deleted" ? 200 : 202);
    },
  );
