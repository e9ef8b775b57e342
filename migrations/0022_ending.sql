-- An organization of any size ends: at once in one transaction when it is small; otherwise it is shut at once, and its
-- rows go in pieces.

alter table kalamna.organizations drop constraint organizations_status_check;
alter table kalamna.organizations add constraint organizations_status_check
  check (status in ('active', 'suspended', 'deleting'));
-- There is no way back.
alter policy platform_status on kalamna.organizations
  using (kalamna.superadmin_id() is not null and status <> 'deleting')
  with check (kalamna.superadmin_id() is not null and status <> 'deleting');

alter table kalamna.deleted_organizations
  -- Of the confirmation: whoever has it may ask how far it is and for the receipt, for thirty days.
  add column token_hash bytea check (length(token_hash) = 32),
  -- Null while rows remain.
  add column finished_at timestamptz,
  -- Removed from storage so far.
  add column files bigint not null default 0;
update kalamna.deleted_organizations set finished_at = deleted_at;
create unique index deleted_organizations_token on kalamna.deleted_organizations (token_hash);
create index deleted_organizations_unfinished on kalamna.deleted_organizations (deleted_at) where finished_at is null;
grant update (status) on kalamna.organizations to kalamna_remover;
grant select (status) on kalamna.organizations to kalamna_remover;
grant update (finished_at) on kalamna.deleted_organizations to kalamna_remover;
grant select (finished_at, requested_by_kind, requested_by, rows, files), update (files)
  on kalamna.deleted_organizations to kalamna_system;

-- Tables that grow with what an organization holds, those that others refer to last.
create function kalamna.large_tables() returns text[] language sql immutable set search_path = pg_catalog, pg_temp
  return array['chunk_vec', 'chunk_lex', 'segments', 'chunk_drafts', 'chunks', 'org_terms', 'batch_items', 'source_pages',
               'webhook_deliveries', 'file_removals', 'documents'];
do $$
declare name text;
begin
  foreach name in array kalamna.large_tables() loop
    execute format('drop policy if exists remover_takes on kalamna.%I', name);
    execute format('create policy remover_takes on kalamna.%I for delete to kalamna_remover using (true)', name);
    execute format('grant delete, select (ctid) on kalamna.%I to kalamna_remover', name);
  end loop;
end $$;

-- What leaves with its organization is removed from storage by the organization's prefix.
create or replace function kalamna.note_unneeded_files() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into kalamna.file_removals (org_id, key)
  select distinct g.org_id, k.key
    from gone g
    join kalamna.organizations o on o.id = g.org_id and o.status <> 'deleting'
    cross join lateral (values ('sha256/' || g.sha256), ('text/' || g.document_id || '/' || g.version)) k(key)
   where not kalamna.file_in_use(g.org_id, k.key)
  on conflict (org_id, key) do nothing;
  return null;
end $$;

drop function kalamna.remove_my_organization(bytea);
drop function kalamna.remove_any_organization(uuid, bytea);
drop function kalamna.remove_organization(uuid, uuid, text, bytea);
drop function kalamna.clear_organization(uuid);

-- Uses a confirmation up and ends the organization: with everything it has, when that is at most `at_once` chunks;
-- otherwise nobody gets in any more, and kalamna.clear_next does the rest. {rows, done}; null, and nothing done, when the
-- confirmation is wrong, used, expired or somebody else's.
create function kalamna.remove_organization(org uuid, person uuid, kind text, confirmation bytea, at_once int)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  counted jsonb;
  done boolean;
begin
  delete from kalamna.deletion_requests r
   where r.org_id = org and r.requested_by = person and r.token_hash = confirmation and r.expires_at > now();
  if not found then
    return null;
  end if;
  update kalamna.organizations o set status = 'deleting' where o.id = org and o.status <> 'deleting';
  if not found then
    return null;
  end if;
  counted := kalamna.rows_of(org);
  insert into kalamna.deleted_organizations (id, requested_by_kind, requested_by, rows, token_hash)
  values (org, kind, person, counted, confirmation);
  done := coalesce((counted ->> 'chunks')::bigint, 0) <= at_once
      and coalesce((counted ->> 'documents')::bigint, 0) <= at_once / 5;
  if done then
    perform kalamna.clear_next(org, null);
  end if;
  return jsonb_build_object('rows', counted, 'done', done);
end $$;

-- The next rows of an organization that ends, `most` of each large table; all of them when it is null. True when nothing
-- is left, the organization itself included.
create function kalamna.clear_next(org uuid, most int) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  name text;
  removed bigint;
  more boolean := false;
begin
  perform from kalamna.organizations o where o.id = org and o.status = 'deleting';
  if not found then
    return true;
  end if;
  foreach name in array kalamna.large_tables() loop
    -- Documents go when nothing is left that would have to go with each of them.
    exit when more and name = 'documents';
    execute format('delete from kalamna.%I where ctid = any (array(
                      select ctid from kalamna.%I where org_id = $1 limit $2))', name, name) using org, most;
    get diagnostics removed = row_count;
    more := more or removed = most;
  end loop;
  if more then
    return false;
  end if;
  delete from kalamna.organizations o where o.id = org;
  update kalamna.deleted_organizations d set finished_at = now() where d.id = org;
  return true;
end $$;

create function kalamna.remove_my_organization(confirmation bytea, at_once int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if kalamna.role() <> 'admin' or kalamna.user_id() is null then
    raise exception 'only an admin deletes an organization' using errcode = '42501';
  end if;
  return kalamna.remove_organization(kalamna.org_id(), kalamna.user_id(), 'user', confirmation, at_once);
end $$;

create function kalamna.remove_any_organization(org uuid, confirmation bytea, at_once int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return kalamna.remove_organization(org, kalamna.superadmin_id(), 'superadmin', confirmation, at_once);
end $$;

-- How far it is, for whoever holds its confirmation; the account they had is gone.
create function kalamna.ending_of(confirmation bytea)
returns table (id uuid, requested_by_kind text, requested_by uuid, deleted_at timestamptz, finished_at timestamptz,
               files_removed_at timestamptz, rows jsonb, files bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select d.id, d.requested_by_kind, d.requested_by, d.deleted_at, d.finished_at, d.files_removed_at, d.rows, d.files
    from kalamna.deleted_organizations d
   where d.token_hash = confirmation and d.deleted_at > now() - interval '30 days';
end;

do $$
declare name text;
begin
  foreach name in array array['remove_organization', 'clear_next', 'remove_my_organization', 'remove_any_organization',
                              'ending_of'] loop
    execute format('alter function kalamna.%I owner to kalamna_remover', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
revoke execute on function kalamna.large_tables from public;
grant execute on function kalamna.large_tables to kalamna_remover;
grant execute on function kalamna.remove_any_organization to kalamna_platform;
grant execute on function kalamna.remove_my_organization to kalamna_app;
grant execute on function kalamna.clear_next to kalamna_system;
grant execute on function kalamna.ending_of to kalamna_account;
