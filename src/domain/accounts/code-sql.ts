/** Statements about one-time codes; all run in an account batch. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { oneTimeCodes, organizations, users } from "../../infra/db/schema.ts";
import type { SealedCode } from "./code.ts";

const bytes = (value: Uint8Array) => sql.param(value, oneTimeCodes.address);

/** Codes of yesterday no longer count for anything. */
export const forgetOldCodes = (db: Database, now: string) =>
  db.execute(sql`
    delete from kalamna.one_time_codes where expires_at < ${now}::timestamptz - interval '25 hours'`);

/**
 * Stores a new code in place of the one before, unless it is too soon.
 * @returns one row: `wait`, the seconds until a code may be sent, 0 when this one was stored
 */
export const issueCode = (db: Database, code: SealedCode, now: string, expiresAt: string) =>
  db.execute<{ wait: number }>(sql`
    with before as (
      select kalamna.next_code_at(sends) as next from kalamna.one_time_codes
       where purpose = ${code.purpose} and address = ${bytes(code.address)}),
    issued as (
      insert into kalamna.one_time_codes as c (purpose, address, code_hash, attempts, expires_at, sends)
      values (${code.purpose}, ${bytes(code.address)}, ${bytes(code.hash)}, 0, ${expiresAt}, array[${now}::timestamptz])
      on conflict (purpose, address) do update
         set code_hash = excluded.code_hash, attempts = 0, expires_at = excluded.expires_at,
             sends = (c.sends || excluded.sends)[greatest(cardinality(c.sends) - 8, 1):]
       where coalesce(kalamna.next_code_at(c.sends) <= ${now}, true)
      returning 1)
    select case when exists (select from issued) then 0
                else greatest(1, ceil(extract(epoch from (select next from before) - ${now}::timestamptz)))
           end::int as wait`);

/**
 * Counts one guess, also where no code was ever sent: whoever watches the clock learns nothing about the address.
 * @returns `right` in one row; no row once the code is void
 */
export const guessCode = (db: Database, code: SealedCode, now: string) =>
  db.execute<{ right: boolean }>(sql`
    insert into kalamna.one_time_codes as c (purpose, address, code_hash, attempts, expires_at, sends)
    values (${code.purpose}, ${bytes(code.address)}, '', 1, ${now}, '{}')
    on conflict (purpose, address) do update set attempts = c.attempts + 1 where c.attempts <= 5
    returning c.code_hash = ${bytes(code.hash)} and c.attempts <= 5 and c.expires_at > ${now} as right`);

/** Uses the code up, or fails the batch with `code_spent`. */
export const spendCode = (db: Database, code: SealedCode, now: string) =>
  db.execute(sql`
    select kalamna.spend_code(${code.purpose}, ${bytes(code.address)}, ${bytes(code.hash)}, ${now}::timestamptz)`);

/** The e-mail is the person's own: what follows from it is theirs from the next token on. */
export const confirmEmail = (db: Database, userId: string, now: string) =>
  db.execute(sql`
    with derived as (
      select u.id, kalamna.access_for(u.access_override, u.role, u.email, true, o.settings -> 'internal_domains',
                                      u.access) as access
        from ${users} u join ${organizations} o on o.id = u.org_id where u.id = ${userId})
    update kalamna.users u
       set email_verified_at = coalesce(u.email_verified_at, ${now}), access = d.access,
           token_version = u.token_version + (u.access <> d.access)::int
      from derived d where u.id = d.id`);
