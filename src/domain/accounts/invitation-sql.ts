/** Statements of accepting an invitation; employees/ writes them. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { refreshTokens } from "../../infra/db/schema.ts";

const bytes = (value: Uint8Array) => sql.param(value, refreshTokens.tokenHash);

/** An invitation that still holds, of an organization that is active. */
export const findInvitation = (db: Database, tokenHash: Uint8Array, now: string) =>
  db.execute<{ id: string; org_id: string; email: string }>(sql`
    select i.id, i.org_id, i.email
      from kalamna.invitations i join kalamna.organizations o on o.id = i.org_id and o.status = 'active'
     where i.token_hash = ${bytes(tokenHash)} and i.accepted_at is null and i.expires_at > ${now}`);

/** Creates the account with its groups and uses the invitation up; nothing when it no longer holds. */
export const acceptInvitation = (
  db: Database,
  tokenHash: Uint8Array,
  person: { userId: string; name: string | null; passwordHash: string },
  now: string,
) =>
  db.execute(sql`
    with taken as (
      update kalamna.invitations set accepted_at = ${now}
       where token_hash = ${bytes(tokenHash)} and accepted_at is null and expires_at > ${now}
      returning org_id, email, role, access, groups),
    person as (
      insert into kalamna.users (id, org_id, email, name, password_hash, role, access, access_override,
                                 email_verified_at)
      select ${person.userId}, t.org_id, t.email, ${person.name}, ${person.passwordHash}, t.role,
             kalamna.access_for(t.access, t.role, t.email, true, o.settings -> 'internal_domains', 'external'),
             t.access, ${now}
        from taken t join kalamna.organizations o on o.id = t.org_id
      returning id)
    insert into kalamna.group_members (org_id, group_id, user_id)
    select t.org_id, g.id, p.id
      from taken t cross join person p join kalamna.groups g on g.org_id = t.org_id and g.id = any (t.groups)`);
