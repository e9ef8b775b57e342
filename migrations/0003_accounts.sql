-- Sessions that end at once, one-time codes, verified e-mail and the access that follows from it.

alter table kalamna.users
  add column name text check (length(name) between 1 and 200),
  add column email_verified_at timestamptz,
  -- What an admin decided, whatever the e-mail's domain says.
  add column access_override text check (access_override in ('internal', 'external'));

-- Sessions -----------------------------------------------------------------------------------------

-- One sign-in on one device; its refresh tokens follow one another (RFC 9700 §4.14.2).
create table kalamna.sessions (
  id uuid primary key,
  org_id uuid not null,
  user_id uuid not null,
  agent text,
  address text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete cascade
);
create index sessions_user on kalamna.sessions (org_id, user_id);

insert into kalamna.sessions (id, org_id, user_id, address, created_at, used_at, expires_at, revoked_at)
select family_id, org_id, user_id, 'unknown', min(created_at), max(created_at), max(expires_at), max(revoked_at)
  from kalamna.refresh_tokens group by family_id, org_id, user_id;

alter table kalamna.refresh_tokens rename column family_id to session_id;
alter table kalamna.refresh_tokens
  drop column revoked_at,
  add foreign key (org_id, session_id) references kalamna.sessions (org_id, id) on delete cascade;

-- Beside kalamna.enter in statement 0: an access token is worth nothing once its session has ended.
create function kalamna.enter_session(org uuid, member uuid, session uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from kalamna.sessions s
                  where s.id = session and s.org_id = org and s.user_id = member and s.revoked_at is null) then
    raise exception 'session_ended' using errcode = '28000';
  end if;
end $$;

-- One-time codes -----------------------------------------------------------------------------------

-- Kept by address and not by account, so that what happens here is the same whether or not the account exists.
create table kalamna.one_time_codes (
  purpose text not null check (purpose in ('verify_email', 'reset_password')),
  -- Keyed hashes (accounts/code.ts): this table alone tells neither who asked nor what for.
  address bytea not null,
  code_hash bytea not null,
  -- Guesses at this code; past five it is void.
  attempts smallint not null,
  expires_at timestamptz not null,
  -- When codes were sent, oldest first; the last ten.
  sends timestamptz[] not null,
  primary key (purpose, address)
);
create index one_time_codes_old on kalamna.one_time_codes (expires_at);

-- When the next code may be sent: a minute after the last, five an hour, ten in 24 hours. With five guesses at each,
-- somebody who asks all day long has a chance of 1 in 20,000.
create function kalamna.next_code_at(sends timestamptz[]) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp
  return greatest(sends[cardinality(sends)] + interval '1 minute', sends[cardinality(sends) - 4] + interval '1 hour',
                  sends[cardinality(sends) - 9] + interval '24 hours');

-- The last step of whatever a code allows: it works once, and the batch fails with it.
create function kalamna.spend_code(purpose text, address bytea, code_hash bytea, at timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.one_time_codes c set code_hash = '', expires_at = at
   where c.purpose = spend_code.purpose and c.address = spend_code.address and c.code_hash = spend_code.code_hash
     and c.attempts <= 5 and c.expires_at > at;
  if not found then
    raise exception 'code_spent';
  end if;
end $$;

-- Access -------------------------------------------------------------------------------------------

-- Who is internal: what an admin decided for this person; else admins; else, once the organization has named its
-- domains, those whose e-mail is verified and in one of them. Until then everyone keeps what they were `given`.
create function kalamna.access_for(override text, role text, email text, verified boolean, domains jsonb, given text)
returns text language sql immutable set search_path = pg_catalog, pg_temp
  return case
    when override is not null then override
    when role = 'admin' then 'internal'
    when jsonb_typeof(domains) is distinct from 'array' or domains = '[]' then given
    when verified and domains ? split_part(email, '@', -1) then 'internal'
    else 'external' end;

-- The boundary -------------------------------------------------------------------------------------

do $$
declare name text;
begin
  foreach name in array array['sessions', 'one_time_codes'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy account on kalamna.%I to kalamna_account using (true) with check (true)', name);
  end loop;
end $$;
create policy door on kalamna.sessions for select to kalamna_door using (true);
create policy own on kalamna.sessions to kalamna_app
  using (org_id = kalamna.org_id() and user_id = kalamna.user_id())
  with check (org_id = kalamna.org_id() and user_id = kalamna.user_id());

-- Everyone sees the organization's people; everyone may change themselves and admins all, in the columns granted.
drop policy if exists tenant on kalamna.users;
create policy colleagues on kalamna.users for select to kalamna_app using (org_id = kalamna.org_id());
create policy myself on kalamna.users for update to kalamna_app
  using (org_id = kalamna.org_id() and id = kalamna.user_id())
  with check (org_id = kalamna.org_id() and id = kalamna.user_id());
create policy administrators on kalamna.users to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');
grant update (name, password_hash, token_version) on kalamna.users to kalamna_app;

grant select on kalamna.sessions to kalamna_app, kalamna_door;
grant update (revoked_at) on kalamna.sessions to kalamna_app;
grant select, insert, update, delete on kalamna.sessions, kalamna.one_time_codes to kalamna_account;

alter function kalamna.enter_session owner to kalamna_door;
revoke execute on function kalamna.enter_session, kalamna.next_code_at, kalamna.spend_code, kalamna.access_for
  from public;
grant execute on function kalamna.next_code_at, kalamna.spend_code to kalamna_account;
grant execute on function kalamna.access_for to kalamna_account, kalamna_app;
