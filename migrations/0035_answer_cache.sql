-- Answers kept for the next who asks the same, as long as nothing they came from has changed.

-- A row for each transaction that changed what an organization's questions may find. Their number is the version of its
-- corpus: it only grows, whatever commits in which order, and nobody waits for a counter.
create table kalamna.corpus_changes (
  org_id uuid not null references kalamna.organizations on delete cascade,
  change xid8 not null,
  -- Rows that the sweeper put into one.
  changes bigint not null default 1,
  primary key (org_id, change)
);

create table kalamna.answer_cache (
  org_id uuid not null references kalamna.organizations on delete cascade,
  -- What its readers may see (kalamna.reader_audience).
  audience text not null,
  -- SHA-256 of how it was asked and of the question's every word, and of its words without what says nothing.
  asked bytea not null check (length(asked) = 32),
  near bytea not null check (length(near) = 32),
  corpus_version bigint not null,
  embedding_model text,
  embedding halfvec(768),
  -- Sources, citations and the answer itself (src/domain/answers/cached.ts).
  payload jsonb not null,
  document_ids uuid[] not null,
  created_at timestamptz not null default now(),
  primary key (org_id, audience, asked)
);
create index answer_cache_near on kalamna.answer_cache (org_id, audience, near);
create index answer_cache_documents on kalamna.answer_cache using gin (document_ids);
create index answer_cache_newest on kalamna.answer_cache (org_id, created_at);

do $$
declare name text;
begin
  foreach name in array array['corpus_changes', 'answer_cache'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
    execute format('create policy door on kalamna.%I to kalamna_door using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on kalamna.%I to kalamna_door', name);
  end loop;
end $$;

-- Changes ------------------------------------------------------------------------------------------

create function kalamna.note_corpus_changes() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into kalamna.corpus_changes (org_id, change)
  select distinct c.org_id, pg_current_xact_id() from changed c
    join kalamna.organizations o on o.id = c.org_id and o.status <> 'deleting'
  on conflict do nothing;
  return null;
end $$;

create function kalamna.note_corpus_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_row constant jsonb := to_jsonb(coalesce(new, old));
begin
  insert into kalamna.corpus_changes (org_id, change)
  select o.id, pg_current_xact_id() from kalamna.organizations o
   where o.id = coalesce(its_row ->> 'org_id', its_row ->> 'id')::uuid and o.status <> 'deleting'
  on conflict do nothing;
  return null;
end $$;

create trigger corpus_grows after insert on kalamna.chunks
  referencing new table as changed for each statement execute function kalamna.note_corpus_changes();
create trigger corpus_changes after update on kalamna.chunks
  referencing new table as changed for each statement execute function kalamna.note_corpus_changes();
create trigger corpus_shrinks after delete on kalamna.chunks
  referencing old table as changed for each statement execute function kalamna.note_corpus_changes();
-- What a filter asks for, and what a citation shows.
create trigger corpus_labels after update on kalamna.documents for each row
  when ((old.name, old.title, old.metadata, old.access, old.groups)
        is distinct from (new.name, new.title, new.metadata, new.access, new.groups))
  execute function kalamna.note_corpus_change();
create trigger corpus_taught after insert or update or delete on kalamna.taught_answers
  for each row execute function kalamna.note_corpus_change();
-- Which models answer, and how they are told to.
create trigger corpus_settings after update on kalamna.organizations for each row
  when ((old.name, old.settings) is distinct from (new.name, new.settings))
  execute function kalamna.note_corpus_change();
create trigger corpus_model after update on kalamna.org_embedding for each row
  when (old.model is distinct from new.model)
  execute function kalamna.note_corpus_change();

-- The text of a deleted document leaves with it.
create function kalamna.forget_cached_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from kalamna.answer_cache a using (
    select r.org_id, array_agg(r.id) as ids from removed r group by r.org_id) gone
   where a.org_id = gone.org_id and a.document_ids && gone.ids;
  return null;
end $$;
create trigger forget_cached after delete on kalamna.documents
  referencing old table as removed for each statement execute function kalamna.forget_cached_documents();

-- Looking up and keeping ---------------------------------------------------------------------------

-- Equal for readers who may see the same.
create function kalamna.reader_audience() returns text language sql stable
  return encode(sha256(convert_to(concat_ws('|', kalamna.access(), kalamna.role() = 'admin',
    case when kalamna.role() = 'admin' then ''
         else (select string_agg(g::text, ',' order by g) from unnest(kalamna.groups()) g) end), 'UTF8')), 'hex');

-- For the reader of the batch: the audience and version an answer is to be kept under, and the one that is kept, if any.
-- Null where the organization wants no cache. Before the search in its batch: what changes in between is then not missed.
--   closest  the least cosine of a question with the same words; null where the embedder has no say
create function kalamna.cached_answer(
  asked_exactly bytea, asked_nearly bytea, question halfvec, model text, closest float8)
returns json language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  mine constant text := kalamna.reader_audience();
  settings jsonb;
  now_at bigint;
  hit record;
begin
  select o.settings into settings from kalamna.organizations o where o.id = org;
  if settings ->> 'answer_cache' = 'off' then
    return null;
  end if;
  select coalesce(sum(c.changes), 0) into now_at from kalamna.corpus_changes c where c.org_id = org;
  select a.payload, a.asked = asked_exactly as exact, extract(epoch from now() - a.created_at)::int as age into hit
    from kalamna.answer_cache a
   where a.org_id = org and a.audience = mine and a.corpus_version = now_at
     and a.created_at > now() - make_interval(hours => coalesce((settings ->> 'answer_cache_hours')::int, 24))
     and (a.asked = asked_exactly
          or a.near = asked_nearly and (closest is null or a.embedding_model = model
                                        and 1 - (a.embedding <=> question::halfvec(768)) >= closest))
   order by a.asked = asked_exactly desc, a.created_at desc limit 1;
  return json_build_object('audience', mine, 'corpus_version', now_at,
    'hit', case when hit is not null then
      json_build_object('exact', hit.exact, 'age_seconds', hit.age, 'payload', hit.payload) end);
end $$;

-- Keeps an answer under what kalamna.cached_answer said, by deferred work.
create function kalamna.keep_answer(
  audience text, asked bytea, near bytea, corpus_version bigint, model text, question halfvec, payload jsonb,
  document_ids uuid[])
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not kalamna.is_service() then
    raise exception 'answers are kept by deferred work' using errcode = '42501';
  end if;
  -- A document that has gone meanwhile must not come back.
  if (select coalesce(sum(c.changes), 0) from kalamna.corpus_changes c where c.org_id = kalamna.org_id())
     <> keep_answer.corpus_version then
    return;
  end if;
  insert into kalamna.answer_cache as a (org_id, audience, asked, near, corpus_version, embedding_model, embedding,
                                         payload, document_ids)
  values (kalamna.org_id(), keep_answer.audience, keep_answer.asked, keep_answer.near, keep_answer.corpus_version,
          keep_answer.model, keep_answer.question::halfvec(768), keep_answer.payload, keep_answer.document_ids)
  on conflict on constraint answer_cache_pkey do update
    set near = excluded.near, corpus_version = excluded.corpus_version, embedding_model = excluded.embedding_model,
        embedding = excluded.embedding, payload = excluded.payload, document_ids = excluded.document_ids,
        created_at = now();
end $$;

-- Takes away what answers no more: kept for another version, too old, or more than `most` in an organization. How many.
create function kalamna.sweep_answer_cache(most int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare removed int;
begin
  with versions as (
    select c.org_id, sum(c.changes) as now_at from kalamna.corpus_changes c group by c.org_id
  ), ranked as (
    select a.org_id, a.audience, a.asked, a.corpus_version, a.created_at,
           row_number() over (partition by a.org_id order by a.created_at desc) as place
      from kalamna.answer_cache a
  )
  delete from kalamna.answer_cache a using ranked r
    join kalamna.organizations o on o.id = r.org_id left join versions v on v.org_id = r.org_id
   where a.org_id = r.org_id and a.audience = r.audience and a.asked = r.asked and a.created_at = r.created_at
     and (r.place > most or r.corpus_version <> coalesce(v.now_at, 0) or o.settings ->> 'answer_cache' = 'off'
          or r.created_at <= now() - make_interval(hours => coalesce((o.settings ->> 'answer_cache_hours')::int, 24)));
  get diagnostics removed = row_count;
  with many as (
    select c.org_id from kalamna.corpus_changes c group by c.org_id having count(*) > 10
  ), gone as (
    delete from kalamna.corpus_changes c using many m where c.org_id = m.org_id returning c.org_id, c.changes
  )
  insert into kalamna.corpus_changes (org_id, change, changes)
  select g.org_id, pg_current_xact_id(), sum(g.changes) from gone g group by g.org_id;
  return removed;
end $$;

do $$
declare name text;
begin
  foreach name in array array['note_corpus_changes', 'note_corpus_change', 'forget_cached_documents', 'cached_answer',
                              'keep_answer', 'sweep_answer_cache'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
revoke execute on function kalamna.reader_audience from public;
grant execute on function kalamna.reader_audience to kalamna_door;
grant execute on function kalamna.cached_answer, kalamna.keep_answer to kalamna_app;
grant execute on function kalamna.sweep_answer_cache to kalamna_system;
