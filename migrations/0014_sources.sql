-- Addresses that documents are fetched from: single pages, sitemaps, crawls; what is known of each page; and how each
-- host wants to be treated.

create table kalamna.sources (
  org_id uuid not null references kalamna.organizations on delete cascade,
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('url', 'sitemap', 'crawl')),
  url text not null check (length(url) between 1 and 2000),
  name text check (length(name) between 1 and 500),
  -- Of the one document of a `url`.
  external_id text check (length(external_id) between 1 and 200),
  batch_id uuid,
  -- How far it goes: depth, limit, same_host, include, exclude.
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  -- What becomes of the document of a page that is no longer there.
  on_gone text not null default 'keep' check (on_gone in ('keep', 'delete')),
  -- Minutes between the end of a run and the next; null for once.
  refresh_every int check (refresh_every between 15 and 527040),
  access_level text not null check (access_level in ('internal', 'external')),
  access smallint not null generated always as (case access_level when 'internal' then 1 else 0 end) stored,
  groups uuid[] check (cardinality(groups) <= 20),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  -- Counts the changes of what its documents are labelled; pages remember which they have.
  labels_version int not null default 1,
  created_by uuid,
  created_by_key uuid,
  lane text not null default 'ingest-bulk' check (lane in ('ingest', 'ingest-bulk')),
  status text not null default 'running' check (status in ('idle', 'running', 'paused', 'failed')),
  -- Counts the rounds through its pages.
  run int not null default 1,
  -- Who works on it, and until when nobody else may.
  lease uuid,
  lease_until timestamptz,
  -- Nothing to do before: a host wants to be left alone.
  run_after timestamptz,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  next_run_at timestamptz,
  failure_code text,
  failure_detail text,
  -- There were more pages than `settings.limit`.
  limit_reached boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by),
  foreign key (org_id, created_by_key) references kalamna.api_keys (org_id, id) on delete set null (created_by_key)
);
create index sources_newest on kalamna.sources (org_id, created_at desc, id desc);
create index sources_batch on kalamna.sources (org_id, batch_id) where batch_id is not null;
create index sources_due on kalamna.sources (next_run_at) where next_run_at is not null;
create index sources_running on kalamna.sources (updated_at) where status = 'running';
-- The same page once for each audience, as the same bytes are; one with a name of its own counts by that.
create unique index sources_same_page on kalamna.sources (org_id, url, access_level, groups) nulls not distinct
  where kind = 'url' and external_id is null;
create unique index sources_external_id on kalamna.sources (org_id, external_id) where external_id is not null;

create table kalamna.source_pages (
  org_id uuid not null,
  source_id uuid not null,
  url text not null check (length(url) between 1 and 2000),
  -- The order in which they were found.
  place bigint generated always as identity,
  kind text not null default 'page' check (kind in ('page', 'sitemap')),
  -- Links away from where the source begins.
  depth smallint not null default 0,
  run int not null,
  state text not null default 'queued'
    check (state in ('queued', 'fetched', 'unchanged', 'skipped', 'failed', 'disallowed', 'gone')),
  failure_code text,
  failure_detail text,
  document_id uuid,
  attempt smallint not null default 0,
  -- Not before; with `reserved`, its turn at the host is then.
  not_before timestamptz,
  reserved boolean not null default false,
  -- Runs in a row in which it was not there.
  misses smallint not null default 0,
  etag text,
  last_modified text,
  -- Of the text as we read it: a page whose bytes differ and whose text does not has not changed.
  text_hash text,
  labels_version int not null default 0,
  checked_at timestamptz,
  changed_at timestamptz,
  primary key (org_id, source_id, url),
  foreign key (org_id, source_id) references kalamna.sources (org_id, id) on delete cascade,
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete set null (document_id)
);
create index source_pages_next on kalamna.source_pages (org_id, source_id, depth, place) where state = 'queued';
create index source_pages_states on kalamna.source_pages (org_id, source_id, state, kind);
create index source_pages_place on kalamna.source_pages (org_id, source_id, place);
create index source_pages_text on kalamna.source_pages (org_id, source_id, text_hash) where text_hash is not null;
create index source_pages_document on kalamna.source_pages (org_id, document_id) where document_id is not null;

-- One row an organization and host: its robots.txt, and when it may be asked again.
create table kalamna.source_hosts (
  org_id uuid not null references kalamna.organizations on delete cascade,
  origin text not null check (length(origin) between 1 and 2000),
  robots text,
  -- What robots.txt was answered with; null when nothing answered.
  robots_status int,
  robots_at timestamptz,
  next_at timestamptz not null default now(),
  primary key (org_id, origin)
);

-- A page is one document, however often it is fetched and whoever fetches it at the same moment.
create unique index documents_page on kalamna.documents (org_id, source_id, url)
  where source_id is not null and url is not null;
alter table kalamna.documents add constraint documents_source_fkey foreign key (org_id, source_id)
  references kalamna.sources (org_id, id) on delete set null (source_id);

create trigger sources_groups before insert or update of groups on kalamna.sources
  for each row when (cardinality(new.groups) > 0) execute function kalamna.check_document_groups();

-- Like a document's: what only a deleted group could read is left to admins.
create function kalamna.forget_group_of_sources() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  source record;
  left_over uuid[];
begin
  for source in select s.id, s.url, s.access_level, s.groups, s.kind, s.external_id from kalamna.sources s
                 where s.org_id = old.org_id and s.groups @> array[old.id] loop
    left_over := array_remove(source.groups, old.id);
    -- The same page is already there for those who remain: this one keeps the id, which nobody belongs to any more.
    continue when source.kind = 'url' and source.external_id is null and exists (
      select from kalamna.sources s where s.org_id = old.org_id and s.kind = 'url' and s.external_id is null
         and s.url = source.url and s.access_level = source.access_level and s.groups is not distinct from left_over);
    update kalamna.sources s set groups = left_over, labels_version = s.labels_version + 1
     where s.org_id = old.org_id and s.id = source.id;
  end loop;
  return old;
end $$;
alter function kalamna.forget_group_of_sources owner to kalamna_door;
revoke execute on function kalamna.forget_group_of_sources from public;
create trigger forget_sources after delete on kalamna.groups
  for each row execute function kalamna.forget_group_of_sources();

do $$
declare name text;
begin
  foreach name in array array['sources', 'source_pages', 'source_hosts'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format($policy$create policy writers_add on kalamna.%I as restrictive for insert to kalamna_app
      with check (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
    execute format($policy$create policy writers_change on kalamna.%I as restrictive for update to kalamna_app
      using (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
    execute format($policy$create policy writers_remove on kalamna.%I as restrictive for delete to kalamna_app
      using (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
  end loop;
end $$;

-- Who sees and changes a source: as with the documents that come of it.
create policy read on kalamna.sources for select to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups));
create policy add on kalamna.sources for insert to kalamna_app
  with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups)
              and kalamna.may_change(created_by, created_by_key));
create policy change on kalamna.sources for update to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups)
         and kalamna.may_change(created_by, created_by_key))
  with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups));
create policy remove on kalamna.sources for delete to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups)
         and kalamna.may_change(created_by, created_by_key));
create policy door on kalamna.sources to kalamna_door using (true) with check (true);

-- Whoever sees the source sees its pages; row level security of the source holds in here, too. Who sees all sources is
-- told apart first: asking for each of fifty thousand rows takes longer than anything that is done with them.
create policy read on kalamna.source_pages for select to kalamna_app
  using (org_id = kalamna.org_id() and (kalamna.role() = 'admin' and kalamna.access() = 1 or exists (
    select from kalamna.sources s where s.org_id = source_pages.org_id and s.id = source_pages.source_id)));
create policy change on kalamna.source_pages to kalamna_app
  using (org_id = kalamna.org_id() and (kalamna.role() = 'admin' and kalamna.access() = 1 or exists (
    select from kalamna.sources s where s.org_id = source_pages.org_id and s.id = source_pages.source_id
       and kalamna.may_change(s.created_by, s.created_by_key))));

-- Deferred work only: what one host said to one member's crawl is no other member's business.
create policy tenant on kalamna.source_hosts to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');

grant select, delete on kalamna.sources, kalamna.source_pages to kalamna_app;
grant select on kalamna.source_hosts to kalamna_app;
grant insert (org_id, id, kind, url, name, external_id, batch_id, settings, on_gone, refresh_every, access_level, groups,
              metadata, created_by, created_by_key, lane),
      update (url, name, batch_id, settings, on_gone, refresh_every, access_level, groups, metadata, labels_version,
              lane, status, run, lease, lease_until, run_after, started_at, finished_at, next_run_at, failure_code,
              failure_detail, limit_reached, updated_at) on kalamna.sources to kalamna_app;
grant insert (org_id, source_id, url, kind, depth, run, document_id),
      update (depth, run, state, failure_code, failure_detail, document_id, attempt, not_before, reserved, misses, etag,
              last_modified, text_hash, labels_version, checked_at, changed_at) on kalamna.source_pages to kalamna_app;
grant insert (org_id, origin, robots, robots_status, robots_at, next_at),
      update (robots, robots_status, robots_at, next_at) on kalamna.source_hosts to kalamna_app;
grant select, update (groups, labels_version) on kalamna.sources to kalamna_door;

-- The sweeper starts what is due and revives what nobody works on; the work goes back through the tenant door.
create policy system on kalamna.sources for select to kalamna_system using (true);
grant select (id, org_id, status, run, lane, lease_until, run_after, next_run_at, updated_at) on kalamna.sources
  to kalamna_system;
