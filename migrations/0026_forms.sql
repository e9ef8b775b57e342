-- A word of a question may come with other forms: its stems in several languages, a name whole, its parts.

-- As in 0002_retrieval.sql, with forms: a term whose weight is below zero is another form of the last word above zero, and
-- weighs its absolute value, and is never taken for rarer than the word unless it has a lexeme (a name, whole). Forms
-- are counted where they occur; to the reach a word adds what its best form does, and it
-- is unknown, and perhaps misspelt, when none of its forms occurs.
create or replace function kalamna.weigh_question(
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
  with given as (
    select a.term, abs(a.weight) weight, a.lexeme, a.weight >= 0 as is_word,
           count(*) filter (where a.weight >= 0) over (order by a.place) as word
      from unnest(asked_terms, asked_weights, asked_lexemes) with ordinality a(term, weight, lexeme, place)
  ), counted as (
    select o.term, sum(o.df)::int df from kalamna.org_terms o
     where o.org_id = org and o.term = any (asked_terms) and o.access <= reader
       and (o.groups is null or everything or o.groups && mine)
     group by o.term
  ), asked as materialized (
    select g.term, g.weight, case when g.is_word then g.lexeme end lexeme, g.word,
           case when c.df is null then 0
                when g.is_word or g.lexeme is not null then c.df
                else greatest(c.df, max(c.df) filter (where g.is_word) over (partition by g.word)) end df,
           max(coalesce(c.df, 0)) over (partition by g.word) as known
      from given g left join counted c using (term)
  ), used as (
    select a.term, a.weight, a.df from asked a where a.df > 0
    union all
    select near.term, a.weight * near.likeness, near.df from asked a cross join lateral (
      select o.term, max(similarity(o.lexeme, a.lexeme))::float8 likeness, sum(o.df)::int df
        from kalamna.org_terms o
       where o.org_id::text = org::text and o.lexeme % a.lexeme and o.access <= reader
         and (o.groups is null or everything or o.groups && mine)
       group by o.term order by likeness desc, min(o.lexeme) limit 3) near
     where a.known = 0 and a.lexeme is not null
  ), weighed as (
    select u.term, sum(u.weight * ln(1 + (corpus - u.df + 0.5) / (u.df + 0.5))) weight, min(u.df) df
      from used u group by u.term
  ), entries as (
    select ((w.term::bigint & 4294967295) >> 3) + 1 dimension, sum(w.weight) weight
      from weighed w where w.weight > 0 group by 1
  ), rarest as (
    select w.term, w.df, sum(w.df) over rarity as chunks, row_number() over rarity as nth
      from weighed w window rarity as (order by w.df, w.term)
  ), words as (
    -- A stop word that no chunk happens to have says nothing about the subject.
    select max(a.weight * case when a.df > 0 then ln(1 + (corpus - a.df + 0.5) / (a.df + 0.5))
                               when a.known = 0 and a.weight > 0.35 then ln(1 + corpus) else 0 end) best
      from asked a group by a.word
  )
  select (select format('{%s}/536870912', string_agg(e.dimension || ':' || e.weight::real, ',' order by e.dimension))
            from entries e)::sparsevec,
         ceiling * (select sum(w.best) from words w),
         (select array_agg(r.term) from rarest r where r.nth <= 2 or r.chunks <= corpus / 10),
         (select sum(r.df) from rarest r where r.nth <= 2 or r.chunks <= corpus / 10)
    into sv, reach, kept_terms, kept_chunks;
  if corpus > scan_all_below and kept_chunks <= corpus / 5 then
    candidates := kept_terms;
  end if;
end $$;

-- Which way of making terms (ANALYZER, src/text/words.ts) made a chunk's. Those of an older one are made anew from the
-- stored text, in the background; until then a question still meets the forms of words that both ways have in common.
alter table kalamna.chunk_drafts add column analyzer smallint not null default 1;
alter table kalamna.chunk_lex add column analyzer smallint not null default 1;
create index chunk_lex_analyzer on kalamna.chunk_lex (analyzer, org_id);

-- As in 0016; the terms come with their analyzer's number.
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
    insert into kalamna.chunk_lex (chunk_id, org_id, document_id, ordinal, access, groups, sv, terms, analyzer)
    select r.id, r.org_id, r.document_id, r.ordinal, level, audience, r.sv, r.terms, r.analyzer from ready r order by r.ordinal
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

-- Organizations that have chunks of an older analyzer; for the sweeper.
create function kalamna.outdated_terms(current smallint, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select distinct l.org_id from kalamna.chunk_lex l where l.analyzer < current limit most;
end;

-- Replaces the terms of these chunks ([{chunk_id, sv, terms, lexemes}]) where they are of an older analyzer, and counts
-- them anew. How many it was; chunks that a publication has replaced meanwhile are not there any more.
create function kalamna.renew_terms(given jsonb, current smallint) returns int
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  mine uuid[];
begin
  perform kalamna.hold_statistics();
  select coalesce(array_agg(l.chunk_id), '{}') into mine
    from jsonb_to_recordset(given) g(chunk_id uuid) join kalamna.chunk_lex l using (chunk_id)
   where l.org_id = org and l.analyzer < current;
  update kalamna.org_terms t set df = t.df - gone.df
    from (select u.term, l.access, l.groups, count(*)::int df from kalamna.chunk_lex l, unnest(l.terms) u(term)
           where l.org_id = org and l.chunk_id = any (mine) group by u.term, l.access, l.groups) gone
   where t.org_id = org and t.term = gone.term and t.access = gone.access and t.groups is not distinct from gone.groups;
  delete from kalamna.org_terms t where t.org_id = org and t.df <= 0 and t.term in (
    select u.term from kalamna.chunk_lex l, unnest(l.terms) u(term) where l.org_id = org and l.chunk_id = any (mine));
  update kalamna.chunk_lex l set sv = g.sv, terms = g.terms, analyzer = current
    from jsonb_to_recordset(given) g(chunk_id uuid, sv sparsevec, terms int[])
   where l.org_id = org and l.chunk_id = g.chunk_id and l.chunk_id = any (mine);
  insert into kalamna.org_terms (org_id, term, access, groups, lexeme, df)
  select org, u.term, l.access, l.groups, min(u.lexeme), count(*)
    from jsonb_to_recordset(given) g(chunk_id uuid, terms int[], lexemes text[])
    join kalamna.chunk_lex l on l.org_id = org and l.chunk_id = g.chunk_id and l.chunk_id = any (mine),
         unnest(g.terms, g.lexemes) u(term, lexeme)
   group by u.term, l.access, l.groups
  on conflict (org_id, term, access, groups) do update set df = org_terms.df + excluded.df;
  return cardinality(mine);
end $$;

alter function kalamna.outdated_terms owner to kalamna_door;
revoke execute on function kalamna.outdated_terms, kalamna.renew_terms from public;
grant execute on function kalamna.outdated_terms to kalamna_system;
grant execute on function kalamna.renew_terms to kalamna_app;
