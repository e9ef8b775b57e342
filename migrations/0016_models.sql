-- Which model an organization's vectors are of, and how that changes while it goes on answering.

create table kalamna.org_embedding (
  org_id uuid primary key references kalamna.organizations on delete cascade,
  -- Questions are compared with its vectors, and documents published with them.
  model text not null check (length(model) between 1 and 200),
  -- The change under way, if any. `embedding`: chunks get a vector of `target` beside the one they have; `removing`: the
  -- vectors of all models but `model` go, after the change or because it was called off.
  change_id uuid,
  phase text check (phase in ('embedding', 'removing')),
  target text check (length(target) between 1 and 200),
  -- Names the one message that may go on: a second copy of it finds the number used.
  piece int not null default 0,
  lease_until timestamptz,
  -- The sweeper sends the message again after this.
  run_after timestamptz,
  -- The last chunk that was given a vector; what lies behind it comes next.
  cursor_document uuid,
  cursor_ordinal int,
  -- Sent to the target model so far, estimated.
  tokens bigint not null default 0,
  failure_code text,
  failure_detail text,
  started_at timestamptz,
  updated_at timestamptz not null default now(),
  check ((change_id is null) = (phase is null)),
  check ((target is not null) = (phase is not null and phase = 'embedding'))
);
create index org_embedding_changing on kalamna.org_embedding (run_after) where phase is not null;
alter table kalamna.org_embedding enable row level security;
alter table kalamna.org_embedding force row level security;
create policy read on kalamna.org_embedding for select to kalamna_app using (org_id = kalamna.org_id());
create policy change on kalamna.org_embedding to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');
create policy door on kalamna.org_embedding for select to kalamna_door using (true);
create policy system on kalamna.org_embedding for select to kalamna_system using (true);
create policy remover on kalamna.org_embedding for select to kalamna_remover using (true);
grant select, insert on kalamna.org_embedding to kalamna_app;
grant update (model, change_id, phase, target, piece, lease_until, run_after, cursor_document, cursor_ordinal, tokens,
              failure_code, failure_detail, started_at, updated_at) on kalamna.org_embedding to kalamna_app;
grant select on kalamna.org_embedding to kalamna_door;
grant select (org_id, model, change_id, phase, piece, lease_until, run_after) on kalamna.org_embedding to kalamna_system;
grant select (org_id) on kalamna.org_embedding to kalamna_remover;

-- Two models side by side, until one of them goes.
alter table kalamna.chunk_vec drop constraint chunk_vec_pkey;
alter table kalamna.chunk_vec add primary key (chunk_id, embedding_model);

-- Organizations from before this migration stay with the model that most of their chunks are of.
alter table kalamna.chunk_vec no force row level security;
alter table kalamna.org_embedding no force row level security;
insert into kalamna.org_embedding (org_id, model)
select distinct on (v.org_id) v.org_id, v.embedding_model from kalamna.chunk_vec v
 group by v.org_id, v.embedding_model order by v.org_id, count(*) desc, v.embedding_model;
alter table kalamna.chunk_vec force row level security;
alter table kalamna.org_embedding force row level security;

-- Publishing and searching -------------------------------------------------------------------------

-- The organization's model; the first vectors that are published decide it.
create function kalamna.pin_embedding_model(first_model text) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into kalamna.org_embedding (org_id, model) values (kalamna.org_id(), first_model)
  on conflict (org_id) do nothing;
  return (select e.model from kalamna.org_embedding e where e.org_id = kalamna.org_id());
end $$;

-- As in 0002, and null also when a draft's vector is of another model than the organization's: whoever embeds does it
-- again.
create or replace function kalamna.publish_document(document uuid, version int, threshold float8) returns int
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  largest_segment constant int := 16;
  level smallint;
  audience uuid[];
  published int;
  draft record;
  chunk_ids uuid[] := '{}';
  segment_ids uuid[] := '{}';
  current_segment uuid;
  current_model text;
  drafted_model text;
  current_size int;
  direction vector;
begin
  perform kalamna.hold_statistics();
  select d.access, d.groups into level, audience from kalamna.documents d
   where d.org_id = org and d.id = publish_document.document and d.version = publish_document.version for update;
  if not found then
    return null;
  end if;
  select count(*), min(d.embedding_model) into published, drafted_model from kalamna.chunk_drafts d
   where d.org_id = org and d.document_id = publish_document.document and d.version = publish_document.version
  having count(*) > 0 and count(*) = count(d.embedding);
  if not found then
    return null;
  end if;
  current_model := kalamna.pin_embedding_model(drafted_model);
  if exists (select from kalamna.chunk_drafts d
              where d.org_id = org and d.document_id = publish_document.document
                and d.version = publish_document.version and d.embedding_model <> current_model) then
    return null;
  end if;
  perform kalamna.unindex_document(publish_document.document);

  for draft in
    select d.embedding::vector(768) as embedding from kalamna.chunk_drafts d
     where d.org_id = org and d.document_id = publish_document.document and d.version = publish_document.version
     order by d.ordinal
  loop
    -- The sum points where the mean points, and cosine asks for no more.
    if current_segment is null or current_size >= largest_segment
       or 1 - (direction <=> draft.embedding) < threshold then
      if current_segment is not null then
        insert into kalamna.segments (id, org_id, document_id, access, groups, embedding_model, size, bq)
        values (current_segment, org, publish_document.document, level, audience, current_model, current_size,
                binary_quantize(direction)::bit(768));
      end if;
      current_segment := gen_random_uuid();
      current_size := 1;
      direction := draft.embedding;
    else
      current_size := current_size + 1;
      direction := direction + draft.embedding;
    end if;
    chunk_ids := chunk_ids || gen_random_uuid();
    segment_ids := segment_ids || current_segment;
  end loop;
  insert into kalamna.segments (id, org_id, document_id, access, groups, embedding_model, size, bq)
  values (current_segment, org, publish_document.document, level, audience, current_model, current_size,
          binary_quantize(direction)::bit(768));

  with ready as materialized (
    select chunk_ids[row_number() over (order by d.ordinal)] as id,
           segment_ids[row_number() over (order by d.ordinal)] as segment_id, d.*
      from kalamna.chunk_drafts d
     where d.org_id = org and d.document_id = publish_document.document and d.version = publish_document.version
  ), as_chunks as (
    insert into kalamna.chunks (id, org_id, document_id, version, ordinal, start_offset, end_offset, page, heading,
                                content, content_hash, tokens, access, groups)
    select r.id, r.org_id, r.document_id, r.version, r.ordinal, r.start_offset, r.end_offset, r.page, r.heading,
           r.content, r.content_hash, r.tokens, level, audience from ready r
  ), as_vectors as (
    insert into kalamna.chunk_vec (chunk_id, org_id, document_id, segment_id, access, groups, embedding_model,
                                   content_hash, embedding)
    select r.id, r.org_id, r.document_id, r.segment_id, level, audience, r.embedding_model, r.content_hash, r.embedding
      from ready r order by r.ordinal
  ), as_terms as (
    insert into kalamna.chunk_lex (chunk_id, org_id, document_id, ordinal, access, groups, sv, terms)
    select r.id, r.org_id, r.document_id, r.ordinal, level, audience, r.sv, r.terms from ready r order by r.ordinal
  )
  insert into kalamna.org_terms (org_id, term, access, groups, lexeme, df)
  select org, u.term, level, audience, min(u.lexeme), count(*)
    from ready r, unnest(r.terms, r.lexemes) u(term, lexeme) group by u.term
  on conflict (org_id, term, access, groups) do update set df = org_terms.df + excluded.df;

  insert into kalamna.org_corpus (org_id, access, groups, chunks) values (org, level, audience, published)
  on conflict (org_id, access, groups) do update set chunks = org_corpus.chunks + excluded.chunks;
  delete from kalamna.chunk_drafts d where d.org_id = org and d.document_id = publish_document.document;
  return published;
end $$;

-- As in 0002; a chunk has a vector of each model now.
create or replace function kalamna.nearest_chunks(
  question halfvec, model text, only_documents uuid[], lowest smallint, highest smallint, scope int, wanted int,
  out ids uuid[], out path text)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  reader constant smallint := least(highest, kalamna.access());
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
  scan_all_below constant int := 400;
  segments_read constant int := 128;
  chunks_rescored constant int := 200;
  bits constant bit(768) := binary_quantize(question::halfvec(768))::bit(768);
begin
  if scope <= scan_all_below then
    path := 'exact';
    select array_agg(n.chunk_id order by n.distance, n.chunk_id) into ids from (
      select v.chunk_id, (v.embedding <=> question::halfvec(768)) + 0 distance from kalamna.chunk_vec v
       where v.org_id = org and v.embedding_model = model and v.access between lowest and reader
         and (v.groups is null or everything or v.groups && mine)
         and (only_documents is null or v.document_id = any (only_documents))
       order by 2, 1 limit wanted) n;
    return;
  end if;
  path := 'segments';
  with routed as materialized (
    select s.id from kalamna.segments s
     where s.org_id = org and s.embedding_model = model and s.access between lowest and reader
       and (s.groups is null or everything or s.groups && mine)
       and (only_documents is null or s.document_id = any (only_documents))
     order by (s.bq <~> bits) + 0 limit segments_read),
  close as materialized (
    select c.chunk_id from routed cross join lateral (
      select v.chunk_id, v.org_id, v.access, v.groups, v.bq from kalamna.chunk_vec v where v.segment_id = routed.id offset 0) c
     where c.org_id = org and c.access between lowest and reader
       and (c.groups is null or everything or c.groups && mine)
     order by (c.bq <~> bits) + 0 limit chunks_rescored)
  select array_agg(n.chunk_id order by n.distance, n.chunk_id) into ids from (
    select v.chunk_id, (v.embedding <=> question::halfvec(768)) + 0 distance
      from close cross join lateral (
        select x.chunk_id, x.org_id, x.embedding from kalamna.chunk_vec x
         where x.chunk_id = close.chunk_id and x.embedding_model = model offset 0) v
     where v.org_id = org
     order by 2, 1 limit wanted) n;
end $$;

-- As in 0002, and says which model the organization searches with: a question in another one is answered by its words.
create or replace function kalamna.search_chunks(
  question halfvec, model text, asked_terms int[], asked_weights float8[], asked_lexemes text[],
  only_documents uuid[], only_metadata jsonb, only_level smallint, lexical_wanted int, vector_wanted int)
returns json language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  reader constant smallint := kalamna.access();
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
  -- Chunks ranked before their neighbours' scores may reorder them.
  pool constant int := 100;
  neighbour_share constant float8 := 0.15;
  lowest smallint := coalesce(only_level, 0);
  highest smallint := least(coalesce(only_level, reader), reader);
  documents_in_scope uuid[];
  -- The model of the organization when the question is in it; else null, and words alone find.
  current_model text;
  comparable text;
  corpus int;
  scope int;
  asked record;
  nearest_ids uuid[] := '{}';
  nearest_path text := 'none';
  matching uuid[] := '{}';
  found json;
begin
  select e.model into current_model from kalamna.org_embedding e where e.org_id = org;
  comparable := case when question is not null and model = current_model then current_model end;
  select coalesce(sum(c.chunks), 0) into corpus from kalamna.org_corpus c
   where c.org_id = org and c.access <= reader and (c.groups is null or everything or c.groups && mine);
  scope := corpus;
  if only_documents is not null or only_metadata is not null then
    select coalesce(array_agg(d.id), '{}'), coalesce(sum(d.chunks), 0) into documents_in_scope, scope
      from kalamna.documents d
     where d.org_id = org and d.access between lowest and highest
       and (d.groups is null or everything or d.groups && mine)
       and (only_documents is null or d.id = any (only_documents))
       and (only_metadata is null or d.metadata @> only_metadata);
  end if;

  select * into asked from kalamna.weigh_question(asked_terms, asked_weights, asked_lexemes, corpus);
  if asked.sv is not null then
    matching := coalesce(kalamna.matching_chunks(
      asked.sv, case when documents_in_scope is null then asked.candidates end, documents_in_scope, lowest, highest,
      greatest(pool, lexical_wanted)), '{}');
  end if;
  if comparable is not null then
    select coalesce(n.ids, '{}'), n.path into nearest_ids, nearest_path
      from kalamna.nearest_chunks(question, comparable, documents_in_scope, lowest, highest, scope, vector_wanted) n;
  end if;

  with united as (select distinct u.id from unnest(matching || nearest_ids) u(id)),
  scored as materialized (
    select l.chunk_id, l.document_id, l.ordinal, u.id = any (nearest_ids) as is_near,
           case when l.own > 0 then l.own + neighbour_share * coalesce((
             select sum(-(n.sv <#> asked.sv)) from kalamna.chunk_lex n
              where n.org_id = org and n.document_id = l.document_id and n.access between lowest and highest
                and (n.groups is null or everything or n.groups && mine)
                and n.ordinal in (l.ordinal - 1, l.ordinal + 1)), 0) else 0 end as lexical,
           (select 1 - (v.embedding <=> question::halfvec(768)) from (
             select x.* from kalamna.chunk_vec x
              where x.chunk_id = u.id and x.embedding_model = comparable offset 0) v
             where v.org_id = org) as vector
      from united u cross join lateral (
        select x.chunk_id, x.org_id, x.document_id, x.ordinal, x.access, x.groups, coalesce(-(x.sv <#> asked.sv), 0) own
          from kalamna.chunk_lex x where x.chunk_id = u.id offset 0) l
     where l.org_id = org and l.access between lowest and highest
       and (l.groups is null or everything or l.groups && mine)
  ), kept as (
    select r.chunk_id, r.lexical, r.vector from (
      select s.*, row_number() over (order by s.lexical desc, s.document_id, s.ordinal) as place from scored s) r
     where r.is_near or (r.lexical > 0 and r.place <= lexical_wanted)
  ), hits as (
    select k.chunk_id, c.document_id, d.name as document_name, d.title, c.version, c.ordinal, c.content, c.page,
           c.heading, c.start_offset as start, c.end_offset as "end", d.access_level, d.metadata, k.lexical, k.vector
      from kept k
     cross join lateral (select x.* from kalamna.chunks x where x.id = k.chunk_id offset 0) c
     cross join lateral (select x.* from kalamna.documents x where x.id = c.document_id offset 0) d
     where c.org_id = org and d.org_id = org
       and c.access between lowest and highest and d.access between lowest and highest
       and (c.groups is null or everything or c.groups && mine)
       and (d.groups is null or everything or d.groups && mine)
  )
  select json_agg(h) into found from hits h;
  return json_build_object(
    'corpus', corpus, 'reach', coalesce(asked.reach, 0),
    'lexical', json_build_object('path', case when documents_in_scope is null and asked.candidates is not null
                                              then 'terms' else 'exact' end,
                                 'found', cardinality(matching)),
    'vector', json_build_object('path', nearest_path, 'found', cardinality(nearest_ids)), 'model', current_model,
    'hits', coalesce(found, '[]'));
end $$;

-- Changing -----------------------------------------------------------------------------------------

-- Begins a change, for an organization that has published nothing as well: it has the model at once. False while another
-- change runs. A change to the model it has gives vectors to the chunks that lack one.
create function kalamna.change_embedding_model(wanted text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform kalamna.pin_embedding_model(wanted);
  update kalamna.org_embedding e
     set change_id = gen_random_uuid(), phase = 'embedding', target = wanted, piece = 1, lease_until = null,
         run_after = now() + interval '3 minutes', cursor_document = null, cursor_ordinal = null, tokens = 0,
         failure_code = null, failure_detail = null, started_at = now(), updated_at = now()
   where e.org_id = kalamna.org_id() and e.phase is distinct from 'embedding';
  return found;
end $$;

-- Refuses whoever does not see every chunk: they could not tell whether one lacks a vector.
create function kalamna.demand_every_chunk() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if kalamna.role() <> 'admin' or kalamna.access() < 1 then
    raise exception 'not every chunk can be seen' using errcode = '42501';
  end if;
end $$;

-- The next chunks, from the cursor on and then from the beginning, that have no vector of the change's target; no row:
-- none at all lacks it, or the change is over. `content` is left out where the organization has the vector already.
-- Runs as kalamna_door for the same reason as the search functions: with the policies' conditions in sight, and before
-- the first ANALYZE, the planner would read all of the organization's vectors for each chunk (20,000 chunks: 35 s).
create function kalamna.chunks_without_vector(change uuid, most int)
returns table (id uuid, heading text[], content text, content_hash text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  org constant uuid := kalamna.org_id();
  wanted text;
  after_document uuid;
  after_ordinal int;
begin
  perform kalamna.demand_every_chunk();
  select e.target, coalesce(e.cursor_document, '00000000-0000-0000-0000-000000000000'), coalesce(e.cursor_ordinal, -1)
    into wanted, after_document, after_ordinal
    from kalamna.org_embedding e where e.org_id = org and e.change_id = change and e.phase = 'embedding';
  if not found then
    return;
  end if;
  return query
    select lacking.id, lacking.heading, case when lacking.known then null else lacking.content end, lacking.content_hash
      from (
        select c.*, exists (
                 select from kalamna.chunk_vec k
                  where k.org_id = org and k.embedding_model = wanted and k.content_hash = c.content_hash) as known
          from (
            (select x.id, x.heading, x.content, x.content_hash from kalamna.chunks x
              where x.org_id = org and (x.document_id, x.ordinal) > (after_document, after_ordinal) and not exists (
                select from (select y.embedding_model from kalamna.chunk_vec y where y.chunk_id = x.id offset 0) v
                 where v.embedding_model = wanted)
              order by x.document_id, x.ordinal limit most)
            union all
            (select x.id, x.heading, x.content, x.content_hash from kalamna.chunks x
              where x.org_id = org and (x.document_id, x.ordinal) <= (after_document, after_ordinal) and not exists (
                select from (select y.embedding_model from kalamna.chunk_vec y where y.chunk_id = x.id offset 0) v
                 where v.embedding_model = wanted)
              order by x.document_id, x.ordinal limit most)
            limit most) c) lacking;
end $$;

-- Gives chunks their vector of the change's target and groups them into segments, like publish_document. A null vector
-- is taken from a chunk with the same text. How many chunks got one; null, and nothing done, when the change is over.
create function kalamna.stage_vectors(change uuid, ids uuid[], vectors text[], threshold float8, spent bigint)
returns int language plpgsql set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  largest_segment constant int := 16;
  wanted text;
  staged int := 0;
  last record;
  chunk record;
  opens boolean;
  its_segment uuid;
  current_document uuid;
  current_segment uuid;
  current_size int;
  direction vector;
begin
  -- Readers' rights must not change between reading them from the chunk and writing them beside its vector.
  perform kalamna.hold_statistics();
  select e.target into wanted from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'embedding' for update;
  if not found then
    return null;
  end if;
  for chunk in
    select c.id, c.document_id, c.ordinal, c.access, c.groups, c.content_hash,
           coalesce(given.vector::halfvec(768), (
             select k.embedding from kalamna.chunk_vec k
              where k.org_id = org and k.embedding_model = wanted and k.content_hash = c.content_hash limit 1)) as embedding
      from unnest(ids, vectors) given(id, vector)
     cross join lateral (select x.* from kalamna.chunks x where x.org_id = org and x.id = given.id offset 0) c
     order by c.document_id, c.ordinal
  loop
    continue when chunk.embedding is null;
    opens := current_segment is null or current_size >= largest_segment or chunk.document_id <> current_document
             or 1 - (direction <=> chunk.embedding::vector(768)) < threshold;
    its_segment := case when opens then gen_random_uuid() else current_segment end;
    insert into kalamna.chunk_vec (chunk_id, org_id, document_id, segment_id, access, groups, embedding_model,
                                   content_hash, embedding)
    values (chunk.id, org, chunk.document_id, its_segment, chunk.access, chunk.groups, wanted, chunk.content_hash,
            chunk.embedding)
    on conflict (chunk_id, embedding_model) do nothing;
    continue when not found;
    if not opens then
      current_size := current_size + 1;
      direction := direction + chunk.embedding::vector(768);
    else
      if current_segment is not null then
        insert into kalamna.segments (id, org_id, document_id, access, groups, embedding_model, size, bq)
        values (current_segment, org, last.document_id, last.access, last.groups, wanted, current_size,
                binary_quantize(direction)::bit(768));
      end if;
      current_document := chunk.document_id;
      current_segment := its_segment;
      current_size := 1;
      direction := chunk.embedding::vector(768);
    end if;
    staged := staged + 1;
    last := chunk;
  end loop;
  if current_segment is not null then
    insert into kalamna.segments (id, org_id, document_id, access, groups, embedding_model, size, bq)
    values (current_segment, org, last.document_id, last.access, last.groups, wanted, current_size,
            binary_quantize(direction)::bit(768));
    update kalamna.org_embedding e set cursor_document = last.document_id, cursor_ordinal = last.ordinal
     where e.org_id = org;
  end if;
  update kalamna.org_embedding e
     set tokens = e.tokens + spent, lease_until = now() + interval '3 minutes', updated_at = now()
   where e.org_id = org;
  return staged;
end $$;

-- From one moment to the next, and only when no chunk lacks a vector of the target, the organization searches with it.
create function kalamna.flip_embedding_model(change uuid) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  wanted text;
begin
  perform kalamna.demand_every_chunk();
  -- Nothing is published meanwhile.
  perform kalamna.hold_statistics();
  select e.target into wanted from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'embedding' for update;
  -- A chunk has at most one vector of it, and every vector has its chunk: as many means none lacks it.
  if not found or (select count(*) from kalamna.chunks c where c.org_id = org)
                  <> (select count(*) from kalamna.chunk_vec v where v.org_id = org and v.embedding_model = wanted) then
    return false;
  end if;
  update kalamna.org_embedding e
     set model = wanted, target = null, phase = 'removing', cursor_document = null, cursor_ordinal = null,
         failure_code = null, failure_detail = null, updated_at = now()
   where e.org_id = org;
  return true;
end $$;

-- Takes up to `most` vectors and as many segments of other models away; how many it took. The change ends when there
-- are none left.
create function kalamna.remove_other_vectors(change uuid, most int) returns int
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  kept text;
  vectors int;
  runs int;
begin
  -- In turn with whoever deletes a document or changes its readers.
  perform kalamna.hold_statistics();
  select e.model into kept from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'removing' for update;
  if not found then
    return 0;
  end if;
  -- Two ranges instead of one inequality: an index serves them. By place: nobody moves a row while we hold the above.
  delete from kalamna.chunk_vec v where v.org_id = org and v.ctid = any (array(
    (select x.ctid from kalamna.chunk_vec x where x.org_id = org and x.embedding_model < kept limit most)
    union all
    (select x.ctid from kalamna.chunk_vec x where x.org_id = org and x.embedding_model > kept limit most)
    limit most));
  get diagnostics vectors = row_count;
  delete from kalamna.segments s where s.org_id = org and s.ctid = any (array(
    (select x.ctid from kalamna.segments x where x.org_id = org and x.embedding_model < kept limit most)
    union all
    (select x.ctid from kalamna.segments x where x.org_id = org and x.embedding_model > kept limit most)
    limit most));
  get diagnostics runs = row_count;
  if vectors + runs = 0 then
    update kalamna.org_embedding e
       set change_id = null, phase = null, lease_until = null, run_after = null, updated_at = now()
     where e.org_id = org;
  end if;
  return vectors + runs;
end $$;

-- How many chunks there are, how many have a vector of each model, and about how many tokens they hold: for admins,
-- whatever they may read.
create function kalamna.embedding_figures() returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare org constant uuid := kalamna.org_id();
begin
  if kalamna.role() <> 'admin' then
    raise exception 'only an admin is told what changing the model takes' using errcode = '42501';
  end if;
  return json_build_object(
    'chunks', (select count(*) from kalamna.chunks c where c.org_id = org),
    'tokens', (select coalesce(sum(d.tokens), 0) from kalamna.documents d
                where d.org_id = org and d.published_version is not null),
    'embedded', (select coalesce(json_object_agg(m.embedding_model, m.chunks), '{}') from (
                   select v.embedding_model, count(*) chunks from kalamna.chunk_vec v
                    where v.org_id = org group by v.embedding_model) m));
end $$;
alter function kalamna.embedding_figures owner to kalamna_door;
alter function kalamna.chunks_without_vector owner to kalamna_door;

do $$
declare name text;
begin
  foreach name in array array['pin_embedding_model', 'change_embedding_model', 'demand_every_chunk',
                              'chunks_without_vector', 'stage_vectors', 'flip_embedding_model', 'remove_other_vectors', 'embedding_figures'] loop
    execute format('revoke execute on function kalamna.%I from public', name);
    execute format('grant execute on function kalamna.%I to kalamna_app', name);
  end loop;
end $$;
grant execute on function kalamna.demand_every_chunk to kalamna_door;
