-- Takes back what no verb needs: row level security says whose rows, these say which columns and who may write at all.

-- Passwords ----------------------------------------------------------------------------------------

-- A tenant batch reads and writes one password, its caller's own, and only through these.
create function kalamna.my_password_hash() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
  return (select u.password_hash from kalamna.users u where u.org_id = kalamna.org_id() and u.id = kalamna.user_id());

-- False when the password is no longer `current`. Access tokens given out before stop working at once.
create function kalamna.replace_my_password(current text, next text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.users u set password_hash = next, token_version = u.token_version + 1
   where u.org_id = kalamna.org_id() and u.id = kalamna.user_id() and u.password_hash = current;
  return found;
end $$;

alter function kalamna.my_password_hash owner to kalamna_door;
alter function kalamna.replace_my_password owner to kalamna_door;
revoke execute on function kalamna.my_password_hash, kalamna.replace_my_password from public;
grant execute on function kalamna.my_password_hash, kalamna.replace_my_password to kalamna_app;
grant update (password_hash) on kalamna.users to kalamna_door;

revoke select on kalamna.users from kalamna_app;
grant select (id, org_id, email, name, role, access, access_override, status, token_version, email_verified_at,
              created_at) on kalamna.users to kalamna_app;
revoke update (password_hash) on kalamna.users from kalamna_app;
revoke select on kalamna.superadmins from kalamna_door;
grant select (id, status, token_version) on kalamna.superadmins to kalamna_door;

-- Columns that stay as they were made ----------------------------------------------------------------

revoke update on kalamna.documents, kalamna.api_keys, kalamna.widget_keys, kalamna.invitations, kalamna.groups,
  kalamna.group_members from kalamna_app;
grant update (name, title, access_level, groups, metadata, status, failure_code, failure_detail, retryable, version,
              attempt, lease_until, deadline_at, pages, characters, chunks, tokens, step_ms, updated_at, ready_at)
  on kalamna.documents to kalamna_app;
grant update (secret_hash, previous_hash, previous_until, groups, revoked_at) on kalamna.api_keys to kalamna_app;
grant update (name, allowed_origins, revoked_at) on kalamna.widget_keys to kalamna_app;
grant update (role, access, groups, token_hash, invited_by, created_at, expires_at) on kalamna.invitations
  to kalamna_app;
grant update (name) on kalamna.groups to kalamna_app;

-- Who may read or write at all -----------------------------------------------------------------------

-- People know each other and their groups; keys and widgets know neither.
alter policy colleagues on kalamna.users
  using (org_id = kalamna.org_id() and kalamna.user_id() is not null);
alter policy read on kalamna.groups
  using (org_id = kalamna.org_id() and kalamna.user_id() is not null);
alter policy read on kalamna.group_members
  using (org_id = kalamna.org_id() and kalamna.user_id() is not null);

alter policy tenant on kalamna.audit_log using (org_id = kalamna.org_id() and kalamna.role() = 'admin');
alter policy tenant on kalamna.audit_heads using (org_id = kalamna.org_id() and kalamna.role() = 'admin');

-- Viewers and visitors of a widget write nothing, whatever else lets them read.
do $$
declare name text;
begin
  foreach name in array array['documents', 'chunks', 'chunk_vec', 'segments', 'chunk_lex', 'org_terms', 'org_corpus'] loop
    execute format($policy$create policy writers_add on kalamna.%I as restrictive for insert to kalamna_app
      with check (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
    execute format($policy$create policy writers_change on kalamna.%I as restrictive for update to kalamna_app
      using (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
    execute format($policy$create policy writers_remove on kalamna.%I as restrictive for delete to kalamna_app
      using (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
  end loop;
end $$;

alter policy platform on kalamna.quotas
  using (kalamna.superadmin_id() is not null) with check (kalamna.superadmin_id() is not null);
alter policy platform on kalamna.org_usage
  using (kalamna.superadmin_id() is not null) with check (kalamna.superadmin_id() is not null);
alter policy platform on kalamna.org_storage
  using (kalamna.superadmin_id() is not null) with check (kalamna.superadmin_id() is not null);

-- A tenant batch asks about its own organization, whatever it says.
create or replace function kalamna.quota_of(
  org uuid, out documents int, out storage_bytes bigint, out questions int, out tokens bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('role') = 'kalamna_app' and org is distinct from kalamna.org_id() then
    raise exception 'the quota of another organization' using errcode = '42501';
  end if;
  select coalesce(own.documents, every.documents), coalesce(own.storage_bytes, every.storage_bytes),
         coalesce(own.questions, every.questions), coalesce(own.tokens, every.tokens)
    into documents, storage_bytes, questions, tokens
    from (select quota_of.org as org_id) o
    left join kalamna.quotas own on own.org_id = o.org_id
    left join kalamna.quotas every on every.org_id is null;
end $$;

-- The oldest functions name pg_temp too: unnamed, it is searched first.
alter function kalamna.enter set search_path = pg_catalog, pg_temp;
alter function kalamna.enter_service set search_path = pg_catalog, pg_temp;
alter function kalamna.check_document_groups set search_path = pg_catalog, pg_temp;
alter function kalamna.bytes_in_use set search_path = pg_catalog, pg_temp;
