-- Roles, the tenant door, accounts, documents and chunks.
create extension if not exists vector;
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create schema kalamna;

-- Nobody logs in as these. The login role enters one of them inside each transaction (infra/db/tenant.ts).
--   app      tenant work, under row level security
--   account  before sign-in: organizations, users, refresh tokens, nothing else
--   system   the sweeper: the state of documents of all organizations, no text
--   platform superadmins: organizations as such and how much is in them, no text
--   door     owns the SECURITY DEFINER functions; reads what they need
do $$
declare name text;
begin
  foreach name in array array['kalamna_app', 'kalamna_account', 'kalamna_system', 'kalamna_platform', 'kalamna_door'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin nobypassrls', name);
    end if;
    execute format('grant %I to current_user', name);
    execute format('grant usage on schema kalamna to %I', name);
  end loop;
end $$;
grant create on schema kalamna to kalamna_door;

-- What kalamna.enter established. A missing setting is an error, never "all rows".
create function kalamna.org_id() returns uuid language sql stable
  return current_setting('app.org_id')::uuid;
create function kalamna.user_id() returns uuid language sql stable
  return nullif(current_setting('app.user_id'), '')::uuid;
create function kalamna.role() returns text language sql stable
  return current_setting('app.role');
-- 0 = external documents only, 1 = internal documents too.
create function kalamna.access() returns smallint language sql stable
  return case current_setting('app.access') when 'internal' then 1 else 0 end::smallint;
-- The groups the reader belongs to.
create function kalamna.groups() returns uuid[] language sql stable
  return current_setting('app.groups')::uuid[];

create table kalamna.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  status text not null default 'active' check (status in ('active', 'suspended')),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table kalamna.users (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  email text not null unique check (email = lower(email)),
  password_hash text,
  role text not null check (role in ('admin', 'member', 'viewer')),
  access text not null check (access in ('internal', 'external')),
  status text not null default 'active' check (status in ('active', 'deactivated')),
  -- Raised whenever role, access or password changes: older access tokens stop working at once.
  token_version int not null default 1,
  created_at timestamptz not null default now(),
  unique (org_id, id)
);

create table kalamna.refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  user_id uuid not null,
  -- All rotations of one sign-in; reuse of a spent token revokes the family.
  family_id uuid not null,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  spent_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete cascade
);
create index on kalamna.refresh_tokens (family_id);
create index on kalamna.refresh_tokens (org_id, user_id);

create table kalamna.groups (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  unique (org_id, id)
);
create unique index groups_name on kalamna.groups (org_id, lower(name));

create table kalamna.group_members (
  org_id uuid not null,
  group_id uuid not null,
  user_id uuid not null,
  primary key (org_id, group_id, user_id),
  foreign key (org_id, group_id) references kalamna.groups (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete cascade
);
create index group_members_user on kalamna.group_members (org_id, user_id);

-- Who may read a document is (access, groups), and every row that says anything about its text carries both, so that
-- one rule holds everywhere: access <= the reader's, and groups is null, or the reader is in one of them or an admin.
create table kalamna.documents (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  name text not null check (length(name) between 1 and 500),
  title text,
  content_type text not null,
  bytes bigint not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  access_level text not null check (access_level in ('internal', 'external')),
  access smallint not null generated always as (case access_level when 'internal' then 1 else 0 end) stored,
  -- Null for everybody; empty, when its last group was deleted, for admins only. Sorted, each once.
  groups uuid[] check (cardinality(groups) <= 20),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  created_by uuid,
  status text not null default 'pending' check (status in ('pending', 'extracting', 'embedding', 'ready', 'failed')),
  failure_code text,
  failure_detail text,
  retryable boolean,
  version int not null default 1,
  attempt int not null default 0,
  lease_until timestamptz,
  -- In progress past this moment counts as overdue; the health figure must be 0.
  deadline_at timestamptz not null default now() + interval '1 hour',
  pages int,
  characters int,
  chunks int,
  tokens int,
  -- Milliseconds per ingestion step.
  step_ms jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ready_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by)
);
-- Once for each audience: a row that a reader cannot see must not keep them from having their own.
create unique index documents_same_bytes on kalamna.documents (org_id, sha256, access_level, groups) nulls not distinct;
create index documents_grouped on kalamna.documents using gin (groups) where groups is not null;
create index documents_newest on kalamna.documents (org_id, created_at desc, id desc);
create index documents_metadata on kalamna.documents using gin (metadata jsonb_path_ops);
create index documents_unfinished on kalamna.documents (updated_at) where status in ('pending', 'extracting', 'embedding');

-- Chunks being prepared; a reader never sees these.
create table kalamna.chunk_drafts (
  org_id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null,
  start_offset int not null,
  end_offset int not null,
  page int,
  heading text[] not null default '{}',
  content text not null,
  content_hash text not null,
  tokens int not null,
  sv sparsevec(536870912) not null,
  terms int[] not null,
  lexemes text[] not null,
  embedding_model text,
  embedding halfvec(768),
  primary key (org_id, document_id, version, ordinal),
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);

-- What readers get. [start_offset, end_offset) is a range of the document's canonical text.
create table kalamna.chunks (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null,
  start_offset int not null,
  end_offset int not null,
  page int,
  heading text[] not null default '{}',
  content text not null,
  content_hash text not null,
  tokens int not null,
  access smallint not null,
  groups uuid[],
  unique (org_id, id),
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);
create unique index on kalamna.chunks (org_id, document_id, ordinal);

-- Vectors apart from text; PLAIN keeps them in the heap page, three times faster to scan than TOAST.
create table kalamna.chunk_vec (
  chunk_id uuid primary key,
  org_id uuid not null,
  document_id uuid not null,
  segment_id uuid not null,
  access smallint not null,
  groups uuid[],
  embedding_model text not null,
  content_hash text not null,
  embedding halfvec(768) not null,
  bq bit(768) not null generated always as (binary_quantize(embedding)::bit(768)) stored,
  foreign key (org_id, chunk_id) references kalamna.chunks (org_id, id) on delete cascade,
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);
alter table kalamna.chunk_vec alter column embedding set storage plain;
create index chunk_vec_segment on kalamna.chunk_vec (segment_id) include (chunk_id, org_id, access, groups, bq);
create index chunk_vec_document on kalamna.chunk_vec (org_id, document_id);
create index chunk_vec_reuse on kalamna.chunk_vec (org_id, embedding_model, content_hash);

-- A run of similar chunks of one document and the centroid that stands for it in routing.
create table kalamna.segments (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  document_id uuid not null,
  access smallint not null,
  groups uuid[],
  embedding_model text not null,
  size int not null,
  bq bit(768) not null,
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);
create index segments_route on kalamna.segments (org_id, embedding_model) include (id, document_id, access, groups, bq);
create index segments_document on kalamna.segments (org_id, document_id);

-- BM25 term weights of a chunk; IDF comes from kalamna.org_terms at query time.
create table kalamna.chunk_lex (
  chunk_id uuid primary key,
  org_id uuid not null,
  document_id uuid not null,
  ordinal int not null,
  access smallint not null,
  groups uuid[],
  sv sparsevec(536870912) not null,
  terms int[] not null,
  foreign key (org_id, chunk_id) references kalamna.chunks (org_id, id) on delete cascade,
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);
-- Rows up to a page stay whole: fetching each vector from TOAST would cost more than comparing it.
alter table kalamna.chunk_lex set (toast_tuple_target = 8160);
create index chunk_lex_terms on kalamna.chunk_lex using gin (terms) with (fastupdate = off);
create index chunk_lex_place on kalamna.chunk_lex (org_id, document_id, ordinal);

-- The organization's own statistics, for each audience: in how many chunks each term occurs, and how many chunks there
-- are. A reader's figures are the sum over the audiences they belong to: a score must not tell what others may read.
create table kalamna.org_terms (
  org_id uuid not null references kalamna.organizations on delete cascade,
  term int not null,
  access smallint not null,
  groups uuid[],
  lexeme text not null,
  df int not null
);
create unique index org_terms_audience on kalamna.org_terms (org_id, term, access, groups) nulls not distinct;
-- The organization as text: a condition that only this index can serve, so that the planner cannot prefer to compare
-- the question's word with every word of the organization.
create index org_terms_similar on kalamna.org_terms using gin ((org_id::text), lexeme gin_trgm_ops) with (fastupdate = off);

create table kalamna.org_corpus (
  org_id uuid not null references kalamna.organizations on delete cascade,
  access smallint not null,
  groups uuid[],
  chunks int not null default 0
);
create unique index org_corpus_audience on kalamna.org_corpus (org_id, access, groups) nulls not distinct;

-- The boundary ---------------------------------------------------------------------------------

-- Statement 0 of every tenant batch. Verifies the caller and says who reads, for this transaction only.
create function kalamna.enter(org uuid, member uuid, member_role text, member_access text, version int)
returns void language plpgsql security definer set search_path = pg_catalog as $$
declare found_user record; member_groups uuid[];
begin
  select u.status, u.token_version, u.role, u.access, o.status as org_status into found_user
    from kalamna.users u join kalamna.organizations o on o.id = u.org_id
   where u.id = member and u.org_id = org;
  if not found or found_user.status <> 'active' then
    raise exception 'account_inactive' using errcode = '28000';
  end if;
  if found_user.org_status <> 'active' then
    raise exception 'organization_suspended' using errcode = '28000';
  end if;
  if found_user.token_version <> version or found_user.role <> member_role or found_user.access <> member_access then
    raise exception 'token_outdated' using errcode = '28000';
  end if;
  select coalesce(array_agg(m.group_id), '{}') into member_groups
    from kalamna.group_members m where m.org_id = org and m.user_id = member;
  perform set_config('app.org_id', org::text, true), set_config('app.user_id', member::text, true),
          set_config('app.role', member_role, true), set_config('app.access', member_access, true),
          set_config('app.groups', member_groups::text, true);
end $$;

-- The same door for deferred work: no person, the whole organization.
create function kalamna.enter_service(org uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not exists (select from kalamna.organizations o where o.id = org and o.status = 'active') then
    raise exception 'organization_suspended' using errcode = '28000';
  end if;
  perform set_config('app.org_id', org::text, true), set_config('app.user_id', '', true),
          set_config('app.role', 'admin', true), set_config('app.access', 'internal', true),
          set_config('app.groups', '{}', true);
end $$;

-- The reader's rule, for every row that carries (access, groups).
create function kalamna.may_read(row_access smallint, row_groups uuid[]) returns boolean language sql stable
  return row_access <= kalamna.access()
         and (row_groups is null or kalamna.role() = 'admin' or row_groups && kalamna.groups());
-- The writer's rule, for documents that they may read.
create function kalamna.may_change(owner uuid) returns boolean language sql stable
  return kalamna.role() = 'admin' or owner = kalamna.user_id();

-- The groups that a document names exist in its organization; they are kept sorted, so that equal audiences are equal.
create function kalamna.check_document_groups() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  new.groups := (select array_agg(distinct g order by g) from unnest(new.groups) g);
  if exists (select from unnest(new.groups) g where not exists (
       select from kalamna.groups k where k.org_id = new.org_id and k.id = g)) then
    raise exception 'a document names a group that does not exist'
      using errcode = '23503', constraint = 'documents_groups_exist';
  end if;
  return new;
end $$;
create trigger documents_groups before insert or update of groups on kalamna.documents
  for each row when (cardinality(new.groups) > 0) execute function kalamna.check_document_groups();

-- Does any document of this organization, seen or unseen by the reader, still use these bytes?
create function kalamna.bytes_in_use(hash text) returns boolean
language sql stable security definer set search_path = pg_catalog
  return exists (select from kalamna.documents d where d.org_id = kalamna.org_id() and d.sha256 = hash);

do $$
declare name text;
begin
  foreach name in array array['organizations', 'users', 'refresh_tokens', 'groups', 'group_members', 'documents',
                              'chunk_drafts', 'chunks', 'chunk_vec', 'segments', 'chunk_lex', 'org_terms',
                              'org_corpus'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
  end loop;
  -- Tables that are also filtered by who may read the document.
  foreach name in array array['chunks', 'chunk_vec', 'segments', 'chunk_lex', 'org_terms', 'org_corpus'] loop
    execute format('create policy tenant on kalamna.%I to kalamna_app
      using (org_id = kalamna.org_id() and kalamna.may_read(access, groups))
      with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups))', name);
  end loop;
  -- The definer functions filter by kalamna.org_id() and the reader's rights themselves; row level security would
  -- keep them from using their indexes (facts: not leakproof operators).
  foreach name in array array['organizations', 'users', 'groups', 'group_members', 'documents', 'chunks', 'chunk_vec',
                              'segments', 'chunk_lex', 'org_terms', 'org_corpus'] loop
    execute format('create policy door on kalamna.%I for select to kalamna_door using (true)', name);
    execute format('grant select on kalamna.%I to kalamna_door', name);
  end loop;
end $$;

create policy tenant on kalamna.organizations to kalamna_app
  using (id = kalamna.org_id()) with check (id = kalamna.org_id());
create policy tenant on kalamna.users to kalamna_app
  using (org_id = kalamna.org_id()) with check (org_id = kalamna.org_id());

-- Everybody in the organization may know its groups and who is in them; only admins change them.
create policy read on kalamna.groups for select to kalamna_app using (org_id = kalamna.org_id());
create policy read on kalamna.group_members for select to kalamna_app using (org_id = kalamna.org_id());
create policy change on kalamna.groups to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');
create policy change on kalamna.group_members to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');

-- Readers see what their access and groups allow; writers touch their own documents, admins all. Nobody can put a
-- document where they would not see it themselves.
create policy read on kalamna.documents for select to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups));
create policy add on kalamna.documents for insert to kalamna_app
  with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and kalamna.may_change(created_by));
create policy change on kalamna.documents for update to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and kalamna.may_change(created_by))
  with check (org_id = kalamna.org_id() and kalamna.may_read(access, groups));
create policy remove on kalamna.documents for delete to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups) and kalamna.may_change(created_by));

-- Text on its way into the index: deferred work and admins only.
create policy tenant on kalamna.chunk_drafts to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');

create policy account on kalamna.organizations to kalamna_account using (true) with check (true);
create policy account on kalamna.users to kalamna_account using (true) with check (true);
create policy account on kalamna.refresh_tokens to kalamna_account using (true) with check (true);

-- The sweeper finds unfinished documents of every organization; their work goes back through the tenant door.
create policy system on kalamna.documents for select to kalamna_system using (true);

grant select on kalamna.organizations, kalamna.users to kalamna_app;
grant select, insert, update, delete on
  kalamna.groups, kalamna.group_members, kalamna.documents, kalamna.chunk_drafts, kalamna.chunks, kalamna.chunk_vec, kalamna.segments, kalamna.chunk_lex,
  kalamna.org_terms, kalamna.org_corpus to kalamna_app;
grant select, insert, update on kalamna.organizations, kalamna.users, kalamna.refresh_tokens to kalamna_account;
grant select (id, org_id, status, version, chunks, lease_until, deadline_at, created_at, updated_at) on kalamna.documents
  to kalamna_system;

alter function kalamna.enter owner to kalamna_door;
alter function kalamna.enter_service owner to kalamna_door;
alter function kalamna.bytes_in_use owner to kalamna_door;
alter function kalamna.check_document_groups owner to kalamna_door;
revoke execute on all functions in schema kalamna from public;
grant execute on function kalamna.org_id, kalamna.user_id, kalamna.role, kalamna.access, kalamna.groups,
  kalamna.may_read, kalamna.may_change to kalamna_app, kalamna_door;
grant execute on function kalamna.bytes_in_use to kalamna_app;
