/** The people of an organization: invite, list, change what they may, remove. */
import { type Context, Hono } from "hono";
import { ChangeEmployeeInput, change } from "../../domain/employees/change.ts";
import {
  ListInvitationsInput,
  listInvitations,
  revokeInvitation,
} from "../../domain/employees/invitations.ts";
import { InviteInput, invite } from "../../domain/employees/invite.ts";
import { ListEmployeesInput, list } from "../../domain/employees/list.ts";
import { remove } from "../../domain/employees/remove.ts";
import { allow, ctxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

/** Where the admin who invites has reached us is where the invited person will. */
const site = (c: Context<HttpEnv>) => new URL(c.req.url).origin;

export const employees = new Hono<HttpEnv>()
  .get("/", allow("employees:read"), valid("query", ListEmployeesInput), async (c) =>
    c.json(await list(ctxOf(c), c.req.valid("query"))),
  )
  .post("/", allow("employees:write"), jsonBody(), valid("json", InviteInput), async (c) =>
    c.json({ invitation: await invite(ctxOf(c), site(c), c.req.valid("json")) }, 201),
  )
  .get("/invitations", allow("employees:read"), valid("query", ListInvitationsInput), async (c) =>
    c.json(await listInvitations(ctxOf(c), c.req.valid("query"))),
  )
  .delete("/invitations/:id", allow("employees:write"), valid("param", IdParam), async (c) =>
    c.json({ revoked: await revokeInvitation(ctxOf(c), c.req.valid("param").id) }),
  )
  .patch(
    "/:id",
    allow("employees:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", ChangeEmployeeInput),
    async (c) => c.json({ employee: await change(ctxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/:id", allow("employees:write"), valid("param", IdParam), async (c) =>
    c.json({ removed: await remove(ctxOf(c), c.req.valid("param").id) }),
  );
