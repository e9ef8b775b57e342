/** Groups of people; documents may name groups as their only readers. */
import { Hono } from "hono";
import * as z from "zod";
import { ListGroupsInput, ListMembersInput, list, membersOf } from "../../domain/groups/list.ts";
import { add, drop } from "../../domain/groups/membership.ts";
import { remove } from "../../domain/groups/remove.ts";
import { create, GroupInput, rename } from "../../domain/groups/save.ts";
import { allow, ctxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

const MembershipParam = IdParam.extend({ user_id: z.uuid() });

export const groups = new Hono<HttpEnv>()
  .get("/", allow("groups:read"), valid("query", ListGroupsInput), async (c) =>
    c.json(await list(ctxOf(c), c.req.valid("query"))),
  )
  .post("/", allow("groups:write"), jsonBody(), valid("json", GroupInput), async (c) =>
    c.json({ group: await create(ctxOf(c), c.req.valid("json")) }, 201),
  )
  .patch(
    "/:id",
    allow("groups:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", GroupInput),
    async (c) => c.json({ group: await rename(ctxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/:id", allow("groups:write"), valid("param", IdParam), async (c) =>
    c.json({ deleted: await remove(ctxOf(c), c.req.valid("param").id) }),
  )
  .get(
    "/:id/members",
    allow("employees:read"),
    valid("param", IdParam),
    valid("query", ListMembersInput),
    async (c) => c.json(await membersOf(ctxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .put("/:id/members/:user_id", allow("groups:write"), valid("param", MembershipParam), async (c) => {
    const { id, user_id } = c.req.valid("param");
    return c.json({ membership: await add(ctxOf(c), id, user_id) });
  })
  .delete("/:id/members/:user_id", allow("groups:write"), valid("param", MembershipParam), async (c) => {
    const { id, user_id } = c.req.valid("param");
    return c.json({ removed: await drop(ctxOf(c), id, user_id) });
  });
