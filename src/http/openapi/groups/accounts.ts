/** Reference: one's own account. */
import * as z from "zod";
import { ACCESS_LEVELS, ROLES } from "../../../context.ts";
import type { Renewed } from "../../../domain/accounts/change-password.ts";
import { Email } from "../../../domain/accounts/email.ts";
import type { CodeSent } from "../../../domain/accounts/send-code.ts";
import type { Profile, SignIn } from "../../../domain/accounts/session.ts";
import type { Session } from "../../../domain/accounts/sessions.ts";
import type { PlatformSignIn } from "../../../domain/platform/sign-in.ts";
import { type Entry, exactly, group, id, moment, page } from "../entry.ts";
import { A, SOME } from "../examples.ts";

const tokens = {
  token: z.string().describe("Goes into the Authorization header."),
  token_type: z.literal("Bearer"),
  expires_in: z.int().describe("Seconds the access token holds."),
};

const profile = {
  user: z.strictObject({
    id,
    email: z.string(),
    name: z.string().nullable(),
    role: z.enum(ROLES),
    access: z.enum(ACCESS_LEVELS),
    email_verified: z.boolean(),
  }),
  org: z.strictObject({ id, name: z.string() }),
};

const ProfileView = exactly<Profile>()(z.strictObject(profile)).meta({ id: "Profile" });

const SignInView = exactly<SignIn>()(
  z.strictObject({
    ...tokens,
    refresh_token: z.string().describe("Works once, at `POST /api/v1/auth/refresh`."),
    ...profile,
  }),
).meta({ id: "SignIn" });

const PlatformSignInView = exactly<Omit<PlatformSignIn, "refresh_token">>()(
  z.strictObject({
    ...tokens,
    user: z.strictObject({ id, email: z.string(), role: z.literal("superadmin") }),
  }),
).meta({ id: "PlatformSignIn", description: "Of a superadmin; ends with its access token." });

const CodeSentView = exactly<CodeSent>()(
  z.strictObject({
    expires_in: z.int().describe("Seconds the code holds."),
    resend_in: z.int().describe("Seconds until another one may be asked for."),
  }),
);

const SessionView = exactly<Session>()(
  z.strictObject({
    id,
    agent: z.string().nullable().describe("What the device called itself when it last renewed its tokens."),
    address: z.string(),
    created_at: moment,
    last_used_at: moment,
    expires_at: moment,
    current: z.boolean().describe("Is it the one that asks?"),
  }),
).meta({ id: "Session" });

const OAuthTokens = z.strictObject({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  refresh_token: z.string().optional(),
});

const OAuthRefusal = z
  .strictObject({
    error: z.enum(["invalid_request", "invalid_grant", "unsupported_grant_type"]),
    error_description: z.string(),
  })
  .meta({ id: "OAuthError", description: "As RFC 6749 §5.2 has it." });

const Grant = z.object({
  grant_type: z.enum(["password", "refresh_token"]),
  username: Email.optional().describe("The e-mail; for `password`."),
  password: z.string().optional(),
  refresh_token: z.string().optional(),
});

const signedOut = z.strictObject({ signed_out: z.literal(true) });
const codeErrors = ["rate_limited", "email_unavailable"] as const;

const entries: Record<string, Entry> = {
  "POST /api/v1/auth/register": {
    id: "register",
    summary: "Create an organization and its first admin",
    description: "A code to verify the e-mail with is on its way when this answers.",
    answers: { 201: SignInView },
    errors: ["email_taken", "rate_limited"],
    example: { body: { org_name: "Acme", email: A.newEmail, password: A.password } },
  },
  "POST /api/v1/auth/verify-email": {
    id: "verifyEmail",
    summary: "Confirm an e-mail with the code that was sent to it",
    answers: { 200: ProfileView },
    errors: ["invalid_code", "rate_limited"],
    example: { body: { email: A.email, code: A.code } },
  },
  "POST /api/v1/auth/resend-code": {
    id: "resendCode",
    summary: "Send the verification code again",
    description: "The answer is the same whether or not the address has an account.",
    answers: { 202: CodeSentView },
    errors: codeErrors,
    example: { body: { email: A.newEmail } },
  },
  "POST /api/v1/auth/login": {
    id: "login",
    summary: "Sign in with e-mail and password",
    answers: { 200: z.union([SignInView, PlatformSignInView]) },
    errors: ["invalid_credentials", "forbidden", "rate_limited"],
    example: { body: { email: A.email, password: A.password } },
  },
  "POST /api/v1/auth/token": {
    id: "token",
    summary: "Sign in as OAuth 2 clients do",
    description:
      "RFC 6749: the grants `password` and `refresh_token`. Refusals are OAuth's own, with status 400; everything else is a problem document.",
    bodies: [{ type: "application/x-www-form-urlencoded", schema: Grant }],
    answers: { 200: OAuthTokens, 400: OAuthRefusal },
    errors: ["rate_limited"],
    example: {
      type: "application/x-www-form-urlencoded",
      body: { grant_type: "password", username: A.email, password: A.password },
    },
  },
  "POST /api/v1/auth/refresh": {
    id: "refresh",
    summary: "Exchange a refresh token for new tokens",
    description: "Each refresh token works once; using one twice ends the session.",
    answers: { 200: SignInView },
    errors: ["session_revoked", "rate_limited"],
    example: { body: { refresh_token: A.refreshToken } },
  },
  "POST /api/v1/auth/password/forgot": {
    id: "forgotPassword",
    summary: "Send a code to set a new password with",
    description: "The answer is the same whether or not the address has an account.",
    answers: { 202: CodeSentView },
    errors: codeErrors,
    example: { body: { email: A.email } },
  },
  "POST /api/v1/auth/password/reset": {
    id: "resetPassword",
    summary: "Set a new password with the code",
    description: "Every session ends.",
    answers: { 200: z.strictObject({ reset: z.literal(true) }) },
    errors: ["invalid_code", "rate_limited"],
    example: { body: { email: A.email, code: A.code, password: A.newPassword } },
  },
  "POST /api/v1/auth/accept-invite": {
    id: "acceptInvite",
    summary: "Turn an invitation into an account",
    answers: { 201: SignInView },
    errors: ["invalid_invitation", "email_taken", "rate_limited"],
    example: { body: { token: A.invitation, password: A.password, name: "Ada" } },
  },
  "POST /api/v1/auth/password": {
    id: "changePassword",
    summary: "Change one's password",
    description: "Every other session ends.",
    answers: {
      200: exactly<Renewed>()(z.strictObject(tokens)),
    },
    errors: ["invalid_credentials"],
    example: { body: { current_password: A.password, password: A.newPassword } },
  },
  "POST /api/v1/auth/logout": {
    id: "logout",
    summary: "End this session",
    answers: { 200: signedOut },
  },
  "POST /api/v1/auth/logout-all": {
    id: "logoutEverywhere",
    summary: "End every session and every access token",
    answers: { 200: signedOut },
  },
  "GET /api/v1/auth/sessions": {
    id: "listSessions",
    summary: "Where one is signed in",
    answers: { 200: page(SessionView) },
  },
  "DELETE /api/v1/auth/sessions/:id": {
    id: "endSession",
    summary: "End one session",
    answers: { 200: z.strictObject({ deleted: z.literal(true) }) },
    example: { path: { id: SOME.session } },
  },
  "GET /api/v1/auth/me": {
    id: "me",
    summary: "Who one is",
    description:
      "With a token of your own identity provider, the first request makes or finds the account; why it may not is named here and can be the answer to any first request.",
    answers: { 200: ProfileView },
    errors: ["email_unverified", "domain_not_allowed", "identity_conflict", "identity_provider_failed"],
  },
  "PATCH /api/v1/auth/me": {
    id: "renameMe",
    summary: "Change what one is called",
    answers: { 200: ProfileView },
    example: { body: { name: "Ada Lovelace" } },
  },
};

export const accounts = group("Account", "Register, sign in, stay signed in, sign out.", entries);
