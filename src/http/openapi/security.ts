/** Credentials as the reference shows them, from the permission table. */
import { ROLES, type Role } from "../../context.ts";
import { type Action, may, PERMISSIONS, scopesOf } from "../permissions.ts";
import type { JsonSchema } from "./json-schema.ts";

export const SCHEMES = {
  signIn: {
    type: "oauth2",
    description: "Sign in with e-mail (as `username`) and password, here or from any OAuth 2 client.",
    flows: { password: { tokenUrl: "/api/v1/auth/token", refreshUrl: "/api/v1/auth/token", scopes: {} } },
  },
  accessToken: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The `token` of `POST /api/v1/auth/login`, or one of your own identity provider.",
  },
  apiKey: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "kal_live_…",
    description: "An API key with the scope that the operation names.",
  },
  widgetToken: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "Of `POST /api/v1/widget/token`; works on the page it was given to.",
  },
  superadmin: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The `token` of a superadmin's sign-in.",
  },
};

type Row = { roles: readonly Role[]; widget?: true };

/** One of these will do. */
export function securityOf(action: Action | "platform" | undefined): JsonSchema[] {
  if (action === undefined) return [];
  if (action === "platform") return [{ superadmin: [] }, { signIn: [] }];
  const { widget }: Row = PERMISSIONS[action];
  return [
    { signIn: [] },
    { accessToken: [] },
    ...scopesOf(action).map((scope) => ({ apiKey: [scope] })),
    ...(widget ? [{ widgetToken: [] }] : []),
  ];
}

/** The same in a sentence. */
export function whoMay(action: Action | "platform" | undefined): string {
  if (action === undefined) return "Open to everyone.";
  if (action === "platform") return "**Who may:** superadmins.";
  const { widget }: Row = PERMISSIONS[action];
  const scopes = scopesOf(action).map((scope) => `\`${scope}\``);
  const roles: Role[] = ROLES.filter((role) => may(role, action));
  const people = roles.length === ROLES.length ? "everybody in the organization" : roles.join(", ");
  return [
    `**Who may:** ${people}`,
    ...(scopes.length > 0 ? [`API keys with ${scopes.join(" or ")}`] : []),
    ...(widget ? ["widget tokens"] : []),
  ]
    .join("; ")
    .concat(` (\`${action}\`).`);
}
