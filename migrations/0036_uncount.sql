-- As in 0002: takes a document's chunks out of the statistics of the audiences they have right now. Each term is looked up
-- by itself (fenced, `offset 0`): under row level security and before the first ANALYZE the planner otherwise compared
-- every term of the document with every term of the organization (320 chunks: 16 s).
create or replace function kalamna.uncount_document(document uuid) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
begin
  with gone as materialized (
    select u.term, l.access, l.groups, count(*)::int df from kalamna.chunk_lex l, unnest(l.terms) u(term)
     where l.org_id = org and l.document_id = uncount_document.document group by u.term, l.access, l.groups
  ), counted as materialized (
    select o.place, gone.df from gone cross join lateral (
      select x.ctid as place, x.access, x.groups from kalamna.org_terms x
       where x.org_id = org and x.term = gone.term offset 0) o
     where o.access = gone.access and o.groups is not distinct from gone.groups
  )
  update kalamna.org_terms t set df = t.df - counted.df from counted where t.ctid = counted.place and t.org_id = org;

  with gone as materialized (
    select distinct u.term from kalamna.chunk_lex l, unnest(l.terms) u(term)
     where l.org_id = org and l.document_id = uncount_document.document
  ), unused as materialized (
    select o.place from gone cross join lateral (
      select x.ctid as place, x.df from kalamna.org_terms x where x.org_id = org and x.term = gone.term offset 0) o
     where o.df <= 0
  )
  delete from kalamna.org_terms t using unused where t.ctid = unused.place and t.org_id = org;

  update kalamna.org_corpus c set chunks = c.chunks - gone.chunks
    from (select l.access, l.groups, count(*)::int chunks from kalamna.chunk_lex l
           where l.org_id = org and l.document_id = uncount_document.document group by l.access, l.groups) gone
   where c.org_id = org and c.access = gone.access and c.groups is not distinct from gone.groups;
end $$;
