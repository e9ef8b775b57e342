-- A word of a question may come with other forms: its stems in several languages, a name whole, its parts.

-- As in 0002_retrieval.sql, with forms: a term whose weight is below zero is another form of the last word above zero, and
-- weighs its absolute value. Forms are counted where they occur; to the reach a word adds what its best form does, and it
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
    select a.term, abs(a.weight) weight, a.lexeme,
           count(*) filter (where a.weight >= 0) over (order by a.place) as word
      from unnest(asked_terms, asked_weights, asked_lexemes) with ordinality a(term, weight, lexeme, place)
  ), counted as (
    select o.term, sum(o.df)::int df from kalamna.org_terms o
     where o.org_id = org and o.term = any (asked_terms) and o.access <= reader
       and (o.groups is null or everything or o.groups && mine)
     group by o.term
  ), asked as materialized (
    select g.term, g.weight, g.lexeme, g.word, coalesce(c.df, 0) df,
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
