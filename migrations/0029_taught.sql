-- Answers that an admin taught: question, variants and answer, found beside the documents and before them.

create table kalamna.taught_answers (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  -- Counts the changes; kalamna.taught_versions keeps each.
  version int not null default 1,
  question text not null check (length(question) between 1 and 1000),
  variants text[] not null default '{}' check (cardinality(variants) <= 20),
  answer text not null check (octet_length(answer) between 1 and 8192),
  access_level text not null check (access_level in ('internal', 'external')),
  access smallint not null generated always as (case access_level when 'internal' then 1 else 0 end) stored,
  groups uuid[] check (cardinality(groups) <= 20),
  expires_at timestamptz,
  enabled boolean not null default true,
  -- For admins: why it was taught.
  note text not null default '' check (length(note) <= 2000),
  created_by uuid,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by),
  foreign key (org_id, updated_by) references kalamna.users (org_id, id) on delete set null (updated_by)
);
create index taught_answers_newest on kalamna.taught_answers (org_id, created_at desc, id desc);
create trigger taught_answers_groups before insert or update of groups on kalamna.taught_answers
  for each row when (cardinality(new.groups) > 0) execute function kalamna.check_document_groups();

create table kalamna.taught_versions (
  org_id uuid not null,
  taught_id uuid not null,
  version int not null,
  question text not null,
  variants text[] not null,
  answer text not null,
  access_level text not null,
  groups uuid[],
  expires_at timestamptz,
  enabled boolean not null,
  note text not null,
  changed_by uuid,
  created_at timestamptz not null default now(),
  primary key (org_id, taught_id, version),
  foreign key (org_id, taught_id) references kalamna.taught_answers (org_id, id) on delete cascade,
  foreign key (org_id, changed_by) references kalamna.users (org_id, id) on delete set null (changed_by)
);

-- The question and its variants as they are compared (src/text/same-question.ts).
create table kalamna.taught_phrases (
  org_id uuid not null,
  taught_id uuid not null,
  ordinal smallint not null,
  text text not null,
  exact text not null,
  terms int[] not null,
  -- What made the terms; those of an older one are made anew in the background.
  analyzer smallint not null,
  primary key (org_id, taught_id, ordinal),
  foreign key (org_id, taught_id) references kalamna.taught_answers (org_id, id) on delete cascade
);
create index taught_phrases_analyzer on kalamna.taught_phrases (analyzer, org_id);

-- As with chunks: two models side by side during a change.
create table kalamna.taught_vectors (
  org_id uuid not null,
  taught_id uuid not null,
  ordinal smallint not null,
  embedding_model text not null,
  embedding halfvec(768) not null,
  primary key (org_id, taught_id, ordinal, embedding_model),
  foreign key (org_id, taught_id, ordinal) references kalamna.taught_phrases (org_id, taught_id, ordinal) on delete cascade
);
alter table kalamna.taught_vectors alter column embedding set storage plain;

do $$
declare name text;
begin
  foreach name in array array['taught_answers', 'taught_versions', 'taught_phrases', 'taught_vectors'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
  end loop;
  foreach name in array array['taught_phrases', 'taught_vectors'] loop
    execute format('create policy tenant on kalamna.%I to kalamna_app
      using (org_id = kalamna.org_id() and kalamna.role() = ''admin'')
      with check (org_id = kalamna.org_id() and kalamna.role() = ''admin'')', name);
    execute format('create policy door on kalamna.%I for select to kalamna_door using (true)', name);
    execute format('grant select, insert, update, delete on kalamna.%I to kalamna_app', name);
    execute format('grant select on kalamna.%I to kalamna_door', name);
  end loop;
end $$;

-- Whoever only asks gets them through kalamna.taught_candidates. What is switched off or over is shown to admins only.
create policy read on kalamna.taught_answers for select to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_read(access, groups)
         and (kalamna.role() = 'admin'
              or kalamna.role() in ('member', 'key') and enabled and coalesce(expires_at > now(), true)));
create policy teach on kalamna.taught_answers to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin' and kalamna.may_read(access, groups))
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin' and kalamna.may_read(access, groups));
create policy door on kalamna.taught_answers to kalamna_door using (true) with check (true);
-- Older versions may have been written for other readers.
create policy tenant on kalamna.taught_versions to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin' and exists (
    select from kalamna.taught_answers t where t.org_id = taught_versions.org_id and t.id = taught_versions.taught_id))
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');

grant select, insert, delete,
      update (version, question, variants, answer, access_level, groups, expires_at, enabled, note, updated_by,
              updated_at) on kalamna.taught_answers to kalamna_app;
grant select, insert on kalamna.taught_versions to kalamna_app;
grant select, update (groups, updated_at) on kalamna.taught_answers to kalamna_door;

-- Like a document's: what only a deleted group could read is left to admins.
create function kalamna.forget_group_of_taught() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.taught_answers t set groups = array_remove(t.groups, old.id), updated_at = now()
   where t.org_id = old.org_id and t.groups @> array[old.id];
  return old;
end $$;
create trigger forget_taught after delete on kalamna.groups
  for each row execute function kalamna.forget_group_of_taught();

-- And what questions were answered with it says it no more.
create index messages_taught on kalamna.messages (org_id, taught_id) where taught_id is not null;
create function kalamna.forget_taught() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.messages m set answer = null, sources = '[]', citations = '[]'
   where m.org_id = old.org_id and m.taught_id = old.id;
  return old;
end $$;
create trigger forget_taught after delete on kalamna.taught_answers
  for each row execute function kalamna.forget_taught();

-- First in a batch that writes vectors: they are of the organization's model, or the batch is undone. Nobody changes the
-- model, or teaches, until it is over.
create function kalamna.demand_embedding_model(model text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform kalamna.hold_statistics();
  if kalamna.pin_embedding_model(model) <> model then
    raise exception 'embedding_model_changed' using errcode = 'KT001';
  end if;
end $$;

-- {organization, candidates}: its name, and the taught answers that may answer a question, among those its reader may
-- see: the best by equal text, by shared terms (intersection over union) and by cosine, one for each phrase. Which of them
-- do is decided in domain/knowledge/match.ts. Null where nothing was taught.
create function kalamna.taught_candidates(
  question halfvec, model text, asked_exact text, asked_terms int[], only_level smallint, wanted int)
returns json language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  org constant uuid := kalamna.org_id();
  highest constant smallint := least(coalesce(only_level, kalamna.access()), kalamna.access());
  lowest constant smallint := coalesce(only_level, 0);
  everything constant boolean := kalamna.role() = 'admin';
  mine constant uuid[] := kalamna.groups();
begin
  if not exists (select from kalamna.taught_answers t where t.org_id = org) then
    return null;
  end if;
  return json_build_object('organization', (select o.name from kalamna.organizations o where o.id = org), 'candidates', (
    with live as materialized (
      select t.id from kalamna.taught_answers t
       where t.org_id = org and t.enabled and coalesce(t.expires_at > now(), true)
         and t.access between lowest and highest and (t.groups is null or everything or t.groups && mine)
    ), compared as materialized (
      select p.taught_id, p.text, p.exact = asked_exact as exact,
             coalesce(s.shared::float8 / nullif(cardinality(p.terms) + cardinality(asked_terms) - s.shared, 0), 0) as overlap,
             case when question is not null then (
               select 1 - (v.embedding <=> question::halfvec(768)) from kalamna.taught_vectors v
                where v.org_id = org and v.taught_id = p.taught_id and v.ordinal = p.ordinal and v.embedding_model = model
             ) end as cosine
        from live l join kalamna.taught_phrases p on p.org_id = org and p.taught_id = l.id
       cross join lateral (select count(*) as shared from unnest(p.terms) u(term) where u.term = any (asked_terms)) s
    ), ranked as (
      select c.*, row_number() over (order by c.exact desc, c.overlap desc, c.cosine desc nulls last) as by_words,
             row_number() over (order by c.cosine desc nulls last) as by_meaning
        from compared c
    )
    select coalesce(json_agg(json_build_object(
             'id', t.id, 'version', t.version, 'question', t.question, 'answer', t.answer, 'phrase', r.text,
             'exact', r.exact, 'overlap', r.overlap, 'cosine', r.cosine, 'access', t.access,
             'grouped', t.groups is not null, 'updated_at', t.updated_at)), '[]')
      from ranked r join kalamna.taught_answers t on t.org_id = org and t.id = r.taught_id
     where r.exact or (r.overlap > 0 and r.by_words <= wanted) or (r.cosine > 0 and r.by_meaning <= wanted)));
end $$;

-- Organizations that have phrases of an older analyzer; for the sweeper.
create function kalamna.outdated_phrases(current smallint, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select distinct p.org_id from kalamna.taught_phrases p where p.analyzer < current limit most;
end;

do $$
declare name text;
begin
  foreach name in array array['forget_group_of_taught', 'forget_taught', 'taught_candidates', 'outdated_phrases'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
  end loop;
  foreach name in array array['forget_group_of_taught', 'forget_taught', 'taught_candidates', 'outdated_phrases', 'demand_embedding_model'] loop
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
grant execute on function kalamna.taught_candidates, kalamna.demand_embedding_model to kalamna_app;
grant execute on function kalamna.outdated_phrases to kalamna_system;
