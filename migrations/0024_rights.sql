-- What deferred work may do for whom, and how many bytes an organization holds.

-- May whoever a source belongs to change this document now? A source's steps see and may do everything.
create function kalamna.owner_may_change(owner uuid, owner_key uuid, document uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
  return exists (
    select from kalamna.documents d
     where d.org_id = kalamna.org_id() and d.id = document and (
       exists (
         select from kalamna.users u
          where u.org_id = d.org_id and u.id = owner and u.status = 'active' and (d.access = 0 or u.access = 'internal')
            and (u.role = 'admin' or (
              u.role = 'member' and d.created_by = u.id and (d.groups is null or exists (
                select from kalamna.group_members m
                 where m.org_id = d.org_id and m.user_id = u.id and m.group_id = any (d.groups))))))
       or exists (
         select from kalamna.api_keys k
          where k.org_id = d.org_id and k.id = owner_key and k.id = d.created_by_key and k.revoked_at is null
            and (k.expires_at is null or k.expires_at > now()) and (d.access = 0 or k.access = 'internal')
            and (d.groups is null or d.groups && k.groups))));
alter function kalamna.owner_may_change owner to kalamna_door;
revoke execute on function kalamna.owner_may_change from public;
grant execute on function kalamna.owner_may_change to kalamna_app;

-- Bytes of older versions are held, too, and count: each original once for each document that has it.
drop trigger count_replaced on kalamna.documents;
drop function kalamna.count_replaced;

create or replace function kalamna.count_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held record;
  quota record;
begin
  for held in
    insert into kalamna.org_storage as s (org_id, documents, bytes)
    select a.org_id, count(*), 0 from added a group by a.org_id
    on conflict (org_id) do update set documents = s.documents + excluded.documents
    returning s.*
  loop
    select * into quota from kalamna.quota_of(held.org_id);
    -- What is held without what is being refused.
    if held.documents > quota.documents then
      perform kalamna.refuse_quota('KQ002', 'documents', quota.documents,
        held.documents - (select count(*) from added a where a.org_id = held.org_id), null);
    end if;
  end loop;
  return null;
end $$;

create or replace function kalamna.count_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.org_storage s set documents = s.documents - r.documents
    from (select g.org_id, count(*) documents from removed g group by g.org_id) r
   where s.org_id = r.org_id;
  return null;
end $$;

create function kalamna.count_bytes_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held bigint;
  quota record;
begin
  if exists (select from kalamna.document_versions v
              where v.org_id = new.org_id and v.document_id = new.document_id and v.version <> new.version
                and v.sha256 = new.sha256) then
    return null;
  end if;
  insert into kalamna.org_storage as s (org_id, documents, bytes) values (new.org_id, 0, new.bytes)
  on conflict (org_id) do update set bytes = s.bytes + excluded.bytes
  returning s.bytes into held;
  select * into quota from kalamna.quota_of(new.org_id);
  if held > quota.storage_bytes then
    perform kalamna.refuse_quota('KQ002', 'storage_bytes', quota.storage_bytes, held - new.bytes, null);
  end if;
  return null;
end $$;

create function kalamna.count_bytes_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.org_storage s set bytes = s.bytes - r.bytes
    from (
      select g.org_id, sum(g.bytes) bytes
        from (select distinct r.org_id, r.document_id, r.sha256, r.bytes from removed r) g
       where not exists (select from kalamna.document_versions v
                          where v.org_id = g.org_id and v.document_id = g.document_id and v.sha256 = g.sha256)
       group by g.org_id) r
   where s.org_id = r.org_id;
  return null;
end $$;

do $$
declare name text;
begin
  foreach name in array array['count_bytes_added', 'count_bytes_removed'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
create trigger count_bytes_added after insert on kalamna.document_versions
  for each row execute function kalamna.count_bytes_added();
create trigger count_bytes_removed after delete on kalamna.document_versions
  referencing old table as removed for each statement execute function kalamna.count_bytes_removed();

-- Documents from before this migration.
set local role kalamna_door;
update kalamna.org_storage s set bytes = coalesce((
  select sum(o.bytes) from (
    select distinct v.document_id, v.sha256, v.bytes from kalamna.document_versions v where v.org_id = s.org_id) o), 0);
reset role;

-- Whoever has become a viewer removes nothing any more, and nobody notes a deletion with more rights than their own.
create policy writers_remove on kalamna.batches as restrictive for delete to kalamna_app
  using (kalamna.role() in ('admin', 'member', 'key'));
create policy writers_change on kalamna.deletions as restrictive for update to kalamna_app
  using (kalamna.role() in ('admin', 'member', 'key'));
create policy own_rights on kalamna.deletions as restrictive for insert to kalamna_app
  with check (role = kalamna.role() and access = current_setting('app.access') and groups = kalamna.groups()
              and actor_id is not distinct from coalesce(kalamna.key_id(), kalamna.user_id()));

-- What a host's robots.txt said is kept for as long as somebody asks it.
create index source_hosts_idle on kalamna.source_hosts (next_at);
create policy system on kalamna.source_hosts to kalamna_system using (true);
grant select (next_at), delete on kalamna.source_hosts to kalamna_system;
