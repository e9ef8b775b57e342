/** Register, verify, sign in, stay signed in, sign out; one's own account. */
import { Hono } from "hono";
import { AcceptInviteInput, acceptInvite } from "../../domain/accounts/accept-invite.ts";
import { ChangePasswordInput, changePassword } from "../../domain/accounts/change-password.ts";
import { LoginInput, login } from "../../domain/accounts/login.ts";
import { endOneSession, logout, logoutEverywhere } from "../../domain/accounts/logout.ts";
import { me } from "../../domain/accounts/me.ts";
import { RefreshInput, refresh } from "../../domain/accounts/refresh.ts";
import { RegisterInput, register } from "../../domain/accounts/register.ts";
import { RenameInput, rename } from "../../domain/accounts/rename.ts";
import { ResetPasswordInput, resetPassword } from "../../domain/accounts/reset-password.ts";
import { SendCodeInput, sendCode } from "../../domain/accounts/send-code.ts";
import { sessions } from "../../domain/accounts/sessions.ts";
import { VerifyEmailInput, verifyEmail } from "../../domain/accounts/verify-email.ts";
import { allow, ctxOf } from "../auth.ts";
import { knowDevice } from "../device.ts";
import { noStore } from "../hardening.ts";
import { limitByAddress } from "../limits.ts";
import { sessionConfig } from "../session-config.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

/** Everything here is a few lines of JSON. */
const body = () => jsonBody(16 * 1024);

export const auth = new Hono<HttpEnv>()
  .use(noStore)
  .post("/register", limitByAddress, knowDevice, body(), valid("json", RegisterInput), async (c) =>
    c.json(await register(c.var.base, sessionConfig(c.var.runtime), c.req.valid("json")), 201),
  )
  .post("/verify-email", limitByAddress, body(), valid("json", VerifyEmailInput), async (c) =>
    c.json(await verifyEmail(c.var.base, sessionConfig(c.var.runtime), c.req.valid("json"))),
  )
  .post("/resend-code", limitByAddress, body(), valid("json", SendCodeInput), async (c) =>
    c.json(
      await sendCode(c.var.base, sessionConfig(c.var.runtime), "verify_email", c.req.valid("json")),
      202,
    ),
  )
  .post("/login", limitByAddress, knowDevice, body(), valid("json", LoginInput), async (c) =>
    c.json(await login(c.var.base, sessionConfig(c.var.runtime), c.req.valid("json"))),
  )
  .post("/refresh", limitByAddress, body(), valid("json", RefreshInput), async (c) =>
    c.json(await refresh(c.var.base, sessionConfig(c.var.runtime), c.req.valid("json"))),
  )
  .post("/password/forgot", limitByAddress, body(), valid("json", SendCodeInput), async (c) =>
    c.json(
      await sendCode(c.var.base, sessionConfig(c.var.runtime), "reset_password", c.req.valid("json")),
      202,
    ),
  )
  .post(
    "/password/reset",
    limitByAddress,
    knowDevice,
    body(),
    valid("json", ResetPasswordInput),
    async (c) => {
      await resetPassword(c.var.base, sessionConfig(c.var.runtime), c.req.valid("json"));
      return c.json({ reset: true });
    },
  )
  .post("/accept-invite", limitByAddress, body(), valid("json", AcceptInviteInput), async (c) =>
    c.json(await acceptInvite(c.var.base, sessionConfig(c.var.runtime), c.req.valid("json")), 201),
  )
  // Guessing the current password with a stolen token costs as much as guessing it at the door.
  .post(
    "/password",
    allow("account:write"),
    limitByAddress,
    knowDevice,
    body(),
    valid("json", ChangePasswordInput),
    async (c) => c.json(await changePassword(ctxOf(c), sessionConfig(c.var.runtime), c.req.valid("json"))),
  )
  .post("/logout", allow("account:write"), async (c) => {
    await logout(ctxOf(c));
    return c.json({ signed_out: true });
  })
  .post("/logout-all", allow("account:write"), async (c) => {
    await logoutEverywhere(ctxOf(c));
    return c.json({ signed_out: true });
  })
  .get("/sessions", allow("account:read"), async (c) =>
    c.json({ data: await sessions(ctxOf(c)), next_cursor: null }),
  )
  .delete("/sessions/:id", allow("account:write"), valid("param", IdParam), async (c) => {
    await endOneSession(ctxOf(c), c.req.valid("param").id);
    return c.json({ deleted: true });
  })
  .get("/me", allow("account:read"), async (c) => c.json(await me(ctxOf(c))))
  .patch("/me", allow("account:write"), body(), valid("json", RenameInput), async (c) =>
    c.json(await rename(ctxOf(c), c.req.valid("json"))),
  );
