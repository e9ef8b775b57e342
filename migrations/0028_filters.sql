-- Filters: comparisons of a document's labels and of what we know about it, resolved to the documents that match before
-- anything is ranked.

-- The moment that an ISO 8601 date or date-time names, in UTC where it names no offset; null for any other text, and
-- for days that do not exist.
create function kalamna.moment_of(text) returns timestamptz
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
begin
  if $1 !~ '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$' then
    return null;
  end if;
  if $1 ~ '(Z|[+-]\d{2}:?\d{2})$' and length($1) > 10 then
    return $1::timestamptz;
  end if;
  return $1::timestamp at time zone 'UTC';
exception when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
  return null;
end $$;

-- One comparison as a condition on a document `d`. Every key and value is quoted by format's %L; operators and columns
-- are ours. What a document does not have equals nothing, and is neither larger nor smaller than anything.
create function kalamna.comparison_sql(comparison jsonb) returns text
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
declare
  kind constant text := comparison ->> 'type';
  key constant text := comparison ->> 'key';
  value constant jsonb := comparison -> 'value';
  operator constant text := case kind when 'gt' then '>' when 'gte' then '>=' when 'lt' then '<' when 'lte' then '<=' end;
  own constant text := case key
    when 'document.id' then 'd.id' when 'document.source_id' then 'd.source_id' when 'document.name' then 'd.name'
    when 'document.external_id' then 'd.external_id' when 'document.access_level' then 'd.access_level'
    when 'document.content_type' then 'd.content_type' when 'document.created_at' then 'd.created_at'
    when 'document.updated_at' then 'd.updated_at' end;
  texts text[];
  equal text;
begin
  if operator is not null and own is not null then
    return format('%s %s %s', own, operator, case jsonb_typeof(value)
      when 'number' then format('to_timestamp(%L::float8)', value::text)
      else format('kalamna.moment_of(%L)', value #>> '{}') end);
  elsif operator is not null and jsonb_typeof(value) = 'number' then
    return format('(jsonb_typeof(d.metadata -> %1$L) = ''number'' and d.metadata -> %1$L %2$s %3$L::jsonb)',
                  key, operator, value::text);
  elsif operator is not null and kalamna.moment_of(value #>> '{}') is not null then
    return format('kalamna.moment_of(d.metadata ->> %L) %s kalamna.moment_of(%L)', key, operator, value #>> '{}');
  elsif operator is not null then
    return format('(jsonb_typeof(d.metadata -> %1$L) = ''string'' and (d.metadata ->> %1$L) collate "C" %2$s %3$L)',
                  key, operator, value #>> '{}');
  end if;

  select array_agg(v #>> '{}') into texts
    from jsonb_array_elements(case jsonb_typeof(value) when 'array' then value else jsonb_build_array(value) end) v;
  if own is not null then
    equal := format('%s = any (%L::%s[])', own, texts::text,
                    case when key in ('document.id', 'document.source_id') then 'uuid' else 'text' end);
  elsif key = 'document.groups' then
    equal := format('d.groups && %L::uuid[]', texts::text);
  elsif jsonb_typeof(value) = 'array' then
    equal := format('d.metadata @> any (%L::jsonb[])', (
      select array_agg(jsonb_build_object(key, v))::text from jsonb_array_elements(value) v));
  else
    equal := format('d.metadata @> %L::jsonb', jsonb_build_object(key, value)::text);
  end if;
  if kind in ('eq', 'in') then
    return equal;
  elsif kind in ('ne', 'nin') then
    return format('not coalesce(%s, false)', equal);
  end if;
  -- Leaving a condition out would find more than was asked for.
  raise exception 'not a filter' using errcode = '22023';
end $$;

-- A filter as a condition on a document `d`. Fails for what is no filter.
create function kalamna.filter_sql(filter jsonb) returns text
language plpgsql immutable strict set search_path = pg_catalog, pg_temp as $$
begin
  if filter ->> 'type' in ('and', 'or') then
    return '(' || (select string_agg(kalamna.filter_sql(f), format(' %s ', filter ->> 'type'))
                     from jsonb_array_elements(filter -> 'filters') f) || ')';
  end if;
  return kalamna.comparison_sql(filter);
end $$;

-- As in 0016, within the documents that `only_where` describes (null: all), and never short of passages because the
-- rarest words alone were looked up. The last argument has a default: a Worker from before this migration leaves it out.
drop function kalamna.search_chunks(halfvec, text, int[], float8[], text[], uuid[], jsonb, smallint, int, int);
create function kalamna.search_chunks(
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
    'lexical', json_build_object('path', case when rarest is null then 'exact' else 'terms' end,
                                 'found', cardinality(matching)),
    'vector', json_build_object('path', nearest_path, 'found', cardinality(nearest_ids)), 'model', current_model,
    'hits', coalesce(found, '[]'));
end $$;

alter function kalamna.search_chunks owner to kalamna_door;
revoke execute on function kalamna.search_chunks, kalamna.filter_sql, kalamna.comparison_sql, kalamna.moment_of from public;
grant execute on function kalamna.search_chunks to kalamna_app;
grant execute on function kalamna.filter_sql, kalamna.comparison_sql, kalamna.moment_of to kalamna_door;
