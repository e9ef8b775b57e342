-- Settling ends. Where bits said little about which centers are near, as with vectors of many zeros, all of a crowded cell's
-- segments went together into the new cell, which then was the crowded one, and so on for minutes. More centers are compared
-- themselves, halves go to their own, a cell that has only one half stays whole, and the rounds have an end.

-- As in 0043_centers.sql, but the nearest of 64.
create or replace function kalamna.place_segments(org uuid, model text, ids uuid[]) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  considered constant int := 64;
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
  -- Twice as many as there may be new cells; one that is still crowded then is parted when something new comes to it.
  for round in 1 .. 8 + 8 * coalesce(cardinality(new), 0) / largest loop
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

-- As in 0043_centers.sql; null also when all of the cell's segments would go to the same one.
create or replace function kalamna.halve_cell(org uuid, model text, cell uuid) returns uuid[]
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
  -- The other half's center may be none of the nearest by their bits, as those of vectors with many zeros are.
  update kalamna.segments s set cell_id = case when (m.mean <=> here) <= (m.mean <=> there) then cell else other end
    from unnest(ids, means) m(id, mean)
   where s.org_id = org and s.id = m.id and s.cell_id in (cell, other);
  if (select count(distinct s.cell_id) from kalamna.segments s where s.org_id = org and s.id = any (ids)) = 1 then
    update kalamna.segments s set cell_id = halve_cell.cell where s.org_id = org and s.id = any (ids);
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
