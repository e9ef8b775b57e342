-- Publishing chunks and finding them. Everything here acts for whoever kalamna.enter let in; nothing takes an
-- organization or a right to read as an argument.

-- Publishing ---------------------------------------------------------------------------------------

-- Whoever changes an organization's statistics holds the row of its widest audience first: two writers then wait for
-- each other instead of meeting halfway through each other's terms (deadlock). Called before any other lock.
create function kalamna.hold_statistics() returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into kalamna.org_corpus (org_id, access) values (kalamna.org_id(), 0)
  on conflict (org_id, access, groups) do nothing;
  perform from kalamna.org_corpus c
    where c.org_id = kalamna.org_id() and c.access = 0 and c.groups is null for update;
end $$;

-- Takes a document's chunks out of the statistics of the audiences they have right now.
create function kalamna.uncount_document(document uuid) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
begin
  update kalamna.org_terms t set df = t.df - gone.df
    from (select u.term, l.access, l.groups, count(*)::int df from kalamna.chunk_lex l, unnest(l.terms) u(term)
           where l.org_id = org and l.document_id = uncount_document.document group by u.term, l.access, l.groups) gone
   where t.org_id = org and t.term = gone.term and t.access = gone.access and t.groups is not distinct from gone.groups;
  delete from kalamna.org_terms t where t.org_id = org and t.df <= 0 and t.term in (
    select u.term from kalamna.chunk_lex l, unnest(l.terms) u(term)
     where l.org_id = org and l.document_id = uncount_document.document);
  update kalamna.org_corpus c set chunks = c.chunks - gone.chunks
    from (select l.access, l.groups, count(*)::int chunks from kalamna.chunk_lex l
           where l.org_id = org and l.document_id = uncount_document.document group by l.access, l.groups) gone
   where c.org_id = org and c.access = gone.access and c.groups is not distinct from gone.groups;
end $$;

-- Takes a document's chunks out of the index, and their terms out of the statistics. How many chunks it had.
create function kalamna.unindex_document(document uuid) returns int
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  removed int;
begin
  perform kalamna.hold_statistics();
  select count(*) into removed
    from kalamna.chunk_lex l where l.org_id = org and l.document_id = unindex_document.document;
  if removed = 0 then
    return 0;
  end if;
  perform kalamna.uncount_document(unindex_document.document);
  delete from kalamna.chunk_vec v where v.org_id = org and v.document_id = unindex_document.document;
  delete from kalamna.segments s where s.org_id = org and s.document_id = unindex_document.document;
  delete from kalamna.chunk_lex l where l.org_id = org and l.document_id = unindex_document.document;
  delete from kalamna.chunks c where c.org_id = org and c.document_id = unindex_document.document;
  return removed;
end $$;

-- Replaces a document's chunks by the drafts of one version; how many there are now. Null, and nothing done, when
-- there are no drafts, one lacks its vector, or the document is gone or at another version.
-- Consecutive drafts share a segment while their cosine to its centroid stays at `threshold` or above, 16 at most.
create function kalamna.publish_document(document uuid, version int, threshold float8) returns int
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
  current_size int;
  direction vector;
begin
  perform kalamna.hold_statistics();
  select d.access, d.groups into level, audience from kalamna.documents d
   where d.org_id = org and d.id = publish_document.document and d.version = publish_document.version for update;
  if not found then
    return null;
  end if;
  select count(*) into published from kalamna.chunk_drafts d
   where d.org_id = org and d.document_id = publish_document.document and d.version = publish_document.version
  having count(*) > 0 and count(*) = count(d.embedding);
  if not found then
    return null;
  end if;
  perform kalamna.unindex_document(publish_document.document);

  for draft in
    select d.embedding::vector(768) as embedding, d.embedding_model as model from kalamna.chunk_drafts d
     where d.org_id = org and d.document_id = publish_document.document and d.version = publish_document.version
     order by d.ordinal
  loop
    -- The sum points where the mean points, and cosine asks for no more.
    if current_segment is null or current_size >= largest_segment or draft.model <> current_model
       or 1 - (direction <=> draft.embedding) < threshold then
      if current_segment is not null then
        insert into kalamna.segments (id, org_id, document_id, access, groups, embedding_model, size, bq)
        values (current_segment, org, publish_document.document, level, audience, current_model, current_size,
                binary_quantize(direction)::bit(768));
      end if;
      current_segment := gen_random_uuid();
      current_model := draft.model;
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

-- Gives all of a document's chunks another audience; how many there are. Call it before touching the document's own
-- row, like the functions above, with the groups as that row will have them: sorted, each once.
create function kalamna.reaccess_document(document uuid, access smallint, groups uuid[]) returns int
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  org constant uuid := kalamna.org_id();
  moved int;
begin
  perform kalamna.hold_statistics();
  select count(*) into moved from kalamna.chunk_lex l
   where l.org_id = org and l.document_id = reaccess_document.document
     and (l.access, l.groups) is distinct from (reaccess_document.access, reaccess_document.groups);
  if moved = 0 then
    return 0;
  end if;
  insert into kalamna.org_terms (org_id, term, access, groups, lexeme, df)
  select org, seen.term, reaccess_document.access, reaccess_document.groups, min(t.lexeme), sum(seen.df)
    from (select u.term, l.access, l.groups, count(*) df from kalamna.chunk_lex l, unnest(l.terms) u(term)
           where l.org_id = org and l.document_id = reaccess_document.document group by u.term, l.access, l.groups) seen
    join kalamna.org_terms t on t.org_id = org and t.term = seen.term and t.access = seen.access
                            and t.groups is not distinct from seen.groups
   group by seen.term
  on conflict (org_id, term, access, groups) do update set df = org_terms.df + excluded.df;
  insert into kalamna.org_corpus (org_id, access, groups, chunks)
  values (org, reaccess_document.access, reaccess_document.groups, moved)
  on conflict (org_id, access, groups) do update set chunks = org_corpus.chunks + excluded.chunks;
  perform kalamna.uncount_document(reaccess_document.document);
  update kalamna.chunks c set access = reaccess_document.access, groups = reaccess_document.groups
   where c.org_id = org and c.document_id = reaccess_document.document;
  update kalamna.chunk_vec v set access = reaccess_document.access, groups = reaccess_document.groups
   where v.org_id = org and v.document_id = reaccess_document.document;
  update kalamna.segments s set access = reaccess_document.access, groups = reaccess_document.groups
   where s.org_id = org and s.document_id = reaccess_document.document;
  update kalamna.chunk_lex l set access = reaccess_document.access, groups = reaccess_document.groups
   where l.org_id = org and l.document_id = reaccess_document.document;
  return moved;
end $$;

-- Searching ----------------------------------------------------------------------------------------
-- These run as kalamna_door: under row level security their operators, which are not leakproof, would lose their
-- indexes. They filter by kalamna.org_id() and the reader's rights in every table they read; the rights are written out
-- (kalamna.may_read says the same) because a constant is compared faster than a setting is read. A row looked up by its
-- id is fenced (`offset 0`) and filtered outside the fence: before the first ANALYZE the planner would rather read all of the
-- organization's rows for each id (measured: 80 ms instead of .5).

-- The question as the organization's own statistics weigh it: each term times its IDF, words nobody here uses
-- replaced by the three most similar ones somebody does. The statistics count the chunks that the reader may see, so
-- that no score can tell what other documents say.
--   sv         to be multiplied with chunk_lex.sv
--   reach      the score of a chunk that answered every word, of which the best chunk's share says how much is on topic
--   candidates the rarest terms, when looking up the chunks that have one of them beats reading all; else null
create function kalamna.weigh_question(
  asked_terms int[], asked_weights float8[], asked_lexemes text[], corpus int,
  out sv sparsevec, out reach float8, out candidates int[])
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  reader constant smallint := kalamna.access();
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
  ceiling constant float8 := 2.2;
  scan_all_below constant int := 20000;
  kept_terms int[];
  kept_chunks bigint;
begin
  with asked as (
    select a.term, a.weight, a.lexeme, (
             select coalesce(sum(o.df), 0)::int from kalamna.org_terms o
              where o.org_id = org and o.term = a.term and o.access <= reader
                and (o.groups is null or everything or o.groups && mine)) df
      from unnest(asked_terms, asked_weights, asked_lexemes) a(term, weight, lexeme)
  ), used as (
    select a.term, a.weight, a.df from asked a where a.df > 0
    union all
    select near.term, a.weight * near.likeness, near.df from asked a cross join lateral (
      select o.term, max(similarity(o.lexeme, a.lexeme))::float8 likeness, sum(o.df)::int df
        from kalamna.org_terms o
       where o.org_id::text = org::text and o.lexeme % a.lexeme and o.access <= reader
         and (o.groups is null or everything or o.groups && mine)
       group by o.term order by likeness desc, min(o.lexeme) limit 3) near
     where a.df = 0 and a.lexeme is not null
  ), weighed as (
    select u.term, sum(u.weight * ln(1 + (corpus - u.df + 0.5) / (u.df + 0.5))) weight, min(u.df) df
      from used u group by u.term
  ), entries as (
    select ((w.term::bigint & 4294967295) >> 3) + 1 dimension, sum(w.weight) weight
      from weighed w where w.weight > 0 group by 1
  ), rarest as (
    select w.term, w.df, sum(w.df) over rarity as chunks, row_number() over rarity as nth
      from weighed w window rarity as (order by w.df, w.term)
  )
  select (select format('{%s}/536870912', string_agg(e.dimension || ':' || e.weight::real, ',' order by e.dimension))
            from entries e)::sparsevec,
         -- A stop word that no chunk happens to have says nothing about the subject.
         ceiling * (select sum(a.weight * case when a.df > 0 then ln(1 + (corpus - a.df + 0.5) / (a.df + 0.5))
                                               when a.weight > 0.35 then ln(1 + corpus) else 0 end) from asked a),
         (select array_agg(r.term) from rarest r where r.nth <= 2 or r.chunks <= corpus / 10),
         (select sum(r.df) from rarest r where r.nth <= 2 or r.chunks <= corpus / 10)
    into sv, reach, kept_terms, kept_chunks;
  if corpus > scan_all_below and kept_chunks <= corpus / 5 then
    candidates := kept_terms;
  end if;
end $$;

-- The chunks whose vectors are nearest to the question's. Small scopes are read whole; larger ones through the
-- centroids of their segments, then bit distance, then exact cosine (facts: recall .99 at every size).
create function kalamna.nearest_chunks(
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
        select x.chunk_id, x.org_id, x.embedding from kalamna.chunk_vec x where x.chunk_id = close.chunk_id offset 0) v
     where v.org_id = org
     order by 2, 1 limit wanted) n;
end $$;

-- The chunks whose weighed terms match the question best, before their neighbours are looked at.
create function kalamna.matching_chunks(
  question sparsevec, candidates int[], only_documents uuid[], lowest smallint, highest smallint, wanted int)
returns uuid[] language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  reader constant smallint := least(highest, kalamna.access());
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
begin
  -- Ties follow the text, not random ids: publishing a document again must not reorder anything.
  return (select array_agg(m.chunk_id) from (
    select l.chunk_id, l.sv <#> question distance from kalamna.chunk_lex l
     where l.org_id = org and l.access between lowest and reader
       and (l.groups is null or everything or l.groups && mine)
       and (only_documents is null or l.document_id = any (only_documents))
       and (candidates is null or l.terms && candidates)
     order by 2, l.document_id, l.ordinal limit wanted) m where m.distance < 0);
end $$;

-- One call per question: the union of what both arms found, each chunk with both scores and all a reader is told.
--   only_documents, only_metadata, only_level  null, or what the search is confined to, before anything is ranked
--   lexical_wanted, vector_wanted              most chunks per arm
create function kalamna.search_chunks(
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
  corpus int;
  scope int;
  asked record;
  nearest record;
  matching uuid[] := '{}';
  found json;
begin
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
  select n.ids, n.path into nearest
    from kalamna.nearest_chunks(question, model, documents_in_scope, lowest, highest, scope, vector_wanted) n;
  nearest.ids := coalesce(nearest.ids, '{}');

  with united as (select distinct u.id from unnest(matching || nearest.ids) u(id)),
  scored as materialized (
    select l.chunk_id, l.document_id, l.ordinal, u.id = any (nearest.ids) as is_near,
           case when l.own > 0 then l.own + neighbour_share * coalesce((
             select sum(-(n.sv <#> asked.sv)) from kalamna.chunk_lex n
              where n.org_id = org and n.document_id = l.document_id and n.access between lowest and highest
                and (n.groups is null or everything or n.groups && mine)
                and n.ordinal in (l.ordinal - 1, l.ordinal + 1)), 0) else 0 end as lexical,
           (select 1 - (v.embedding <=> question::halfvec(768)) from (
             select x.* from kalamna.chunk_vec x where x.chunk_id = u.id offset 0) v
             where v.org_id = org and v.embedding_model = model) as vector
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
    'vector', json_build_object('path', nearest.path, 'found', cardinality(nearest.ids)),
    'hits', coalesce(found, '[]'));
end $$;

do $$
declare name text;
begin
  foreach name in array array['weigh_question', 'nearest_chunks', 'matching_chunks', 'search_chunks'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
  end loop;
end $$;
revoke execute on all functions in schema kalamna from public;
grant execute on function kalamna.hold_statistics, kalamna.uncount_document, kalamna.publish_document,
  kalamna.unindex_document, kalamna.reaccess_document, kalamna.search_chunks to kalamna_app;
