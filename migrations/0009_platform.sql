-- Who runs the platform, what they see of organizations, and how an organization ends.

--   operator  the command that makes superadmins; the Worker never enters it
--   remover   owns the functions that delete an organization; knows how many rows each table has, and of whom
do $$
declare name text;
begin
  foreach name in array array['kalamna_operator', 'kalamna_remover'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin nobypassrls', name);
    end if;
    execute format('grant %I to current_user', name);
    execute format('grant usage on schema kalamna to %I', name);
  end loop;
end $$;
grant create on schema kalamna to kalamna_remover;

create table kalamna.superadmins (
  id uuid primary key default gen_random_uuid(),
  email text not null unique check (email = lower(email)),
  password_hash text not null,
  status text not null default 'active' check (status in ('active', 'deactivated')),
  token_version int not null default 1,
  created_at timestamptz not null default now()
);

-- The first of two steps: whoever asked may confirm, with the token they were given, for a few minutes.
create table kalamna.deletion_requests (
  org_id uuid not null references kalamna.organizations on delete cascade,
  -- The admin or superadmin who asked.
  requested_by uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  expires_at timestamptz not null,
  primary key (org_id, requested_by)
);

-- What is left of an organization: that it was there, and how much was deleted. No name, nothing of its people.
create table kalamna.deleted_organizations (
  id uuid primary key,
  deleted_at timestamptz not null default now(),
  requested_by_kind text not null check (requested_by_kind in ('user', 'superadmin')),
  requested_by uuid not null,
  -- Rows by table, as the receipt has them.
  rows jsonb not null,
  -- Null until the stored files are gone as well.
  files_removed_at timestamptz
);
create index deleted_organizations_recent on kalamna.deleted_organizations (deleted_at);

do $$
declare name text;
begin
  foreach name in array array['superadmins', 'deletion_requests', 'deleted_organizations'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
  end loop;
end $$;

-- The platform's door ------------------------------------------------------------------------------

create function kalamna.superadmin_id() returns uuid language sql stable
  return current_setting('app.superadmin')::uuid;

-- Statement 0 of every superadmin batch.
create function kalamna.enter_platform(person uuid, version int) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from kalamna.superadmins s
                  where s.id = person and s.status = 'active' and s.token_version = version) then
    raise exception 'account_inactive' using errcode = '28000';
  end if;
  perform set_config('app.superadmin', person::text, true);
end $$;

create policy door on kalamna.superadmins for select to kalamna_door using (true);
create policy account on kalamna.superadmins for select to kalamna_account using (true);
create policy operator on kalamna.superadmins to kalamna_operator using (true) with check (true);
grant select on kalamna.superadmins to kalamna_door, kalamna_account;
grant select, insert, update on kalamna.superadmins to kalamna_operator;

-- Organizations as such and how much is in them: column by column, so that no text and no person ever is among it.
do $$
declare name text;
begin
  foreach name in array array['organizations', 'users', 'org_corpus'] loop
    execute format('create policy platform on kalamna.%I for select to kalamna_platform
                    using (kalamna.superadmin_id() is not null)', name);
  end loop;
end $$;
create policy platform_status on kalamna.organizations for update to kalamna_platform
  using (kalamna.superadmin_id() is not null) with check (kalamna.superadmin_id() is not null);
create policy platform on kalamna.deletion_requests to kalamna_platform
  using (requested_by = kalamna.superadmin_id()) with check (requested_by = kalamna.superadmin_id());
grant select, update (status) on kalamna.organizations to kalamna_platform;
grant select (id, org_id, status) on kalamna.users to kalamna_platform;
grant select (org_id, chunks) on kalamna.org_corpus to kalamna_platform;
grant select, insert, update on kalamna.deletion_requests to kalamna_platform;
grant execute on function kalamna.record_audit to kalamna_platform;

-- The organization's own admins --------------------------------------------------------------------

drop policy tenant on kalamna.organizations;
create policy tenant on kalamna.organizations for select to kalamna_app using (id = kalamna.org_id());
create policy administrators on kalamna.organizations for update to kalamna_app
  using (id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (id = kalamna.org_id() and kalamna.role() = 'admin');
grant update (name, settings) on kalamna.organizations to kalamna_app;

create policy administrators on kalamna.deletion_requests to kalamna_app
  using (org_id = kalamna.org_id() and requested_by = kalamna.user_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and requested_by = kalamna.user_id() and kalamna.role() = 'admin');
grant select, insert, update on kalamna.deletion_requests to kalamna_app;

-- Deletion -----------------------------------------------------------------------------------------

-- Whatever table carries an organization can be counted. Tables of later migrations grant the same
-- (test/http/org.test.ts notices when one does not).
do $$
declare name text;
begin
  for name in
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and a.attname = 'org_id' and not a.attisdropped
  loop
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
  end loop;
end $$;
create policy remover on kalamna.organizations to kalamna_remover using (true);
create policy remover_takes on kalamna.deletion_requests for delete to kalamna_remover using (true);
create policy remover on kalamna.deleted_organizations to kalamna_remover using (true) with check (true);
grant select (id), delete on kalamna.organizations to kalamna_remover;
grant select, delete on kalamna.deletion_requests to kalamna_remover;
grant select, insert on kalamna.deleted_organizations to kalamna_remover;

-- How many rows of each table an organization has; tables without any are left out.
create function kalamna.rows_of(org uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  name text;
  found_rows bigint;
  counted jsonb := '{}';
begin
  for name in
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and a.attname = 'org_id' and not a.attisdropped
       and c.relname <> 'deletion_requests'
     order by 1
  loop
    execute format('select count(*) from kalamna.%I where org_id = $1', name) into found_rows using org;
    if found_rows > 0 then
      counted := counted || jsonb_build_object(name, found_rows);
    end if;
  end loop;
  return counted;
end $$;

-- Uses a confirmation up and deletes everything the organization has in this database. What that was; null, and
-- nothing done, when the confirmation is wrong, used, expired or somebody else's.
create function kalamna.remove_organization(org uuid, person uuid, kind text, confirmation bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare counted jsonb;
begin
  delete from kalamna.deletion_requests r
   where r.org_id = org and r.requested_by = person and r.token_hash = confirmation and r.expires_at > now();
  if not found then
    return null;
  end if;
  counted := kalamna.rows_of(org);
  insert into kalamna.deleted_organizations (id, requested_by_kind, requested_by, rows)
  values (org, kind, person, counted);
  -- Bottom up: one statement a table, instead of one a row through the foreign keys.
  perform kalamna.clear_organization(org);
  delete from kalamna.organizations o where o.id = org;
  return counted;
end $$;

-- The large tables; row level security confines it to what the caller below was let in for.
create function kalamna.clear_organization(org uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare name text;
begin
  foreach name in array array['chunk_vec', 'chunk_lex', 'segments', 'chunk_drafts', 'chunks', 'org_terms'] loop
    execute format('delete from kalamna.%I where org_id = $1', name) using org;
  end loop;
end $$;
do $$
declare name text;
begin
  foreach name in array array['chunk_vec', 'chunk_lex', 'segments', 'chunk_drafts', 'chunks', 'org_terms'] loop
    execute format('create policy remover_takes on kalamna.%I for delete to kalamna_remover using (true)', name);
    execute format('grant delete on kalamna.%I to kalamna_remover', name);
  end loop;
end $$;

create function kalamna.remove_my_organization(confirmation bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if kalamna.role() <> 'admin' or kalamna.user_id() is null then
    raise exception 'only an admin deletes an organization' using errcode = '42501';
  end if;
  return kalamna.remove_organization(kalamna.org_id(), kalamna.user_id(), 'user', confirmation);
end $$;

create function kalamna.remove_any_organization(org uuid, confirmation bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return kalamna.remove_organization(org, kalamna.superadmin_id(), 'superadmin', confirmation);
end $$;

-- The sweeper finishes what an interrupted deletion left in storage.
create policy system on kalamna.deleted_organizations to kalamna_system using (true) with check (true);
grant select (id, deleted_at, files_removed_at), update (files_removed_at) on kalamna.deleted_organizations
  to kalamna_system;

do $$
declare name text;
begin
  foreach name in array array['rows_of', 'remove_organization', 'clear_organization', 'remove_my_organization',
                              'remove_any_organization'] loop
    execute format('alter function kalamna.%I owner to kalamna_remover', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
alter function kalamna.enter_platform owner to kalamna_door;
revoke execute on function kalamna.superadmin_id, kalamna.enter_platform from public;
grant execute on function kalamna.superadmin_id to kalamna_platform, kalamna_remover;
grant execute on function kalamna.org_id, kalamna.user_id, kalamna.role to kalamna_remover;
grant execute on function kalamna.rows_of, kalamna.remove_any_organization to kalamna_platform;
grant execute on function kalamna.remove_my_organization to kalamna_app;
