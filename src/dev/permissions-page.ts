/** Writes docs/permissions.md from the permission table and the routes; also the command `npm run docs`. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ROLES, type Role } from "../context.ts";
import { createApp } from "../http/app.ts";
import { type Route, routesOf } from "../http/openapi/routes.ts";
import { type Action, may, PERMISSIONS, scopesOf } from "../http/permissions.ts";
import type { Runtime } from "../runtime.ts";

export const PAGE = resolve(import.meta.dirname, "../../docs/permissions.md");

type Row = { roles: readonly Role[]; widget?: true; internal?: true };

/** The page as Markdown; test/architecture/permissions.test.ts compares it with the one in docs/. */
export function permissionsPage(): string {
  // Building the app asks nothing of what it is given to run with.
  const all = routesOf(createApp({} as Runtime));
  const of = (action: Route["action"]) =>
    all
      .filter((route) => route.action === action)
      .map(({ name }) => `\`${name}\``)
      .join(" · ");
  const tick = (yes: boolean) => (yes ? "✓" : "");
  const rows = (Object.keys(PERMISSIONS) as Action[]).map((action) => {
    const { widget, internal }: Row = PERMISSIONS[action];
    const cells = [
      ...ROLES.map((role) => tick(may(role, action)) && (internal ? "internal" : "✓")),
      scopesOf(action)
        .map((scope) => `\`${scope}\``)
        .join(" or "),
      tick(widget === true),
    ];
    return `| \`${action}\` | ${cells.join(" | ")} | ${of(action)} |`;
  });
  return `# Permissions

Written by \`npm run docs\` from [src/http/permissions.ts](../src/http/permissions.ts) and the routes; a test compares. \`http/auth.ts\` checks the table once per request, before the verb runs; [test/http/sweep.test.ts](../test/http/sweep.test.ts) walks every route with every kind of caller and fails for a route that names no permission. Which *rows* a caller sees is decided behind that, in the database ([migrations/0001_core.sql](../migrations/0001_core.sql)): access level, groups, and who owns a document. \`internal\` means: with access to internal documents only.

| action | ${ROLES.join(" | ")} | API key with | widget | routes |
|---|${ROLES.map(() => ":-:").join("|")}|---|:-:|---|
${rows.join("\n")}

Superadmins, and nobody else: ${of("platform")}. They may do nothing that is in the table above.

Open to everyone; whatever proves or admits somebody is limited by address: ${of(undefined)}.
`;
}

if (import.meta.main) await writeFile(PAGE, permissionsPage());
