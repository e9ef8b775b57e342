/** Acts for an organization of the stack on this machine, whose keys and database lie in its data folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { ROLES } from "../../context.ts";
import { accessTokens } from "../../domain/accounts/access-token.ts";
import { Variables } from "../../env.ts";
import { connect } from "../../infra/db/client.ts";
import { jwtKeys } from "../stack.ts";

const Gateway = z.object({ databaseUrl: z.string(), endpoint: z.string().optional() });
const Admin = z.object({
  org_id: z.string(),
  org_name: z.string(),
  user_id: z.string(),
  role: z.enum(ROLES),
  access: z.enum(["internal", "external"]),
  token_version: z.number(),
});

/** A token is made anew after this long; it lasts longer. */
const RENEW_MS = 5 * 60_000;
const LIFETIME_SECONDS = 900;

/**
 * A source of access tokens of the organization's first admin.
 * @param wanted its id or name; undefined takes the only one there is
 * @throws Error with one sentence when the stack is not running, or no or several organizations are meant
 */
export async function localCredential(
  dataDir: string,
  wanted: string | undefined,
): Promise<{ organization: string; credential: () => Promise<string> }> {
  const admin = one(await admins(dataDir), wanted);
  const keys = Variables.shape.JWT_KEYS.parse(process.env.JWT_KEYS ?? jwtKeys(dataDir));
  const issuer = process.env.JWT_ISSUER ?? "kalamna";
  const audience = process.env.JWT_AUDIENCE ?? "kalamna-api";
  const tokens = accessTokens({ keys, issuer, audience, lifetimeSeconds: LIFETIME_SECONDS });
  let made = { token: "", at: 0 };
  return {
    organization: admin.org_name,
    async credential() {
      const now = Date.now();
      if (now - made.at > RENEW_MS) {
        const actor = {
          kind: "user" as const,
          orgId: admin.org_id,
          userId: admin.user_id,
          role: admin.role,
          access: admin.access,
          tokenVersion: admin.token_version,
        };
        made = { token: (await tokens.issue(actor, new Date(now))).token, at: now };
      }
      return made.token;
    },
  };
}

async function admins(dataDir: string): Promise<z.infer<typeof Admin>[]> {
  let gateway: z.infer<typeof Gateway>;
  try {
    gateway = Gateway.parse(JSON.parse(readFileSync(join(dataDir, "gateway.json"), "utf8")));
  } catch {
    throw new Error("The local stack is not running: run `npm start`, or give --url and an API key.");
  }
  const db = connect(gateway.databaseUrl, gateway.endpoint);
  const [, { rows }] = await db.batch([
    db.execute(sql`select set_config('role', 'kalamna_account', true)`),
    db.execute(sql`
      select distinct on (o.id) o.id as org_id, o.name as org_name, u.id as user_id, u.role, u.access, u.token_version
        from kalamna.organizations o join kalamna.users u on u.org_id = o.id
       where u.role = 'admin' and u.status = 'active' and o.status = 'active'
       order by o.id, u.created_at`),
  ]);
  return z.array(Admin).parse(rows);
}

function one(all: readonly z.infer<typeof Admin>[], wanted: string | undefined) {
  const meant = all.filter(
    ({ org_id, org_name }) =>
      wanted === undefined || org_id === wanted || org_name.toLowerCase() === wanted.toLowerCase(),
  );
  const [first, second] = meant;
  if (first && !second) return first;
  const names = (first ? meant : all).slice(0, 10).map(({ org_name, org_id }) => `  ${org_name} (${org_id})`);
  throw new Error(
    `${first ? "Say which organization" : `There is no organization ${wanted ?? ""}`}: --org with one of\n${names.join("\n")}`,
  );
}
