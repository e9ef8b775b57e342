-- Deletions that take more than one transaction: many documents, a batch, a source; and organizations of any size.

create table kalamna.deletions (
  org_id uuid not null references kalamna.organizations on delete cascade,
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('documents', 'batch', 'source')),
  -- The batch or the source.
  target uuid,
  -- Of a deletion by ids.
  document_ids uuid[] check (cardinality(document_ids) between 1 and 1000),
  -- Who asked, with the rights they had then: the work goes on with these, whoever is gone meanwhile.
  actor_kind text not null check (actor_kind in ('user', 'key', 'service')),
  actor_id uuid,
  role text not null,
  access text not null,
  groups uuid[] not null,
  status text not null default 'running' check (status in ('running', 'done')),
  documents int not null default 0,
  versions int not null default 0,
  chunks int not null default 0,
  drafts int not null default 0,
  files int not null default 0,
  bytes bigint not null default 0,
  -- Documents that stay because they are not the requester's to delete; null until the end.
  kept int,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (org_id, id),
  check ((kind = 'documents') = (document_ids is not null)),
  check ((kind = 'documents') = (target is null))
);
create index deletions_running on kalamna.deletions (updated_at) where status = 'running';
alter table kalamna.deletions enable row level security;
alter table kalamna.deletions force row level security;

-- A deletion concerns whoever asked for it, and admins.
create policy tenant on kalamna.deletions to kalamna_app
  using (org_id = kalamna.org_id()
         and (kalamna.role() = 'admin' or actor_id in (kalamna.user_id(), kalamna.key_id())))
  with check (org_id = kalamna.org_id()
              and (kalamna.role() = 'admin' or actor_id in (kalamna.user_id(), kalamna.key_id())));
create policy writers_add on kalamna.deletions as restrictive for insert to kalamna_app
  with check (kalamna.role() in ('admin', 'member', 'key'));
create policy system on kalamna.deletions for select to kalamna_system using (true);
create policy remover on kalamna.deletions for select to kalamna_remover using (true);
grant select on kalamna.deletions to kalamna_app;
grant insert (org_id, kind, target, document_ids, actor_kind, actor_id, role, access, groups),
      update (status, documents, versions, chunks, drafts, files, bytes, kept, updated_at, finished_at)
  on kalamna.deletions to kalamna_app;
grant select (org_id, id, status, updated_at) on kalamna.deletions to kalamna_system;
grant select (org_id) on kalamna.deletions to kalamna_remover;

-- Documents that a deletion is about and the reader may change; each kind has an index of its own.
create function kalamna.next_to_delete(asked kalamna.deletions, most int) returns table (id uuid, chunks int)
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  if asked.kind = 'batch' then
    return query select d.id, d.chunks from kalamna.documents d
      where d.org_id = asked.org_id and d.batch_id = asked.target
        and kalamna.may_change(d.created_by, d.created_by_key) limit most;
  elsif asked.kind = 'source' then
    return query select d.id, d.chunks from kalamna.documents d
      where d.org_id = asked.org_id and d.source_id = asked.target
        and kalamna.may_change(d.created_by, d.created_by_key) limit most;
  else
    return query select d.id, d.chunks from kalamna.documents d
      where d.org_id = asked.org_id and d.id = any (asked.document_ids)
        and kalamna.may_change(d.created_by, d.created_by_key) limit most;
  end if;
end $$;

-- Deletes the next documents of a deletion, `most` at most and not many more chunks than `most_chunks`, with the rights of
-- whoever asked; when none is left, what they belonged to. What kalamna.delete_documents says; null when it was done
-- already. However often and by however many it is called, each document is deleted and counted once.
create function kalamna.delete_next(deletion uuid, most int, most_chunks int) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  asked kalamna.deletions;
  ids uuid[];
  removed jsonb;
  staying int;
begin
  select d.* into asked from kalamna.deletions d
   where d.org_id = kalamna.org_id() and d.id = deletion and d.status = 'running' for update;
  if not found then
    return null;
  end if;
  perform set_config('app.user_id', case asked.actor_kind when 'user' then asked.actor_id::text else '' end, true),
          set_config('app.key_id', case asked.actor_kind when 'key' then asked.actor_id::text else '' end, true),
          set_config('app.role', asked.role, true), set_config('app.access', asked.access, true),
          set_config('app.groups', asked.groups::text, true);
  select array_agg(n.id) into ids from (
    select t.id, sum(coalesce(t.chunks, 0)) over (order by t.id) - coalesce(t.chunks, 0) as before
      from kalamna.next_to_delete(asked, most) t) n
   where n.before < most_chunks;
  removed := kalamna.delete_documents(coalesce(ids, '{}'));
  if jsonb_array_length(removed -> 'documents') = 0 then
    select count(*) into staying from kalamna.documents d
     where d.org_id = asked.org_id
       and (d.batch_id = asked.target or d.source_id = asked.target or d.id = any (asked.document_ids));
    if kalamna.delete_target(asked) then
      update kalamna.deletions d set status = 'done', finished_at = now(), updated_at = now(), kept = staying
       where d.org_id = asked.org_id and d.id = asked.id;
    end if;
    return removed;
  end if;
  update kalamna.deletions d
     set documents = d.documents + jsonb_array_length(removed -> 'documents'),
         versions = d.versions + (removed ->> 'versions')::int, chunks = d.chunks + (removed ->> 'chunks')::int,
         drafts = d.drafts + (removed ->> 'drafts')::int, files = d.files + (removed ->> 'files')::int,
         bytes = d.bytes + (removed ->> 'bytes')::bigint, updated_at = now()
   where d.org_id = asked.org_id and d.id = asked.id;
  return removed;
end $$;

-- Deletes what the documents belonged to. False when one has come in at the last moment: it goes first.
create function kalamna.delete_target(asked kalamna.deletions) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if asked.kind = 'batch' then
    perform from kalamna.batches b where b.org_id = asked.org_id and b.id = asked.target for update;
  elsif asked.kind = 'source' then
    perform from kalamna.sources s where s.org_id = asked.org_id and s.id = asked.target for update;
  else
    return true;
  end if;
  if exists (select from kalamna.next_to_delete(asked, 1)) then
    return false;
  end if;
  if asked.kind = 'batch' then
    delete from kalamna.batches b where b.org_id = asked.org_id and b.id = asked.target;
  else
    delete from kalamna.sources s where s.org_id = asked.org_id and s.id = asked.target;
  end if;
  return true;
end $$;
revoke execute on function kalamna.next_to_delete, kalamna.delete_next, kalamna.delete_target from public;
grant execute on function kalamna.next_to_delete, kalamna.delete_next, kalamna.delete_target to kalamna_app;
