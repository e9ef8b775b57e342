-- The recall meter: of an organization's recent questions, how many of the ten nearest chunks the routed answer has.

create table kalamna.recall_days (
  org_id uuid not null references kalamna.organizations on delete cascade,
  day date not null,
  embedding_model text not null,
  -- Compared; 0 when nobody asked anything in the last thirty days.
  questions int not null,
  -- Mean and worst share of the ten nearest that were found; null without questions.
  recall real check (recall between 0 and 1),
  worst real check (worst between 0 and 1),
  chunks int not null,
  -- Medians, in milliseconds inside the database.
  routed_ms real,
  exact_ms real,
  -- Median cosine of a chunk with the next one of its document, and with one of another document.
  neighbours real,
  strangers real,
  measured_at timestamptz not null default now(),
  primary key (org_id, day)
);
alter table kalamna.recall_days enable row level security;
alter table kalamna.recall_days force row level security;
create policy read on kalamna.recall_days for select to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin');
create policy door on kalamna.recall_days to kalamna_door using (true) with check (true);
create policy system on kalamna.recall_days for select to kalamna_system using (true);
create policy remover on kalamna.recall_days for select to kalamna_remover using (true);
grant select on kalamna.recall_days to kalamna_app;
grant select, insert on kalamna.recall_days to kalamna_door;
grant select (org_id, day, questions, recall) on kalamna.recall_days to kalamna_system;
grant select (org_id) on kalamna.recall_days to kalamna_remover;

-- Organizations whose turn it is today: each has its minute of the first six hours (UTC), and keeps it.
create function kalamna.recall_due(at timestamptz, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.org_id from kalamna.org_embedding e
    join kalamna.organizations o on o.id = e.org_id and o.status = 'active'
   where date_trunc('day', at, 'UTC') + (hashtext(e.org_id::text) & 2147483647) % 360 * interval '1 minute' <= at
     and not exists (select from kalamna.recall_days r
                      where r.org_id = e.org_id and r.day = (at at time zone 'UTC')::date)
   order by e.org_id limit most;
end;

-- Median cosine of a chunk with the next one of its document, and of chunks of different documents, from `most` chunks:
-- segments should break somewhere between the two. Null where there are no such pairs.
create function kalamna.measure_coherence(model text, most int, out neighbours real, out strangers real)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
begin
  with sample as materialized (
    select x.chunk_id, x.document_id, x.embedding, row_number() over () as nth from (
      select v.chunk_id, v.document_id, v.embedding from kalamna.chunk_vec v
       where v.org_id = org and v.embedding_model = model order by md5(v.chunk_id::text) limit most) x
  ), near as (
    select 1 - (s.embedding <=> n.embedding) as cosine from sample s
     cross join lateral (select c.ordinal from kalamna.chunks c where c.id = s.chunk_id offset 0) c
     cross join lateral (select d.id from kalamna.chunks d
                          where d.org_id = org and d.document_id = s.document_id and d.ordinal = c.ordinal + 1 offset 0) d
     cross join lateral (select v.embedding from kalamna.chunk_vec v
                          where v.chunk_id = d.id and v.embedding_model = model offset 0) n
  ), apart as (
    select 1 - (s.embedding <=> n.embedding) as cosine
      from sample s join sample n on n.nth = s.nth + 1 and n.document_id <> s.document_id
  )
  select (select percentile_cont(0.5) within group (order by n.cosine) from near n)::real,
         (select percentile_cont(0.5) within group (order by a.cosine) from apart a)::real
    into neighbours, strangers;
end $$;

-- Asks up to `most` of the organization's recent questions again, each with its asker's access, both ways, and writes the
-- day's row; nothing when it stands already. A chunk as near as the tenth counts, whichever of two equal ones was found.
create function kalamna.measure_recall(at timestamptz, most int) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  org constant uuid := kalamna.org_id();
  wanted constant int := 10;
  -- Chunks compared for all questions together: about four seconds.
  bound constant int := 2000000;
  current_model text;
  total int;
  asked record;
  routed uuid[];
  began timestamptz;
  routed_at timestamptz;
  tenth float8;
  there int;
  hits int;
  recalls float8[] := '{}';
  routed_times float8[] := '{}';
  exact_times float8[] := '{}';
  coherence record;
begin
  if not kalamna.is_service() then
    raise exception 'only deferred work measures' using errcode = '42501';
  end if;
  select e.model into current_model from kalamna.org_embedding e where e.org_id = org;
  if current_model is null then
    return;
  end if;
  select coalesce(sum(c.chunks), 0) into total from kalamna.org_corpus c where c.org_id = org;
  for asked in
    select m.embedding, m.access, (
             select coalesce(sum(c.chunks), 0)::int from kalamna.org_corpus c
              where c.org_id = org and c.access <= m.access) as scope
      from (select x.id, x.embedding, x.access from kalamna.messages x
             where x.org_id = org and x.embedding_model = current_model and x.embedding is not null
               and x.created_at > at - interval '30 days'
             order by x.created_at desc limit 500) m
     order by md5(m.id::text || at::date) limit least(most, greatest(1, bound / greatest(1, total)))
  loop
    began := clock_timestamp();
    select coalesce(n.ids, '{}') into routed
      from kalamna.nearest_chunks(asked.embedding, current_model, null, 0::smallint, asked.access, asked.scope, wanted) n;
    routed_at := clock_timestamp();
    select count(*), max(n.distance) into there, tenth from (
      select (v.embedding <=> asked.embedding) + 0 as distance from kalamna.chunk_vec v
       where v.org_id = org and v.embedding_model = current_model and v.access <= asked.access
       order by 1 limit wanted) n;
    continue when there = 0;
    exact_times := exact_times || (extract(epoch from clock_timestamp() - routed_at) * 1000)::float8;
    routed_times := routed_times || (extract(epoch from routed_at - began) * 1000)::float8;
    select count(*) into hits from kalamna.chunk_vec v
     where v.chunk_id = any (routed) and v.embedding_model = current_model
       and (v.embedding <=> asked.embedding) <= tenth + 1e-6;
    recalls := recalls || least(1, hits::float8 / there);
  end loop;
  select * into coherence from kalamna.measure_coherence(current_model, 200);
  insert into kalamna.recall_days (org_id, day, embedding_model, questions, recall, worst, chunks, routed_ms, exact_ms,
                                   neighbours, strangers, measured_at)
  select org, (at at time zone 'UTC')::date, current_model, cardinality(recalls),
         (select avg(r) from unnest(recalls) r), (select min(r) from unnest(recalls) r), total,
         (select percentile_cont(0.5) within group (order by t) from unnest(routed_times) t),
         (select percentile_cont(0.5) within group (order by t) from unnest(exact_times) t),
         coherence.neighbours, coherence.strangers, at
  on conflict (org_id, day) do nothing;
end $$;

-- Where segments of this organization's chunks should break: half way between its strangers and its neighbours as last
-- measured, and `standard` until then or where the two cannot be told apart.
create function kalamna.segment_threshold(standard float8) returns float8
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce((
    select case when r.neighbours - r.strangers >= 0.1 then (r.neighbours + r.strangers) / 2 end
      from kalamna.recall_days r join kalamna.org_embedding e on e.org_id = r.org_id and e.model = r.embedding_model
     where r.org_id = kalamna.org_id() and r.neighbours is not null and r.strangers is not null
     order by r.day desc limit 1), standard);
end;

do $$
declare name text;
begin
  foreach name in array array['recall_due', 'measure_coherence', 'measure_recall', 'segment_threshold'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
grant execute on function kalamna.recall_due to kalamna_system;
grant execute on function kalamna.measure_recall, kalamna.segment_threshold to kalamna_app;
