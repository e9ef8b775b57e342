/** Register, sign in, refresh, who am I. */
import { Hono } from "hono";
import { LoginInput, login } from "../../domain/accounts/login.ts";
import { me } from "../../domain/accounts/me.ts";
import { RefreshInput, refresh } from "../../domain/accounts/refresh.ts";
import { RegisterInput, register } from "../../domain/accounts/register.ts";
import type { SessionConfig } from "../../domain/accounts/session.ts";
import type { Runtime } from "../../runtime.ts";
import { allow, ctxOf } from "../auth.ts";
import { limitByAddress } from "../limits.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

const config = ({ tokens, settings }: Runtime): SessionConfig => ({
  tokens,
  refreshTokenDays: settings.refreshTokenDays,
});

export const auth = new Hono<HttpEnv>()
  .post("/register", limitByAddress, jsonBody(), valid("json", RegisterInput), async (c) =>
    c.json(await register(c.var.base, config(c.var.runtime), c.req.valid("json")), 201),
  )
  .post("/login", limitByAddress, jsonBody(), valid("json", LoginInput), async (c) =>
    c.json(await login(c.var.base, config(c.var.runtime), c.req.valid("json"))),
  )
  .post("/refresh", limitByAddress, jsonBody(), valid("json", RefreshInput), async (c) =>
    c.json(await refresh(c.var.base, config(c.var.runtime), c.req.valid("json"))),
  )
  .get("/me", allow("account:read"), async (c) => c.json(await me(ctxOf(c))));
