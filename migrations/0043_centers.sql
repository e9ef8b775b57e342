-- Cells know where the mean of their chunks points, hold fewer segments where an organization is small, and take from their
-- neighbours what lies nearer to them. Vectors are compared by two bits a dimension, on both sides, before they are compared
-- themselves: a question then reads some thousand chunks. Figures: docs/decisions.md, `npm run bench recall`.

-- The second bit of a vector's code, one for each dimension; the first is its sign, `binary_quantize`. Four even levels of
-- a normal distribution lie best .9957 deviations apart (Max, Quantizing for Minimum Distortion, 1960).
create function kalamna.low_bits(coded halfvec) returns bit(768)
language sql immutable strict parallel safe
begin atomic
  select public.binary_quantize(coded operator(public.-) s.step)::bit(768)
       | (public.binary_quantize(coded operator(public.+) s.step)::bit(768) & ~public.binary_quantize(coded)::bit(768))
    from (select array_fill((0.9957 * public.l2_norm(coded) / sqrt(768))::real, array[768])::public.halfvec(768) as step) s;
end;

alter table kalamna.cells add column center public.halfvec(768);
-- Whoever migrates owns the tables and has no policy.
alter table kalamna.cells no force row level security;
alter table kalamna.chunk_vec no force row level security;
update kalamna.cells c set center = m.center
  from (select v.org_id, v.cell_id, public.l2_normalize(public.avg(v.embedding))::public.halfvec(768) as center
          from kalamna.chunk_vec v where v.cell_id is not null group by 1, 2) m
 where c.org_id = m.org_id and c.id = m.cell_id;
delete from kalamna.cells c where c.center is null;
alter table kalamna.cells force row level security;
alter table kalamna.chunk_vec force row level security;
alter table kalamna.cells alter column center set not null, alter column center set storage plain, drop column bq;
alter table kalamna.cells
  add column bq bit(768) not null generated always as (public.binary_quantize(center)::bit(768)) stored,
  add column bq_low bit(768) not null generated always as (kalamna.low_bits(center)) stored;
create index cells_route on kalamna.cells (org_id, embedding_model) include (id, bq, bq_low);

-- New chunks stay out of the index by cell: each would leave its place again within minutes.
drop index kalamna.chunk_vec_cell;
alter table kalamna.chunk_vec
  add column bq_low bit(768) not null generated always as (kalamna.low_bits(embedding)) stored;
create index chunk_vec_cell on kalamna.chunk_vec (org_id, cell_id, access)
  include (chunk_id, document_id, bq, bq_low, groups, embedding_model) where cell_id is not null;
create index chunk_vec_new on kalamna.chunk_vec (org_id, embedding_model) where cell_id is null;

-- Where segments point: each one's mean, of length 1.
create function kalamna.segment_means(org uuid, ids uuid[]) returns table (id uuid, bq bit, cell_id uuid, mean halfvec)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  return query
    select s.id, s.bq, s.cell_id, m.mean from kalamna.segments s
     cross join lateral (select l2_normalize(avg(v.embedding)) as mean from (
       select x.embedding from kalamna.chunk_vec x where x.segment_id = s.id offset 0) v) m
     where s.id = any (segment_means.ids) and s.org_id = segment_means.org and m.mean is not null;
end $$;

-- Puts segments into the cells that point where they point: the nearest by their vectors of the sixteen nearest by their
-- bits. The cells that got one.
create function kalamna.place_segments(org uuid, model text, ids uuid[]) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  considered constant int := 16;
  touched uuid[];
begin
  with known as materialized (
    select c.id, c.bq, c.center from kalamna.cells c where c.org_id = org and c.embedding_model = model
  ), best as materialized (
    select m.id, m.cell_id as before, (
             select n.id from (select k.id, k.center from known k order by (k.bq <~> m.bq) + 0 limit considered) n
              order by (n.center <=> m.mean) + 0 limit 1) as cell
      from kalamna.segment_means(org, ids) m
  ), placed as (
    update kalamna.segments s set cell_id = best.cell from best
     where s.id = best.id and s.org_id = org and best.cell is distinct from best.before returning s.cell_id)
  select coalesce(array_agg(distinct p.cell_id), '{}') into touched from placed p;
  return touched;
end $$;

create or replace function kalamna.settle_segments(org uuid, model text, most int) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  -- Segments a cell: as many chunks are in one as a question may well read, and no more cells than it may well compare.
  largest constant int := least(64, greatest(16, (
    select sqrt(coalesce(sum(c.chunks), 0)) / 4 from kalamna.org_corpus c where c.org_id = org)));
  new uuid[];
  touched uuid[];
  parted uuid[];
  crowded uuid;
  changed uuid[];
begin
  if not pg_try_advisory_xact_lock(hashtextextended('kalamna.cells ' || org, 0)) then
    return 0;
  end if;
  select array_agg(s.id) into new from (
    select x.id from kalamna.segments x
     where x.org_id = org and x.cell_id is null and x.embedding_model = model limit most) s;
  insert into kalamna.cells (org_id, embedding_model, center)
  select org, model, m.mean from kalamna.segment_means(org, new[1:1]) m
   where not exists (select from kalamna.cells c where c.org_id = org and c.embedding_model = model);
  touched := kalamna.place_segments(org, model, new);
  perform kalamna.center_cells(org, touched);
  parted := touched;
  for round in 1 .. 4 * most loop
    select s.cell_id into crowded from kalamna.segments s where s.org_id = org and s.cell_id = any (parted)
     group by s.cell_id having count(*) > largest limit 1;
    exit when not found;
    changed := kalamna.halve_cell(org, model, crowded);
    -- What cannot be told apart stays together.
    parted := case when changed is null then array_remove(parted, crowded) else parted || changed end;
    touched := touched || changed;
  end loop;
  perform kalamna.center_cells(org, touched);
  update kalamna.chunk_vec v set cell_id = s.cell_id
    from kalamna.segments s
   where s.org_id = org and s.cell_id = any (touched)
     and v.org_id = org and v.segment_id = s.id and v.cell_id is distinct from s.cell_id;
  delete from kalamna.cells c where c.org_id = org and not exists (
    select from kalamna.segments s where s.org_id = org and s.cell_id = c.id);
  return coalesce(cardinality(new), 0);
end $$;

-- Lets these cells point where the mean of their chunks points.
create function kalamna.center_cells(org uuid, ids uuid[]) returns void
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
  update kalamna.cells c set center = m.center
    from (select s.cell_id, l2_normalize(avg(v.embedding))::halfvec(768) as center from kalamna.segments s
           cross join lateral (select x.embedding from kalamna.chunk_vec x where x.segment_id = s.id offset 0) v
           where s.org_id = org and s.cell_id = any (ids) group by 1) m
   where c.id = m.cell_id and c.org_id = org;
end $$;

drop function kalamna.halve_cell;
-- Two cells of one: around two segments far from each other at first, then around the means of what lies nearer to each.
-- Whoever is in it, or in a cell nearby, goes where it belongs by now. The cells that changed; null when all of the cell's
-- segments lie in the same place.
create function kalamna.halve_cell(org uuid, model text, cell uuid) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  rounds constant int := 3;
  nearby constant int := 6;
  ids uuid[];
  means halfvec[];
  here halfvec;
  there halfvec;
  halves record;
  other uuid;
  moved uuid[];
begin
  select array_agg(m.id), array_agg(m.mean) into ids, means
    from kalamna.segment_means(org, array(
      select s.id from kalamna.segments s where s.org_id = org and s.cell_id = halve_cell.cell order by s.id)) m;
  there := means[1];
  for round in 1 .. 2 loop
    here := there;
    select m.mean into there from unnest(means) m(mean) order by (m.mean <=> here) desc limit 1;
  end loop;
  for round in 1 .. rounds loop
    select l2_normalize(avg(m.mean) filter (where m.nearer)) as first,
           l2_normalize(avg(m.mean) filter (where not m.nearer)) as second into halves
      from (select x.mean, (x.mean <=> here) <= (x.mean <=> there) as nearer from unnest(means) x(mean)) m;
    if halves.first is null or halves.second is null then
      return null;
    end if;
    here := halves.first;
    there := halves.second;
  end loop;
  insert into kalamna.cells (org_id, embedding_model, center) values (org, model, there) returning id into other;
  update kalamna.cells c set center = here where c.id = cell;
  moved := kalamna.place_segments(org, model, ids);
  if cardinality(moved) = 0 then
    delete from kalamna.cells c where c.id = other;
    return null;
  end if;
  with around as (
    (select c.id, c.center from kalamna.cells c
      where c.org_id = org and c.embedding_model = model and c.id not in (cell, other)
      order by (c.bq <~> binary_quantize(here)::bit(768)) + 0 limit nearby)
    union
    (select c.id, c.center from kalamna.cells c
      where c.org_id = org and c.embedding_model = model and c.id not in (cell, other)
      order by (c.bq <~> binary_quantize(there)::bit(768)) + 0 limit nearby)
  ), theirs as materialized (
    select m.id, least(m.mean <=> here, m.mean <=> there) < (m.mean <=> a.center) as leaves,
           case when (m.mean <=> here) <= (m.mean <=> there) then cell else other end as cell
      from kalamna.segment_means(org, array(
             select s.id from kalamna.segments s join around a on a.id = s.cell_id where s.org_id = org)) m
      join around a on a.id = m.cell_id
  )
  update kalamna.segments s set cell_id = t.cell from theirs t where t.leaves and s.id = t.id and s.org_id = org;
  return moved || array[cell, other];
end $$;

-- The chunks whose vectors are nearest to the question's. Scopes of some hundred are read whole. Of others, all new chunks
-- and those of the nearest cells are compared by their codes, and the best of them by their vectors; all cells before going
-- with less than was wanted. Where a question is about nothing in particular its ten nearest lie anywhere: a small scope is
-- read to the half, a large one by a percent. Codes of four levels tell a cosine to .018; signs alone told it to .057.
-- Plans are made once: each statement has but one index that can serve it.
create or replace function kalamna.nearest_chunks(
  question halfvec, model text, only_documents uuid[], lowest smallint, highest smallint, scope int, wanted int,
  out ids uuid[], out path text)
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan
set jit = off set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  org constant uuid := kalamna.org_id();
  levels constant smallint[] := array(select generate_series(lowest::int, least(highest, kalamna.access())));
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
  scan_all_below constant int := 400;
  route_all_below constant int := 2500;
  enough constant float8 := 900 + 4e10 / greatest(scope, 1) ^ 2;
  rescored constant int := least(250, 145 + 3e9 / greatest(scope, 1) ^ 2);
  asked constant halfvec(768) := question;
  bits constant bit(768) := binary_quantize(asked)::bit(768);
  low constant bit(768) := kalamna.low_bits(asked);
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
    select ceil(count(*) * enough / scope) into some_cells
      from kalamna.cells c where c.org_id = org and c.embedding_model = model;
  end if;
  for pass in 1 .. 2 loop
    if some_cells is null then
      select array_agg(c.id) into visited from kalamna.cells c where c.org_id = org and c.embedding_model = model;
    else
      select array_agg(c.id) into visited from (
        select x.id from kalamna.cells x where x.org_id = org and x.embedding_model = model
         order by 4 * (x.bq <~> bits) + 2 * ((x.bq <~> low) + (x.bq_low <~> bits)) + (x.bq_low <~> low)
         limit some_cells) c;
    end if;
    select array_agg(n.chunk_id) into near from (
      select v.chunk_id, 4 * (v.bq <~> bits) + 2 * ((v.bq <~> low) + (v.bq_low <~> bits)) + (v.bq_low <~> low) as distance
        from kalamna.chunk_vec v
       where v.org_id = org and v.cell_id is null and v.access = any (levels) and v.embedding_model = model
         and (v.groups is null or everything or v.groups && mine)
         and (only_documents is null or v.document_id = any (only_documents))
      union all
      select v.chunk_id, 4 * (v.bq <~> bits) + 2 * ((v.bq <~> low) + (v.bq_low <~> bits)) + (v.bq_low <~> low)
        from kalamna.chunk_vec v
       -- Not a constant, whose elements the planner would weigh one by one.
       where v.org_id = org and v.cell_id = any (array(select unnest(visited))) and v.access = any (levels)
         and (v.groups is null or everything or v.groups && mine)
         and (only_documents is null or v.document_id = any (only_documents))
       order by 2 limit rescored) n;
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
  foreach name in array array['segment_means', 'place_segments', 'center_cells', 'halve_cell'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
