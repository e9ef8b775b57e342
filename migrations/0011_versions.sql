-- Documents that change: whose identity they keep, which version answers, what the older ones were, and the lane they
-- travel in.

alter table kalamna.documents
  -- `ingest` for people who wait, `ingest-bulk` for everything else.
  add column lane text not null default 'ingest' check (lane in ('ingest', 'ingest-bulk')),
  -- The name that the uploader's own system has for it: the same id with other bytes is a new version.
  add column external_id text check (length(external_id) between 1 and 200),
  -- Where it was fetched from.
  add column url text check (length(url) between 1 and 2000),
  add column source_id uuid,
  add column batch_id uuid,
  -- The version whose chunks answer; null until there is one. `version` is the one being read, or last read.
  add column published_version int,
  -- Not worked on before this moment.
  add column run_after timestamptz,
  -- Chunks of the published version whose vector was known, and whose was not.
  add column reused int,
  add column embedded int;
create unique index documents_external_id on kalamna.documents (org_id, external_id) where external_id is not null;
create index documents_batch on kalamna.documents (org_id, batch_id) where batch_id is not null;
create index documents_source on kalamna.documents (org_id, source_id) where source_id is not null;

-- Documents with an identity of their own may have equal bytes; embeddings are shared all the same.
drop index kalamna.documents_same_bytes;
create unique index documents_same_bytes on kalamna.documents (org_id, sha256, access_level, groups) nulls not distinct
  where external_id is null and url is null;
create index documents_bytes on kalamna.documents (org_id, sha256);

create table kalamna.document_versions (
  org_id uuid not null,
  document_id uuid not null,
  version int not null,
  name text not null,
  content_type text not null,
  bytes bigint not null,
  sha256 text not null,
  -- `superseded`: it answered once, or a later version came before it could.
  status text not null check (status in ('pending', 'published', 'superseded', 'failed')),
  failure_code text,
  failure_detail text,
  pages int,
  characters int,
  chunks int,
  tokens int,
  reused int,
  embedded int,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  primary key (org_id, document_id, version),
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);
create index document_versions_bytes on kalamna.document_versions (org_id, sha256);
alter table kalamna.document_versions enable row level security;
alter table kalamna.document_versions force row level security;

-- Whoever sees the document sees what it was; nobody writes here but the trigger below.
create policy tenant on kalamna.document_versions for select to kalamna_app
  using (org_id = kalamna.org_id() and exists (
    select from kalamna.documents d where d.org_id = document_versions.org_id and d.id = document_versions.document_id));
create policy door on kalamna.document_versions to kalamna_door using (true) with check (true);
grant select on kalamna.document_versions to kalamna_app;
grant select, insert, update on kalamna.document_versions to kalamna_door;

-- Which version a document is at, written where nobody can forget to.
create function kalamna.note_version() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' or new.version <> old.version then
    update kalamna.document_versions v set status = 'superseded'
     where v.org_id = new.org_id and v.document_id = new.id and v.status = 'pending';
    insert into kalamna.document_versions (org_id, document_id, version, name, content_type, bytes, sha256, status)
    values (new.org_id, new.id, new.version, new.name, new.content_type, new.bytes, new.sha256, 'pending');
    return null;
  end if;
  if new.status = 'ready' and old.status <> 'ready' then
    update kalamna.document_versions v set status = 'superseded'
     where v.org_id = new.org_id and v.document_id = new.id and v.status = 'published';
    update kalamna.document_versions v
       set status = 'published', published_at = now(), failure_code = null, failure_detail = null, pages = new.pages,
           characters = new.characters, chunks = new.chunks, tokens = new.tokens, reused = new.reused,
           embedded = new.embedded
     where v.org_id = new.org_id and v.document_id = new.id and v.version = new.version;
  elsif new.status = 'failed' and old.status <> 'failed' then
    update kalamna.document_versions v
       set status = 'failed', failure_code = new.failure_code, failure_detail = new.failure_detail
     where v.org_id = new.org_id and v.document_id = new.id and v.version = new.version;
  end if;
  return null;
end $$;

-- A document that is replaced may grow.
create function kalamna.count_replaced() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held bigint;
  quota record;
begin
  update kalamna.org_storage s set bytes = s.bytes + new.bytes - old.bytes where s.org_id = new.org_id
  returning s.bytes into held;
  select * into quota from kalamna.quota_of(new.org_id);
  if new.bytes > old.bytes and held > quota.storage_bytes then
    perform kalamna.refuse_quota('KQ002', 'storage_bytes', quota.storage_bytes, held - new.bytes + old.bytes, null);
  end if;
  return null;
end $$;

-- Bytes of older versions are in use, too.
create or replace function kalamna.bytes_in_use(hash text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
  return exists (select from kalamna.document_versions v where v.org_id = kalamna.org_id() and v.sha256 = hash);

do $$
declare name text;
begin
  foreach name in array array['note_version', 'count_replaced'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
create trigger note_version after insert or update of version, status on kalamna.documents
  for each row execute function kalamna.note_version();
create trigger count_replaced after update of bytes on kalamna.documents
  for each row when (new.bytes <> old.bytes) execute function kalamna.count_replaced();

grant update (content_type, bytes, sha256, lane, external_id, url, source_id, batch_id, published_version, run_after,
              reused, embedded) on kalamna.documents to kalamna_app;
grant select (lane, run_after, batch_id, source_id) on kalamna.documents to kalamna_system;
create policy remover on kalamna.document_versions for select to kalamna_remover using (true);
grant select (org_id) on kalamna.document_versions to kalamna_remover;

-- Documents from before this migration: what answers is known, what was before it is not.
alter table kalamna.documents no force row level security;
alter table kalamna.document_versions no force row level security;
update kalamna.documents d set published_version = (
  select c.version from kalamna.chunks c where c.org_id = d.org_id and c.document_id = d.id limit 1);
insert into kalamna.document_versions (org_id, document_id, version, name, content_type, bytes, sha256, status,
                                       failure_code, failure_detail, pages, characters, chunks, tokens, created_at,
                                       published_at)
select d.org_id, d.id, d.version, d.name, d.content_type, d.bytes, d.sha256,
       case d.status when 'ready' then 'published' when 'failed' then 'failed' else 'pending' end, d.failure_code,
       d.failure_detail, d.pages, d.characters, d.chunks, d.tokens, d.created_at, d.ready_at
  from kalamna.documents d;
alter table kalamna.documents force row level security;
alter table kalamna.document_versions force row level security;
