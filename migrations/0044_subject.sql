-- How much of a question a passage answers, where every document is about one subject: the subject's own word is in all
-- of them, so its IDF is nothing, and the one word that none has would be all of the question.

-- As in 0026_forms.sql, with a second weighing: how well a chunk answers the question, not which one does it best. There a
-- word of the documents weighs the more the more of them have it, at least two fifths of the rarest word, and a word
-- that none has the less the fewer chunks there are: small vocabularies lack many.
drop function kalamna.weigh_question;
create function kalamna.weigh_question(
  asked_terms int[], asked_weights float8[], asked_lexemes text[], corpus int,
  out sv sparsevec, out subject sparsevec, out reach float8, out candidates int[])
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  reader constant smallint := kalamna.access();
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
  ceiling constant float8 := 2.2;
  scan_all_below constant int := 20000;
  -- Up to this weight before IDF a word is a stop word, or an earlier turn's.
  aside constant float8 := 0.35;
  known_at_least constant float8 := 0.4;
  -- Natural logarithm of the chunks from which a word that none has weighs as much as the rarest.
  telling_from constant float8 := 6;
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
    select a.term, a.weight, a.df, a.weight > aside as tells from asked a where a.df > 0
    union all
    select near.term, a.weight * near.likeness, near.df, a.weight > aside from asked a cross join lateral (
      select o.term, max(similarity(o.lexeme, a.lexeme))::float8 likeness, sum(o.df)::int df
        from kalamna.org_terms o
       where o.org_id::text = org::text and o.lexeme % a.lexeme and o.access <= reader
         and (o.groups is null or everything or o.groups && mine)
       group by o.term order by likeness desc, min(o.lexeme) limit 3) near
     where a.known = 0 and a.lexeme is not null
  ), rated as (
    select u.term, u.weight, u.df, i.idf, case when u.tells then greatest(i.idf, i.most) else i.idf end telling
      from used u cross join lateral (
        select ln(1 + (corpus - u.df + 0.5) / (u.df + 0.5)) idf,
               ln(1 + corpus) * (known_at_least + (1 - known_at_least) * u.df / greatest(corpus, u.df)) most) i
  ), weighed as (
    select r.term, sum(r.weight * r.idf) weight, sum(r.weight * r.telling) telling, min(r.df) df
      from rated r group by r.term
  ), entries as (
    select ((w.term::bigint & 4294967295) >> 3) + 1 dimension, sum(w.weight) weight, sum(w.telling) telling
      from weighed w where w.weight > 0 group by 1
  ), rarest as (
    select w.term, w.df, sum(w.df) over rarity as chunks, row_number() over rarity as nth
      from weighed w window rarity as (order by w.df, w.term)
  ), words as (
    -- A stop word that no chunk happens to have says nothing about the subject.
    select max(case when a.known = 0 and a.weight > aside
                      then a.weight * ln(1 + corpus) * least(1, ln(1 + corpus) / telling_from)
                    else a.weight * r.telling end) best
      from asked a left join (select distinct term, df, telling from rated) r on r.term = a.term and r.df = a.df
     group by a.word
  )
  select (select format('{%s}/536870912', string_agg(e.dimension || ':' || e.weight::real, ',' order by e.dimension))
            from entries e)::sparsevec,
         (select format('{%s}/536870912', string_agg(e.dimension || ':' || e.telling::real, ',' order by e.dimension))
            from entries e)::sparsevec,
         ceiling * (select sum(w.best) from words w),
         (select array_agg(r.term) from rarest r where r.nth <= 2 or r.chunks <= corpus / 10),
         (select sum(r.df) from rarest r where r.nth <= 2 or r.chunks <= corpus / 10)
    into sv, subject, reach, kept_terms, kept_chunks;
  if corpus > scan_all_below and kept_chunks <= corpus / 5 then
    candidates := kept_terms;
  end if;
end $$;
alter function kalamna.weigh_question owner to kalamna_door;
revoke execute on function kalamna.weigh_question from public;

-- As in 0028_filters.sql; a hit comes with how well it answers the question, of which the reach is the most.
create or replace function kalamna.search_chunks(
  question halfvec, model text, asked_terms int[], asked_weights float8[], asked_lexemes text[],
  only_documents uuid[], only_metadata jsonb, only_level smallint, lexical_wanted int, vector_wanted int,
  only_where jsonb default null)
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
  scan_all_below constant int := 20000;
  lowest smallint := coalesce(only_level, 0);
  highest smallint := least(coalesce(only_level, reader), reader);
  documents_in_scope uuid[];
  -- The model of the organization when the question is in it; else null, and words alone find.
  current_model text;
  comparable text;
  corpus int;
  scope int;
  asked record;
  -- Terms of which a chunk must have one; null: all chunks are read.
  rarest int[];
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
  if only_documents is not null or only_metadata is not null or only_where is not null then
    execute format('
      select coalesce(array_agg(d.id), ''{}''), coalesce(sum(d.chunks), 0) from kalamna.documents d
       where d.org_id = $1 and d.access between $2 and $3 and (d.groups is null or $4 or d.groups && $5)
         and ($6 is null or d.id = any ($6)) and ($7 is null or d.metadata @> $7) and %s',
      coalesce(kalamna.filter_sql(only_where), 'true'))
      into documents_in_scope, scope using org, lowest, highest, everything, mine, only_documents, only_metadata;
  end if;

  select * into asked from kalamna.weigh_question(asked_terms, asked_weights, asked_lexemes, corpus);
  if asked.sv is not null then
    rarest := case when scope > scan_all_below then asked.candidates end;
    matching := coalesce(kalamna.matching_chunks(
      asked.sv, rarest, documents_in_scope, lowest, highest, greatest(pool, lexical_wanted)), '{}');
    -- Where the vectors bring as many, they fill in; else the frequent words do, whatever reading them all costs.
    if rarest is not null and cardinality(matching) + vector_wanted < lexical_wanted then
      rarest := null;
      matching := coalesce(kalamna.matching_chunks(
        asked.sv, null, documents_in_scope, lowest, highest, greatest(pool, lexical_wanted)), '{}');
    end if;
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
           c.heading, c.start_offset as start, c.end_offset as "end", d.access_level, d.metadata, k.lexical, k.vector,
           case when k.lexical > 0 then (
             select sum(-(n.sv <#> asked.subject) * case when n.ordinal = c.ordinal then 1 else neighbour_share end)
               from kalamna.chunk_lex n
              where n.org_id = org and n.document_id = c.document_id and n.access between lowest and highest
                and (n.groups is null or everything or n.groups && mine)
                and n.ordinal between c.ordinal - 1 and c.ordinal + 1) else 0 end as telling
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
    'lexical', json_build_object('path', case when rarest is null then 'exact' else 'terms' end,
                                 'found', cardinality(matching)),
    'vector', json_build_object('path', nearest_path, 'found', cardinality(nearest_ids)), 'model', current_model,
    'hits', coalesce(found, '[]'));
end $$;
