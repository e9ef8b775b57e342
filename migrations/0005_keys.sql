-- API keys, widget keys, and their seats at the tenant door.

create table kalamna.api_keys (
  -- Part of the key itself (`kal_live_<id, base64url>_<secret>`): what a key is found by.
  id uuid primary key,
  org_id uuid not null references kalamna.organizations on delete cascade,
  name text not null check (length(name) between 1 and 200),
  -- SHA-256 of the secret. 256 random bits need neither salt nor stretching.
  secret_hash bytea not null check (length(secret_hash) = 32),
  -- The secret before the last rotation, which still works until then.
  previous_hash bytea check (length(previous_hash) = 32),
  previous_until timestamptz,
  scopes text[] not null check (
    cardinality(scopes) between 1 and 5
    and scopes <@ array['documents:read', 'documents:write', 'search', 'chat', 'analytics:read']),
  access text not null check (access in ('internal', 'external')),
  groups uuid[] not null default '{}',
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by)
);
create index api_keys_newest on kalamna.api_keys (org_id, created_at desc, id desc);

-- A widget key stands in a public web page: it is no secret, its id is all there is to it.
create table kalamna.widget_keys (
  id uuid primary key,
  org_id uuid not null references kalamna.organizations on delete cascade,
  name text not null check (length(name) between 1 and 200),
  allowed_origins text[] not null check (cardinality(allowed_origins) between 1 and 50),
  created_by uuid,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by)
);
create index widget_keys_newest on kalamna.widget_keys (org_id, created_at desc, id desc);

-- Documents that a key uploaded: it may change these and no other.
alter table kalamna.documents add column created_by_key uuid;
alter table kalamna.documents add foreign key (org_id, created_by_key)
  references kalamna.api_keys (org_id, id) on delete set null (created_by_key);
create index documents_of_key on kalamna.documents (org_id, created_by_key) where created_by_key is not null;

-- Null unless an API key acts: only kalamna.enter_key sets it.
create function kalamna.key_id() returns uuid language sql stable
  return nullif(current_setting('app.key_id', true), '')::uuid;

do $$
declare name text;
begin
  foreach name in array array['api_keys', 'widget_keys'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    -- Admins only, whatever the route forgot.
    execute format($policy$create policy tenant on kalamna.%I to kalamna_app
      using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
      with check (org_id = kalamna.org_id() and kalamna.role() = 'admin')$policy$, name);
    execute format('create policy door on kalamna.%I to kalamna_door using (true) with check (true)', name);
    execute format('grant select, insert, update on kalamna.%I to kalamna_app', name);
    execute format('grant select, update (last_used_at) on kalamna.%I to kalamna_door', name);
  end loop;
end $$;

-- The writer's rule (0001) with keys: a key changes what it uploaded.
create function kalamna.may_change(owner uuid, owner_key uuid) returns boolean language sql stable
  return kalamna.may_change(owner) or owner_key = kalamna.key_id();

-- Beside the policies for people.
create policy add_by_key on kalamna.documents for insert to kalamna_app
  with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and created_by_key = kalamna.key_id());
create policy change_by_key on kalamna.documents for update to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and created_by_key = kalamna.key_id())
  with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and created_by_key = kalamna.key_id());
create policy remove_by_key on kalamna.documents for delete to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and created_by_key = kalamna.key_id());

-- Statement 0 of every batch of an API key. Its role is 'key', which no policy grants anything: what it may see follows
-- from access and groups, what it may change from kalamna.key_id().
create function kalamna.enter_key(org uuid, key uuid, hash bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare found_key record;
begin
  select k.access, k.groups, o.status as org_status into found_key
    from kalamna.api_keys k join kalamna.organizations o on o.id = k.org_id
   where k.id = key and k.org_id = org and k.revoked_at is null
     and (k.expires_at is null or k.expires_at > now())
     and (k.secret_hash = hash or (k.previous_hash = hash and k.previous_until > now()));
  if not found then
    raise exception 'key_inactive' using errcode = '28000';
  end if;
  if found_key.org_status <> 'active' then
    raise exception 'organization_suspended' using errcode = '28000';
  end if;
  -- To the nearest minute is enough, and nobody waits for anybody.
  update kalamna.api_keys set last_used_at = now() where id = (
    select k.id from kalamna.api_keys k
     where k.id = key and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute')
       for no key update skip locked);
  perform set_config('app.org_id', org::text, true), set_config('app.user_id', '', true),
          set_config('app.key_id', key::text, true), set_config('app.role', 'key', true),
          set_config('app.access', found_key.access, true), set_config('app.groups', found_key.groups::text, true);
end $$;

-- Statement 0 of every batch of a widget's visitor.
create function kalamna.enter_widget(org uuid, key uuid, origin text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare org_status text;
begin
  select o.status into org_status
    from kalamna.widget_keys k join kalamna.organizations o on o.id = k.org_id
   where k.id = key and k.org_id = org and k.revoked_at is null and origin = any (k.allowed_origins);
  if not found then
    raise exception 'key_inactive' using errcode = '28000';
  end if;
  if org_status <> 'active' then
    raise exception 'organization_suspended' using errcode = '28000';
  end if;
  perform set_config('app.org_id', org::text, true), set_config('app.user_id', '', true),
          set_config('app.key_id', '', true), set_config('app.role', 'widget', true),
          set_config('app.access', 'external', true), set_config('app.groups', '{}', true);
end $$;

-- Before we know the organization: what a key opens, told only to whoever holds the whole key.
create function kalamna.resolve_key(key uuid, hash bytea)
returns table (org_id uuid, scopes text[], access text, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select k.org_id, k.scopes, k.access,
         least(k.expires_at, case when k.secret_hash <> hash then k.previous_until end)
    from kalamna.api_keys k
   where k.id = key and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
     and (k.secret_hash = hash or (k.previous_hash = hash and k.previous_until > now()));
end;

-- Whose widget this is; no row unless the page's origin is allowed.
create function kalamna.resolve_widget(key uuid, origin text) returns table (org_id uuid, origin_allowed boolean)
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
  update kalamna.widget_keys k set last_used_at = now()
   where k.id = key and k.revoked_at is null and resolve_widget.origin = any (k.allowed_origins)
     and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
  select k.org_id, resolve_widget.origin = any (k.allowed_origins)
    from kalamna.widget_keys k join kalamna.organizations o on o.id = k.org_id
   where k.id = key and k.revoked_at is null and o.status = 'active';
end;

-- May pages of this origin call the API of this organization? Asked before the tenant door, for the CORS headers.
create function kalamna.allows_origin(org uuid, origin text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
  return exists (select from kalamna.organizations o
                  where o.id = org and o.settings -> 'allowed_origins' ? origin);

do $$
declare name text;
begin
  foreach name in array array['enter_key', 'enter_widget', 'resolve_key', 'resolve_widget', 'allows_origin'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
revoke execute on function kalamna.key_id, kalamna.may_change(uuid, uuid) from public;
grant execute on function kalamna.key_id, kalamna.may_change(uuid, uuid) to kalamna_app, kalamna_door;
grant execute on function kalamna.resolve_key, kalamna.resolve_widget, kalamna.allows_origin to kalamna_account;

-- The first statement of a batch that must find something: otherwise nothing of the batch happens.
create function kalamna.demand(holds boolean) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not coalesce(holds, false) then
    raise exception 'nothing here' using errcode = 'P0002';
  end if;
end $$;
revoke execute on function kalamna.demand from public;
grant execute on function kalamna.demand to kalamna_app;
