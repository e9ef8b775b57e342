-- A question reads a share of an organization's segments, however unlike each other a document's chunks are: segments lie
-- in cells of similar ones, of whichever documents. Facts and figures: docs/decisions.md, `npm run bench recall`.

create table kalamna.cells (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  embedding_model text not null,
  -- Where the mean of its segments points, whoever may read them.
  bq bit(768) not null,
  unique (org_id, id)
);
create index cells_route on kalamna.cells (org_id, embedding_model) include (id, bq);
alter table kalamna.cells enable row level security;
alter table kalamna.cells force row level security;
-- Nobody reads them but the functions below.
create policy door on kalamna.cells to kalamna_door using (true) with check (true);
grant select, insert, update, delete on kalamna.cells to kalamna_door;
create policy remover on kalamna.cells for select to kalamna_remover using (true);
create policy remover_takes on kalamna.cells for delete to kalamna_remover using (true);
grant select (org_id, ctid), delete on kalamna.cells to kalamna_remover;

-- Null while a segment is new; the sweeper settles segments where they are many. Their chunks are read by cell, from the
-- index alone and one after the other: looking one up by its id costs as much as comparing ten in a row.
alter table kalamna.segments add column cell_id uuid;
alter table kalamna.segments add foreign key (org_id, cell_id) references kalamna.cells (org_id, id)
  on delete set null (cell_id);
create index segments_cell on kalamna.segments (org_id, cell_id) include (id, embedding_model, bq);
drop index kalamna.segments_route;
alter table kalamna.chunk_vec add column cell_id uuid;
alter table kalamna.chunk_vec add foreign key (org_id, cell_id) references kalamna.cells (org_id, id)
  on delete set null (cell_id);
create index chunk_vec_cell on kalamna.chunk_vec (org_id, cell_id, access)
  include (chunk_id, document_id, groups, embedding_model, bq);
drop index kalamna.chunk_vec_segment;
create index chunk_vec_segment on kalamna.chunk_vec (segment_id);
create policy door_settles on kalamna.segments for update to kalamna_door using (true) with check (true);
create policy door_settles on kalamna.chunk_vec for update to kalamna_door using (true) with check (true);
grant update (cell_id) on kalamna.segments, kalamna.chunk_vec to kalamna_door;

-- Organizations, and the models of theirs, that have so many new chunks that reading them all would take long.
create function kalamna.unsettled() returns table (org_id uuid, embedding_model text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  few_enough constant int := 1000;
begin
  return query
    select c.org_id, m.model
      from (select o.org_id from kalamna.org_corpus o group by o.org_id having sum(o.chunks) >= few_enough) c
      join kalamna.org_embedding e on e.org_id = c.org_id
     cross join lateral unnest(array[e.model, e.target]) m(model)
     where m.model is not null and few_enough <= (
       select sum(s.size) from kalamna.segments s
        where s.org_id = c.org_id and s.cell_id is null and s.embedding_model = m.model);
end $$;

-- Puts up to `most` new segments into the cells that point where they point, and halves those that get too large. How many.
create function kalamna.settle_segments(org uuid, model text, most int) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  largest constant int := 64;
  touched uuid[];
  crowded uuid;
  other uuid;
  settled int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('kalamna.cells ' || org, 0)) then
    return 0;
  end if;
  insert into kalamna.cells (org_id, embedding_model, bq)
  select org, model, s.bq from kalamna.segments s
   where s.org_id = org and s.cell_id is null and s.embedding_model = model
     and not exists (select from kalamna.cells c where c.org_id = org and c.embedding_model = model) limit 1;
  with known as materialized (
    select c.id, c.bq from kalamna.cells c where c.org_id = org and c.embedding_model = model
  ), new as materialized (
    select s.id, (select k.id from known k order by (k.bq <~> s.bq) + 0 limit 1) as cell
      from kalamna.segments s where s.org_id = org and s.cell_id is null and s.embedding_model = model limit most
  ), placed as (
    update kalamna.segments s set cell_id = new.cell from new where s.id = new.id and s.org_id = org returning s.cell_id)
  select count(*), array_agg(distinct p.cell_id) into settled, touched from placed p;
  loop
    select s.cell_id into crowded from kalamna.segments s where s.org_id = org and s.cell_id = any (touched)
     group by s.cell_id having count(*) > largest limit 1;
    exit when not found;
    other := kalamna.halve_cell(org, model, crowded);
    -- What cannot be told apart stays together.
    touched := case when other is null then array_remove(touched, crowded) else touched || other end;
  end loop;
  update kalamna.chunk_vec v set cell_id = s.cell_id
    from kalamna.segments s
   where s.org_id = org and v.org_id = org and v.segment_id = s.id and v.cell_id is distinct from s.cell_id;
  delete from kalamna.cells c where c.org_id = org and not exists (
    select from kalamna.segments s where s.org_id = org and s.cell_id = c.id);
  return settled;
end $$;

-- Two cells of one: around two segments far from each other at first, then around the means of what lies nearer to each.
-- The new one; null when all lie in the same place.
create function kalamna.halve_cell(org uuid, model text, cell uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  rounds constant int := 2;
  here bit(768);
  there bit(768);
  means record;
  other uuid;
begin
  select s.bq into there from kalamna.segments s where s.org_id = org and s.cell_id = cell order by s.id limit 1;
  select s.bq into here from kalamna.segments s
   where s.org_id = org and s.cell_id = cell order by (s.bq <~> there) desc limit 1;
  for round in 1 .. rounds loop
    select binary_quantize(avg(v.embedding) filter (where m.nearer))::bit(768) as first,
           binary_quantize(avg(v.embedding) filter (where not m.nearer))::bit(768) as second into means
      from (select s.id, (s.bq <~> here) <= (s.bq <~> there) as nearer from kalamna.segments s
             where s.org_id = org and s.cell_id = cell) m
     cross join lateral (select x.embedding from kalamna.chunk_vec x where x.segment_id = m.id offset 0) v;
    if means.first is null or means.second is null then
      return null;
    end if;
    here := means.first;
    there := means.second;
  end loop;
  insert into kalamna.cells (org_id, embedding_model, bq) values (org, model, there) returning id into other;
  update kalamna.cells c set bq = here where c.id = cell;
  -- Whoever strayed into this cell while others were few goes where it belongs by now.
  with known as materialized (
    select c.id, c.bq from kalamna.cells c where c.org_id = org and c.embedding_model = model
  ), best as materialized (
    select s.id, (select k.id from known k order by (k.bq <~> s.bq) + 0 limit 1) as cell
      from kalamna.segments s where s.org_id = org and s.cell_id = halve_cell.cell)
  update kalamna.segments s set cell_id = best.cell
    from best where s.id = best.id and s.org_id = org and best.cell <> halve_cell.cell;
  if not found then
    delete from kalamna.cells c where c.id = other;
    return null;
  end if;
  return other;
end $$;

-- The chunks whose vectors are nearest to the question's. Small scopes are read whole. Of others, all new chunks and those
-- of the nearest cells are compared by their bits, and the best of them by their vectors. How many of each depends on the
-- question: whatever lies within a margin of the best counts, much where nothing is near. (A bit distance tells a cosine
-- with a standard deviation of 14.) Who sees a share of the chunks has as many more cells looked at, and all before going
-- with less than was wanted.
create or replace function kalamna.nearest_chunks(
  question halfvec, model text, only_documents uuid[], lowest smallint, highest smallint, scope int, wanted int,
  out ids uuid[], out path text)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
set jit = off set enable_seqscan = off as $$
declare
  org constant uuid := kalamna.org_id();
  levels constant smallint[] := array(select generate_series(lowest::int, least(highest, kalamna.access())));
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
  scan_all_below constant int := 400;
  route_all_below constant int := 8000;
  cell_margin constant int := 60;
  chunk_margin constant int := 40;
  asked constant halfvec(768) := question;
  bits constant bit(768) := binary_quantize(asked)::bit(768);
  some_cells int;
  visited uuid[];
  near uuid[];
begin
  if scope <= scan_all_below then
    path := 'exact';
    select array_agg(n.chunk_id order by n.distance, n.chunk_id) into ids from (
      select v.chunk_id, (v.embedding <=> asked) + 0 distance from kalamna.chunk_vec v
       where v.org_id = org and v.embedding_model = model and v.access = any (levels)
         and (v.groups is null or everything or v.groups && mine)
         and (only_documents is null or v.document_id = any (only_documents))
       order by 2, 1 limit wanted) n;
    return;
  end if;
  path := 'segments';
  if scope > route_all_below then
    some_cells := 64 * greatest(1, (
      select sum(c.chunks) from kalamna.org_corpus c where c.org_id = org)::float8 / scope);
  end if;
  for pass in 1 .. 2 loop
    select array_agg(r.id) into visited from (
      select c.id, c.distance, row_number() over (order by c.distance) as nth, min(c.distance) over () as best
        from (select x.id, (x.bq <~> bits) + 0 as distance from kalamna.cells x
               where x.org_id = org and x.embedding_model = model
               order by 2 limit some_cells::bigint * 16) c) r
     where some_cells is null or r.nth <= some_cells or r.distance <= r.best + cell_margin;
    select array_agg(r.chunk_id) into near from (
      select c.chunk_id, c.distance, row_number() over (order by c.distance) as nth, min(c.distance) over () as best
        from (select v.chunk_id, (v.bq <~> bits) + 0 distance from kalamna.chunk_vec v
               where v.org_id = org and v.cell_id is null and v.access = any (levels) and v.embedding_model = model
                 and (v.groups is null or everything or v.groups && mine)
                 and (only_documents is null or v.document_id = any (only_documents))
              union all
              select v.chunk_id, (v.bq <~> bits) + 0 from kalamna.chunk_vec v
               -- Not a constant, whose elements the planner would weigh one by one.
               where v.org_id = org and v.cell_id = any (array(select unnest(visited))) and v.access = any (levels)
                 and (v.groups is null or everything or v.groups && mine)
                 and (only_documents is null or v.document_id = any (only_documents))
               order by 2 limit 800) c) r
     where r.nth <= 200 or r.distance <= r.best + chunk_margin;
    exit when some_cells is null or cardinality(near) >= least(wanted, scope);
    some_cells := null;
  end loop;
  select array_agg(n.chunk_id order by n.distance, n.chunk_id) into ids from (
    select v.chunk_id, (v.embedding <=> asked) + 0 distance from kalamna.chunk_vec v
     where v.chunk_id = any (array(select unnest(near))) and v.embedding_model = model and v.org_id = org
     order by 2, 1 limit wanted) n;
end $$;

do $$
declare name text;
begin
  foreach name in array array['unsettled', 'settle_segments', 'halve_cell', 'nearest_chunks'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
grant execute on function kalamna.unsettled, kalamna.settle_segments to kalamna_system;
