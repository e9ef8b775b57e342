-- Cells are counted in chunks: where a segment is a single chunk, cells held thirty, and a question spent more time on weighing
-- 1,600 of them and entering 200 than on reading what was in them. As in 0048_halving.sql but for that; cells there stay.
create or replace function kalamna.settle_segments(org uuid, model text, most int) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  -- Chunks a cell: few enough to read only near ones, and enough that weighing all cells costs less than reading some.
  largest constant int := least(256, greatest(128, (
    select 0.8 * sqrt(coalesce(sum(c.chunks), 0)) from kalamna.org_corpus c where c.org_id = org)));
  chunks int;
  new uuid[];
  touched uuid[];
  parted uuid[];
  crowded uuid;
  changed uuid[];
begin
  if not pg_try_advisory_xact_lock(hashtextextended('kalamna.cells ' || org, 0)) then
    return 0;
  end if;
  select array_agg(s.id), coalesce(sum(s.size), 0) into new, chunks from (
    select x.id, x.size from kalamna.segments x
     where x.org_id = org and x.cell_id is null and x.embedding_model = model limit most) s;
  insert into kalamna.cells (org_id, embedding_model, center)
  select org, model, m.mean from kalamna.segment_means(org, new[1:1]) m
   where not exists (select from kalamna.cells c where c.org_id = org and c.embedding_model = model);
  touched := kalamna.place_segments(org, model, new);
  perform kalamna.center_cells(org, touched);
  parted := touched;
  -- Twice as many as there may be new cells; one that is still crowded then is parted when something new comes to it.
  for round in 1 .. 8 + 8 * chunks / largest loop
    select s.cell_id into crowded from kalamna.segments s where s.org_id = org and s.cell_id = any (parted)
     group by s.cell_id having sum(s.size) > largest limit 1;
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

-- As in 0050_own.sql, but a cell costs less to enter, since more is in it, and somewhat more is read and compared: of 5,000
-- chunks three fifths, of 20,000 a twelfth, of 100,000 a little more than a percent.
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
  -- In chunks that are read in a row.
  cost_of_choosing constant int := 1;
  cost_of_entering constant int := 5;
  enough constant float8 := 1200 + 9e6 / greatest(scope, 1);
  rescored constant int := greatest(130, wanted);
  asked constant halfvec(768) := question;
  unit halfvec(768);
  step halfvec(768);
  twice halfvec(768);
  thrice halfvec(768);
  high bit varying;
  middle bit varying;
  low bit varying;
  high4 bit(3072);
  middle4 bit(3072);
  low4 bit(3072);
  readable int;
  cells int;
  chosen int;
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
  -- A level's number is how many of seven steps the question lies above: its highest bit is the sign, its lowest says whether
  -- they are odd.
  unit := l2_normalize(asked);
  step := array_fill((0.586 / sqrt(768))::real, array[768]);
  twice := array_fill((2 * 0.586 / sqrt(768))::real, array[768]);
  thrice := array_fill((3 * 0.586 / sqrt(768))::real, array[768]);
  high := binary_quantize(asked);
  middle := high # binary_quantize(unit + twice) # binary_quantize(unit - twice);
  low := middle # binary_quantize(unit + thrice) # binary_quantize(unit + step)
                # binary_quantize(unit - step) # binary_quantize(unit - thrice);
  high4 := high || high || high || high;
  middle4 := middle || middle || middle || middle;
  low4 := low || low || low || low;
  -- Whatever groups and documents leave of it: all of it would be read.
  select coalesce(sum(c.chunks), 0) into readable
    from kalamna.org_corpus c where c.org_id = org and c.access = any (levels);
  select count(*) into cells from kalamna.cells x where x.org_id = org;
  chosen := ceil(cells * enough / greatest(scope, 1));
  if cost_of_choosing * cells + cost_of_entering * chosen + enough < readable then
    select array_agg(c.id) into visited from (
      select x.id from kalamna.cells x where x.org_id = org and x.embedding_model = model
       order by kalamna.code_distance(x.code, (select high4), (select middle4), (select low4)) limit chosen) c;
  end if;
  for pass in 1 .. 2 loop
    -- Constants as subqueries: asked for once instead of at each chunk; and the planner does not weigh an array's elements.
    if visited is null then
      select array_agg(n.chunk_id) into near from (
        select v.chunk_id, kalamna.code_distance(v.code, (select high4), (select middle4), (select low4)) as distance
          from kalamna.chunk_vec v
         where v.org_id = org and v.cell_id is null and v.access = any (levels) and v.embedding_model = model
           and (v.groups is null or everything or v.groups && mine)
           and (only_documents is null or v.document_id = any (only_documents))
        union all
        select v.chunk_id, kalamna.code_distance(v.code, (select high4), (select middle4), (select low4))
          from kalamna.chunk_vec v
         -- Compared as bytes, for which there is no index.
         where v.org_id = org and v.cell_id is not null and v.access = any (levels)
           and v.embedding_model = model collate "C"
           and (v.groups is null or everything or v.groups && mine)
           and (only_documents is null or v.document_id = any (only_documents))
         order by 2 limit rescored) n;
    else
      select array_agg(n.chunk_id) into near from (
        select v.chunk_id, kalamna.code_distance(v.code, (select high4), (select middle4), (select low4)) as distance
          from kalamna.chunk_vec v
         where v.org_id = org and v.cell_id is null and v.access = any (levels) and v.embedding_model = model
           and (v.groups is null or everything or v.groups && mine)
           and (only_documents is null or v.document_id = any (only_documents))
        union all
        select v.chunk_id, kalamna.code_distance(v.code, (select high4), (select middle4), (select low4))
          from kalamna.chunk_vec v
         where v.org_id = org and v.cell_id = any (array(select unnest(visited))) and v.access = any (levels)
           and (v.groups is null or everything or v.groups && mine)
           and (only_documents is null or v.document_id = any (only_documents))
         order by 2 limit rescored) n;
    end if;
    exit when visited is null or cardinality(near) >= least(wanted, scope);
    visited := null;
  end loop;
  select array_agg(n.chunk_id order by n.distance, n.chunk_id) into ids from (
    select v.chunk_id, (v.embedding <=> asked) + 0 distance from kalamna.chunk_vec v
     where v.chunk_id = any (array(select unnest(near))) and v.embedding_model = model and v.org_id = org
     order by 2, 1 limit wanted) n;
end $$;
