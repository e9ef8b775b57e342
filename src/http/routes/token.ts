/** `POST auth/token`: sign-in as OAuth 2 clients know it (RFC 6749 §4.3, §5, §6), and the keys to check tokens with. */
import { type Context, Hono } from "hono";
import * as z from "zod";
import { Email } from "../../domain/accounts/email.ts";
import { login } from "../../domain/accounts/login.ts";
import { refresh } from "../../domain/accounts/refresh.ts";
import type { SignIn } from "../../domain/accounts/session.ts";
import type { PlatformSignIn } from "../../domain/platform/sign-in.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import { failureFields } from "../../log.ts";
import { noStore } from "../hardening.ts";
import { limitByAddress } from "../limits.ts";
import { sessionConfig } from "../session-config.ts";
import type { HttpEnv } from "../types.ts";
import { readAtMost } from "../validate.ts";

const MAX_BYTES = 16 * 1024;

const Grant = z.discriminatedUnion("grant_type", [
  z.object({
    grant_type: z.literal("password"),
    username: Email,
    password: z.string().min(1).max(200),
  }),
  z.object({ grant_type: z.literal("refresh_token"), refresh_token: z.string().min(1).max(200) }),
]);
type Grant = z.infer<typeof Grant>;

type OAuthError = "invalid_request" | "invalid_grant" | "unsupported_grant_type";

/** What our failures are called in RFC 6749 §5.2; all others are no answer to a grant and stay problems. */
const GRANT_ERRORS: Partial<Record<ErrorCode, OAuthError>> = {
  invalid_request: "invalid_request",
  unsupported_type: "invalid_request",
  too_large: "invalid_request",
  invalid_credentials: "invalid_grant",
  session_revoked: "invalid_grant",
  forbidden: "invalid_grant",
};

export const token = new Hono<HttpEnv>().use(noStore).post("/", limitByAddress, async (c) => {
  c.header("pragma", "no-cache");
  try {
    const parameters = await form(c);
    const grant = Grant.safeParse(parameters);
    if (!grant.success) return refuse(c, ...fault(parameters, grant.error));
    const { token: access_token, token_type, expires_in, refresh_token } = await exchange(c, grant.data);
    return c.json({ access_token, token_type, expires_in, refresh_token });
  } catch (thrown) {
    const name = thrown instanceof AppError ? GRANT_ERRORS[thrown.code] : undefined;
    if (!(thrown instanceof AppError) || !name) throw thrown;
    c.var.log.add(failureFields(thrown));
    return refuse(c, name, thrown.message);
  }
});

export const wellKnown = new Hono<HttpEnv>().get("/jwks.json", (c) => {
  c.header("cache-control", "public, max-age=300");
  return c.json(c.var.runtime.tokens.jwks());
});

function exchange(c: Context<HttpEnv>, grant: Grant): Promise<SignIn | PlatformSignIn> {
  const config = sessionConfig(c.var.runtime);
  return grant.grant_type === "password"
    ? login(c.var.base, config, { email: grant.username, password: grant.password })
    : refresh(c.var.base, config, { refresh_token: grant.refresh_token });
}

/** The parameters of the form; an empty one counts as absent (§3.1). */
async function form(c: Context<HttpEnv>): Promise<Record<string, string>> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header("content-type") ?? "")) {
    throw new AppError("unsupported_type", { detail: "Send application/x-www-form-urlencoded." });
  }
  const text = new TextDecoder().decode(await readAtMost(c.req.raw.body, MAX_BYTES));
  const given = [...new URLSearchParams(text)].filter(([, value]) => value !== "");
  const parameters = new Map(given);
  if (parameters.size < given.length) {
    throw new AppError("invalid_request", { detail: "A parameter is given more than once." });
  }
  return Object.fromEntries(parameters);
}

function fault(parameters: Record<string, string>, error: z.ZodError): [OAuthError, string] {
  const type = parameters.grant_type;
  if (type !== undefined && type !== "password" && type !== "refresh_token") {
    return ["unsupported_grant_type", "Use password or refresh_token."];
  }
  const names = [...new Set(error.issues.map(({ path }) => path.join(".")))];
  return ["invalid_request", `Missing or malformed: ${names.join(", ")}.`];
}

/** `error_description` allows printable ASCII without quotes and backslashes only. */
function refuse(c: Context<HttpEnv>, error: OAuthError, description: string): Response {
  return c.json({ error, error_description: description.replace(/[^\x20-\x7e]|["\\]/g, "'") }, 400);
}
