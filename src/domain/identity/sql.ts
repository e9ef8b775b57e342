/** Statements of the identity verbs: setting up in a tenant batch, signing in in an account batch. */
import { and, eq, inArray, sql } from "drizzle-orm";
import * as z from "zod";
import { ACCESS_LEVELS, type BaseCtx, ROLES } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { identityProviders } from "../../infra/db/schema.ts";
import type { ExternalPerson } from "./person.ts";
import { ALGORITHMS, Claims, type IdentityInput, type Provider } from "./provider.ts";

const columns = {
  id: identityProviders.id,
  issuer: identityProviders.issuer,
  audience: identityProviders.audience,
  jwksUri: identityProviders.jwksUri,
  algorithms: identityProviders.algorithms,
  claims: identityProviders.claims,
  domains: identityProviders.domains,
};
const shown = {
  ...columns,
  status: identityProviders.status,
  createdAt: identityProviders.createdAt,
  updatedAt: identityProviders.updatedAt,
};
const signIn = { ...columns, orgId: identityProviders.orgId, revision: identityProviders.revision };

export type ShownRow = Pick<typeof identityProviders.$inferSelect, keyof typeof shown>;
type SignInRow = Pick<typeof identityProviders.$inferSelect, keyof typeof signIn>;

/** At most one row is what a good token leads to; two mean that it names the audiences of two organizations. */
export const findProviders = (db: Database, issuer: string, audiences: string[]) =>
  db
    .select(signIn)
    .from(identityProviders)
    .where(
      and(
        eq(identityProviders.issuer, issuer),
        inArray(identityProviders.audience, audiences),
        eq(identityProviders.status, "active"),
      ),
    )
    .limit(2);

export const Algorithms = z.array(z.enum(ALGORITHMS));

export function parseProvider(row: SignInRow): Provider {
  return { ...row, algorithms: Algorithms.parse(row.algorithms), claims: Claims.parse(row.claims) };
}

const uuids = (ids: string[]) => sql`${`{${ids.join(",")}}`}::uuid[]`;

export const admit = (db: Database, ctx: BaseCtx, provider: Provider, person: ExternalPerson) =>
  db.execute(sql`
    select kalamna.admit_external(
      ${provider.id}, ${provider.revision}, ${person.subject}, ${person.email}, ${person.role},
      ${person.roleIsMapped}, ${person.access}, ${uuids(person.mappedGroups)}, ${uuids(person.groups)},
      ${ctx.client.address}, ${ctx.client.agent}, ${ctx.requestId}) as admission`);

const Admission = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("admitted"),
    userId: z.uuid(),
    role: z.enum(ROLES),
    access: z.enum(ACCESS_LEVELS),
    tokenVersion: z.int(),
  }),
  z.object({ outcome: z.enum(["stale", "inactive", "suspended", "elsewhere", "linked"]) }),
]);

export function parseAdmission(result: { rows: Record<string, unknown>[] }): z.infer<typeof Admission> {
  return Admission.parse(result.rows[0]?.admission);
}

export const findIdentity = (db: Database, orgId: string) =>
  db.select(shown).from(identityProviders).where(eq(identityProviders.orgId, orgId));

/** Domains of `domains` at which no administrator of the organization has a verified e-mail. */
export const findUnprovenDomains = (db: Database, orgId: string, domains: string[]) =>
  db.execute(sql`
    select d.domain from unnest(${textArray(domains)}) d(domain)
     where not exists (
       select from kalamna.users u
        where u.org_id = ${orgId} and u.role = 'admin' and u.status = 'active' and u.email_verified_at is not null
          and split_part(u.email, '@', 2) = d.domain)`);

/** Those of `groups` that the organization does not have. */
export const findUnknownGroups = (db: Database, orgId: string, groups: string[]) =>
  db.execute(sql`
    select wanted.id from unnest(${uuids(groups)}) wanted(id)
     where not exists (select from kalamna.groups g where g.org_id = ${orgId} and g.id = wanted.id)`);

const textArray = (values: string[]) =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

export const endSessions = (db: Database) => db.execute(sql`select kalamna.end_external_sessions()`);

/** Before a change: sessions end when the provider is another one afterwards, or none. */
export const endSessionsOfReplaced = (db: Database, orgId: string, input: IdentityInput) =>
  db.execute(sql`
    select kalamna.end_external_sessions() where ${input.status} = 'disabled' or ${replaced(orgId, input)}`);

/** Before a change: another issuer's subjects are other people. */
export const forgetReplacedSubjects = (db: Database, orgId: string, input: IdentityInput) =>
  db.execute(sql`delete from kalamna.identities i where i.org_id = ${orgId} and ${replaced(orgId, input)}`);

const replaced = (orgId: string, input: IdentityInput) => sql`
  exists (select from kalamna.identity_providers p
           where p.org_id = ${orgId} and (p.issuer, p.audience) <> (${input.issuer}, ${input.audience}))`;

export const saveIdentity = (db: Database, orgId: string, input: IdentityInput) => {
  const { issuer, audience, jwks_uri: jwksUri, algorithms, claims, domains, status } = input;
  const row = { issuer, audience, jwksUri, algorithms, claims, domains, status };
  return db
    .insert(identityProviders)
    .values({ orgId, ...row })
    .onConflictDoUpdate({
      target: identityProviders.orgId,
      set: { ...row, revision: sql`${identityProviders.revision} + 1`, updatedAt: sql`now()` },
    })
    .returning(shown);
};

export const deleteIdentity = (db: Database, orgId: string) =>
  db
    .delete(identityProviders)
    .where(eq(identityProviders.orgId, orgId))
    .returning({ id: identityProviders.id, issuer: identityProviders.issuer });
