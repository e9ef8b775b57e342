-- Taught answers move to another embedding model together with the chunks.

-- The next phrases that have no vector of the change's target; no row: none lacks it, or the change is over.
create function kalamna.phrases_without_vector(change uuid, most int)
returns table (taught_id uuid, ordinal smallint, text text)
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  org constant uuid := kalamna.org_id();
  wanted text;
begin
  perform kalamna.demand_every_chunk();
  select e.target into wanted from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'embedding';
  if not found then
    return;
  end if;
  return query
    select p.taught_id, p.ordinal, p.text from kalamna.taught_phrases p
     where p.org_id = org and not exists (
       select from (select y.embedding_model from kalamna.taught_vectors y
                     where y.org_id = org and y.taught_id = p.taught_id and y.ordinal = p.ordinal offset 0) v
        where v.embedding_model = wanted)
     order by p.taught_id, p.ordinal limit most;
end $$;

-- Gives phrases their vector of the change's target, as far as they still say the same. False when the change is over.
--   given  [{taught_id, ordinal, text, vector}]
create function kalamna.stage_phrases(change uuid, given jsonb, spent bigint) returns boolean
language plpgsql set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  wanted text;
begin
  -- Nobody teaches meanwhile.
  perform kalamna.hold_statistics();
  select e.target into wanted from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'embedding' for update;
  if not found then
    return false;
  end if;
  insert into kalamna.taught_vectors (org_id, taught_id, ordinal, embedding_model, embedding)
  select org, p.taught_id, p.ordinal, wanted, g.vector::halfvec(768)
    from jsonb_to_recordset(given) g(taught_id uuid, ordinal smallint, text text, vector text)
   cross join lateral (
     -- Not deleted before this is done.
     select x.taught_id, x.ordinal from kalamna.taught_phrases x
      where x.org_id = org and x.taught_id = g.taught_id and x.ordinal = g.ordinal and x.text = g.text
        for key share) p
  on conflict do nothing;
  update kalamna.org_embedding e
     set tokens = e.tokens + spent, lease_until = now() + interval '3 minutes', updated_at = now()
   where e.org_id = org;
  return true;
end $$;

-- From one moment to the next, and only when no chunk and no taught phrase lacks a vector of the target, the organization
-- searches with it.
create or replace function kalamna.flip_embedding_model(change uuid) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  wanted text;
begin
  perform kalamna.demand_every_chunk();
  -- Nothing is published or taught meanwhile.
  perform kalamna.hold_statistics();
  select e.target into wanted from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'embedding' for update;
  -- A chunk has at most one vector of it, and every vector has its chunk: as many means none lacks it.
  if not found or (select count(*) from kalamna.chunks c where c.org_id = org)
                  <> (select count(*) from kalamna.chunk_vec v where v.org_id = org and v.embedding_model = wanted)
     or (select count(*) from kalamna.taught_phrases p where p.org_id = org)
        <> (select count(*) from kalamna.taught_vectors v where v.org_id = org and v.embedding_model = wanted) then
    return false;
  end if;
  update kalamna.org_embedding e
     set model = wanted, target = null, phase = 'removing', cursor_document = null, cursor_ordinal = null,
         failure_code = null, failure_detail = null, updated_at = now()
   where e.org_id = org;
  return true;
end $$;

-- Takes up to `most` vectors and as many segments of other models away, and those of taught phrases; how many it took.
-- The change ends when there are none left.
create or replace function kalamna.remove_other_vectors(change uuid, most int) returns int
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  kept text;
  vectors int;
  runs int;
  phrases int;
begin
  -- In turn with whoever deletes a document or changes its readers.
  perform kalamna.hold_statistics();
  select e.model into kept from kalamna.org_embedding e
   where e.org_id = org and e.change_id = change and e.phase = 'removing' for update;
  if not found then
    return 0;
  end if;
  -- Two ranges instead of one inequality: an index serves them. By place: nobody moves a row while we hold the above.
  delete from kalamna.chunk_vec v where v.org_id = org and v.ctid = any (array(
    (select x.ctid from kalamna.chunk_vec x where x.org_id = org and x.embedding_model < kept limit most)
    union all
    (select x.ctid from kalamna.chunk_vec x where x.org_id = org and x.embedding_model > kept limit most)
    limit most));
  get diagnostics vectors = row_count;
  delete from kalamna.segments s where s.org_id = org and s.ctid = any (array(
    (select x.ctid from kalamna.segments x where x.org_id = org and x.embedding_model < kept limit most)
    union all
    (select x.ctid from kalamna.segments x where x.org_id = org and x.embedding_model > kept limit most)
    limit most));
  get diagnostics runs = row_count;
  delete from kalamna.taught_vectors v where v.org_id = org and v.ctid = any (array(
    select x.ctid from kalamna.taught_vectors x where x.org_id = org and x.embedding_model <> kept limit most));
  get diagnostics phrases = row_count;
  if vectors + runs + phrases = 0 then
    update kalamna.org_embedding e
       set change_id = null, phase = null, lease_until = null, run_after = null, updated_at = now()
     where e.org_id = org;
  end if;
  return vectors + runs + phrases;
end $$;

do $$
declare name text;
begin
  foreach name in array array['phrases_without_vector', 'stage_phrases'] loop
    execute format('revoke execute on function kalamna.%I from public', name);
    execute format('grant execute on function kalamna.%I to kalamna_app', name);
  end loop;
end $$;

-- Active organizations that have phrases of an older analyzer; for the sweeper.
create or replace function kalamna.outdated_phrases(current smallint, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select distinct p.org_id from kalamna.taught_phrases p
    join kalamna.organizations o on o.id = p.org_id and o.status = 'active'
   where p.analyzer < current limit most;
end;
