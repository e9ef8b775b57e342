-- Stored files end with what they were stored for, and what somebody is about to need is never removed.
--
-- A file may be removed only by whoever claimed it here, and is claimed only while no row needs it. Claiming and
-- registering take the same lock, each after its own rows are written: either the claim sees the new document, or the
-- uploader sees the claim and stores the bytes again once the removal is over (src/domain/files/keep.ts).

create table kalamna.file_removals (
  org_id uuid not null references kalamna.organizations on delete cascade,
  -- Behind `org/<org_id>/`: `sha256/<hash>` or `text/<document>/<version>` (src/infra/files/port.ts).
  key text not null check (key ~ '^(sha256/[0-9a-f]{64}|text/[0-9a-f-]{36}/[0-9]+)$'),
  -- Whoever removes it; null while nobody does.
  claim uuid,
  asked_at timestamptz not null default clock_timestamp(),
  -- An original's row stays for a day afterwards: an upload that had stored its bytes before finds it.
  removed_at timestamptz,
  primary key (org_id, key)
);
create index file_removals_due on kalamna.file_removals (asked_at) where removed_at is null;
create index file_removals_done on kalamna.file_removals (removed_at) where removed_at is not null;

-- How far the walk over everything in storage has come.
create table kalamna.file_sweep (
  only_row boolean primary key default true check (only_row),
  -- The last key that was looked at; null when a lap is over.
  after text,
  -- Not before this moment.
  run_after timestamptz not null default now(),
  checked bigint not null default 0,
  orphans_removed bigint not null default 0,
  lap_finished_at timestamptz
);
insert into kalamna.file_sweep default values;

do $$
declare name text;
begin
  foreach name in array array['file_removals', 'file_sweep'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
  end loop;
end $$;
create policy door on kalamna.file_removals to kalamna_door using (true) with check (true);
create policy remover on kalamna.file_removals for select to kalamna_remover using (true);
create policy system on kalamna.file_removals for select to kalamna_system using (true);
create policy system on kalamna.file_sweep to kalamna_system using (true) with check (true);
grant select, insert, update, delete on kalamna.file_removals to kalamna_door;
grant select (org_id) on kalamna.file_removals to kalamna_remover;
grant select (asked_at, removed_at) on kalamna.file_removals to kalamna_system;
grant select, update on kalamna.file_sweep to kalamna_system;

-- Does a row need this file? What we do not know, we leave alone.
create function kalamna.file_in_use(org uuid, file text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if file ~ '^sha256/[0-9a-f]{64}$' then
    return exists (select from kalamna.document_versions v where v.org_id = org and v.sha256 = substr(file, 8));
  elsif file ~ '^text/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[1-9][0-9]{0,8}$' then
    -- Text is read while it answers, or did once; a version that failed before has none to show.
    return exists (select from kalamna.document_versions v
                    where v.org_id = org and v.document_id = split_part(file, '/', 2)::uuid
                      and v.version = split_part(file, '/', 3)::int
                      and (v.published_at is not null or v.status = 'pending'));
  elsif file ~ '^upload/' then
    return false;
  end if;
  return true;
end $$;

-- Taken by whoever removes and whoever registers, after writing their own rows.
create function kalamna.lock_file(org uuid, file text) returns void
language sql volatile set search_path = pg_catalog, pg_temp
  return pg_advisory_xact_lock(hashtextextended('kalamna/' || org || '/' || file, 0));

-- Claims one file, when no row needs it and nobody else is removing it right now. Null otherwise.
create function kalamna.claim_file(org uuid, file text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  given constant uuid := gen_random_uuid();
  mine uuid;
begin
  -- Texts are written by the reader of their version alone: nothing registers them.
  if file like 'sha256/%' then
    perform kalamna.lock_file(org, file);
  end if;
  -- A statement of its own, so that it sees what was committed while we waited.
  if kalamna.file_in_use(org, file) then
    return null;
  end if;
  insert into kalamna.file_removals as r (org_id, key, claim) values (org, file, given)
  on conflict (org_id, key) do update set claim = given, asked_at = clock_timestamp(), removed_at = null
   where r.claim is null or r.removed_at is not null or r.asked_at < clock_timestamp() - interval '5 minutes'
  returning r.claim into mine;
  return mine;
end $$;

-- The same for files of the batch's organization; those that could be claimed.
create function kalamna.claim_files(files text[]) returns table (key text, claim uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
begin
  -- In one order, so that two that claim the same files wait instead of deadlocking.
  for key in select distinct f from unnest(files) f order by 1 loop
    claim := kalamna.claim_file(org, key);
    if claim is not null then
      return next;
    end if;
  end loop;
end $$;

-- For whoever has just registered these bytes: null when nobody removed them lately, false while somebody does, true
-- when they were.
create function kalamna.file_removed(file text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform kalamna.lock_file(kalamna.org_id(), file);
  return (select r.removed_at is not null from kalamna.file_removals r
           where r.org_id = kalamna.org_id() and r.key = file and r.claim is not null);
end $$;

-- The files of these claims are gone from storage.
create function kalamna.files_gone(claims uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from kalamna.file_removals r where r.claim = any (claims) and r.key like 'text/%';
  update kalamna.file_removals r set removed_at = clock_timestamp() where r.claim = any (claims);
end $$;
create index file_removals_claim on kalamna.file_removals (claim) where claim is not null;

-- For the sweeper: claims what nobody removes although it should be gone.
create function kalamna.claim_due_files(most int) returns table (org_id uuid, key text, claim uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare due record;
begin
  for due in
    select r.org_id, r.key from kalamna.file_removals r
     where r.removed_at is null and (r.claim is null or r.asked_at < clock_timestamp() - interval '5 minutes')
     order by r.asked_at limit most
  loop
    org_id := due.org_id;
    key := due.key;
    claim := kalamna.claim_file(due.org_id, due.key);
    if claim is not null then
      return next;
    else
      -- Needed after all. Whoever registered it has looked already.
      delete from kalamna.file_removals r
       where r.org_id = due.org_id and r.key = due.key and kalamna.file_in_use(due.org_id, due.key);
    end if;
  end loop;
end $$;

-- For the sweeper: those of these keys (whole: `org/…`) that no row needs, claimed. Without a claim where there is no
-- organization any more, which can register nothing.
create function kalamna.claim_orphans(keys text[]) returns table (key text, claim uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid;
  file text;
begin
  for key in select distinct k from unnest(keys) k where k ~ '^org/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' order by 1 loop
    org := split_part(key, '/', 2)::uuid;
    file := substr(key, 42);
    claim := null;
    if not exists (select from kalamna.organizations o where o.id = org) then
      return next;
    elsif not kalamna.file_in_use(org, file) then
      if file like 'upload/%' then
        return next;
      else
        claim := kalamna.claim_file(org, file);
        if claim is not null then
          return next;
        end if;
      end if;
    end if;
  end loop;
end $$;

create function kalamna.forget_removals() returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  delete from kalamna.file_removals where removed_at < now() - interval '1 day';
end;

-- Whoever ends a version, the list of what to remove is written with it: nothing is lost with the process that would
-- have removed it.
create function kalamna.note_unneeded_files() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into kalamna.file_removals (org_id, key)
  select distinct g.org_id, k.key
    from gone g
    join kalamna.organizations o on o.id = g.org_id
    cross join lateral (values ('sha256/' || g.sha256), ('text/' || g.document_id || '/' || g.version)) k(key)
   where not kalamna.file_in_use(g.org_id, k.key)
  on conflict (org_id, key) do nothing;
  return null;
end $$;
create trigger note_unneeded_files after delete on kalamna.document_versions
  referencing old table as gone for each statement execute function kalamna.note_unneeded_files();

create function kalamna.note_unneeded_text() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into kalamna.file_removals (org_id, key)
  values (new.org_id, 'text/' || new.document_id || '/' || new.version)
  on conflict (org_id, key) do nothing;
  return null;
end $$;
create trigger note_unneeded_text after update of status on kalamna.document_versions for each row
  when (old.status = 'pending' and new.status in ('failed', 'superseded') and new.published_at is null)
  execute function kalamna.note_unneeded_text();

-- Deleting documents -------------------------------------------------------------------------------

-- How many drafts these documents have; a person who may delete them may not read those.
create function kalamna.count_drafts(documents uuid[]) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
  return (select count(*) from kalamna.chunk_drafts d
           where d.org_id = kalamna.org_id() and d.document_id = any (documents));

-- As kalamna.uncount_document (0002), for many at once.
create function kalamna.uncount_documents(documents uuid[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
begin
  update kalamna.org_terms t set df = t.df - gone.df
    from (select u.term, l.access, l.groups, count(*)::int df from kalamna.chunk_lex l, unnest(l.terms) u(term)
           where l.org_id = org and l.document_id = any (documents) group by u.term, l.access, l.groups) gone
   where t.org_id = org and t.term = gone.term and t.access = gone.access and t.groups is not distinct from gone.groups;
  delete from kalamna.org_terms t where t.org_id = org and t.df <= 0 and t.term in (
    select u.term from kalamna.chunk_lex l, unnest(l.terms) u(term)
     where l.org_id = org and l.document_id = any (documents));
  update kalamna.org_corpus c set chunks = c.chunks - gone.chunks
    from (select l.access, l.groups, count(*)::int chunks from kalamna.chunk_lex l
           where l.org_id = org and l.document_id = any (documents) group by l.access, l.groups) gone
   where c.org_id = org and c.access = gone.access and c.groups is not distinct from gone.groups;
end $$;

-- Deletes those of these documents that the caller may change, with everything that speaks of them. What that was:
--   documents  [{id, name}]
--   versions, chunks, drafts   how many rows
--   files, bytes   originals that no document the caller can see has any more: that one they cannot see keeps them is not
--                  theirs to know
--   claims     [{key, claim}]: files to be removed from storage now
-- A consumer that is at work on one of them waits for its row, finds it gone and writes nothing more.
create function kalamna.delete_documents(ids uuid[]) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  mine uuid[];
  gone jsonb;
  sizes jsonb;
  keys text[];
  counts jsonb;
begin
  perform kalamna.hold_statistics();
  select coalesce(array_agg(d.id), '{}'), coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name)), '[]')
    into mine, gone from (
      select d.id, d.name from kalamna.documents d
       where d.org_id = org and d.id = any (ids) and kalamna.may_change(d.created_by, d.created_by_key)
       order by d.id for update) d;
  select coalesce(jsonb_object_agg(v.sha256, v.bytes), '{}'),
         coalesce(array_agg(distinct 'sha256/' || v.sha256), '{}')
         || coalesce(array_agg('text/' || v.document_id || '/' || v.version), '{}'),
         jsonb_build_object('versions', count(*))
    into sizes, keys, counts
    from kalamna.document_versions v where v.org_id = org and v.document_id = any (mine);
  counts := counts || jsonb_build_object(
    'drafts', kalamna.count_drafts(mine),
    'chunks', (select count(*) from kalamna.chunks c where c.org_id = org and c.document_id = any (mine)));
  perform kalamna.uncount_documents(mine);
  delete from kalamna.chunk_vec v where v.org_id = org and v.document_id = any (mine);
  delete from kalamna.segments s where s.org_id = org and s.document_id = any (mine);
  delete from kalamna.chunk_lex l where l.org_id = org and l.document_id = any (mine);
  delete from kalamna.chunks c where c.org_id = org and c.document_id = any (mine);
  delete from kalamna.documents d where d.org_id = org and d.id = any (mine);
  return counts || jsonb_build_object('documents', gone) || (
    select jsonb_build_object('files', count(*), 'bytes', coalesce(sum(s.bytes::bigint), 0))
      from jsonb_each_text(sizes) s(sha256, bytes)
     where not exists (select from kalamna.document_versions v where v.org_id = org and v.sha256 = s.sha256)
  ) || (
    select jsonb_build_object('claims', coalesce(jsonb_agg(jsonb_build_object('key', f.key, 'claim', f.claim)), '[]'))
      from kalamna.claim_files(keys) f);
end $$;

do $$
declare name text;
begin
  foreach name in array array['file_in_use', 'claim_file', 'claim_files', 'file_removed', 'files_gone',
                              'claim_due_files', 'claim_orphans', 'forget_removals', 'note_unneeded_files',
                              'note_unneeded_text', 'count_drafts'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
revoke execute on function kalamna.lock_file, kalamna.uncount_documents, kalamna.delete_documents from public;
grant execute on function kalamna.lock_file to kalamna_door;
grant execute on function kalamna.claim_files, kalamna.file_removed, kalamna.count_drafts, kalamna.uncount_documents,
  kalamna.delete_documents to kalamna_app;
grant execute on function kalamna.files_gone, kalamna.claim_due_files, kalamna.claim_orphans, kalamna.forget_removals
  to kalamna_system;
-- Whoever wants to remove bytes asks for a claim now.
drop function kalamna.bytes_in_use;
