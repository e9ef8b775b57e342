-- Golden questions, and runs that ask all of them: how well an organization's own documents are found and answered from.

-- Keys: one scope more.
alter table kalamna.api_keys drop constraint api_keys_scopes_check;
alter table kalamna.api_keys add constraint api_keys_scopes_check check (
  cardinality(scopes) between 1 and 6
  and scopes <@ array['documents:read', 'documents:write', 'search', 'chat', 'analytics:read', 'evals']);

create table kalamna.eval_cases (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  question text not null check (length(question) between 1 and 4000),
  -- Any of these, by either name, is where the answer stands.
  document_ids uuid[] not null default '{}' check (cardinality(document_ids) <= 20),
  external_ids text[] not null default '{}' check (cardinality(external_ids) <= 20),
  -- What the answer has to say.
  facts text[] not null default '{}' check (cardinality(facts) <= 20),
  -- False: the right answer is that the documents do not say.
  answerable boolean not null default true,
  tags text[] not null default '{}' check (cardinality(tags) <= 20),
  note text not null default '' check (length(note) <= 2000),
  -- The question that somebody voted down, of which it was made.
  message_id uuid,
  -- Of whoever wrote it: its facts may be from documents of that level.
  access smallint not null check (access in (0, 1)),
  created_by uuid,
  created_by_key uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, message_id) references kalamna.messages (org_id, id) on delete set null (message_id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by),
  foreign key (org_id, created_by_key) references kalamna.api_keys (org_id, id) on delete set null (created_by_key)
);
create index eval_cases_newest on kalamna.eval_cases (org_id, created_at desc, id desc);
create index eval_cases_message on kalamna.eval_cases (org_id, message_id) where message_id is not null;
create unique index eval_cases_question on kalamna.eval_cases (org_id, access, md5(question));

create table kalamna.eval_runs (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  name text not null default '' check (length(name) <= 200),
  kind text not null check (kind in ('answer', 'search')),
  -- One or two ways to ask (src/domain/evals/run-input.ts), side by side.
  configurations jsonb not null check (jsonb_typeof(configurations) = 'array'),
  gate jsonb,
  tags text[] not null default '{}',
  status text not null default 'running' check (status in ('running', 'done', 'failed', 'cancelled')),
  -- Whose rights it has, and at which level.
  user_id uuid,
  key_id uuid,
  access smallint not null check (access in (0, 1)),
  cases int not null,
  -- Counts the messages that work on it.
  piece int not null default 1,
  lease_until timestamptz,
  run_after timestamptz not null default now() + interval '3 minutes',
  figures jsonb,
  passed boolean,
  failure_code text,
  failure_detail text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete set null (user_id),
  foreign key (org_id, key_id) references kalamna.api_keys (org_id, id) on delete set null (key_id)
);
create index eval_runs_newest on kalamna.eval_runs (org_id, created_at desc, id desc);
create index eval_runs_waiting on kalamna.eval_runs (run_after) where status = 'running';

-- A case of a run, asked in one of its ways.
create table kalamna.eval_results (
  org_id uuid not null,
  run_id uuid not null,
  ordinal int not null,
  configuration smallint not null check (configuration in (0, 1)),
  case_id uuid not null,
  -- The case as it was when the run began.
  asked jsonb not null,
  -- Begun; a case that takes the work down with it is given up.
  attempts smallint not null default 0,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'failed')),
  outcome jsonb,
  -- What it said, and what that was drawn from: it is shown to whoever may still read all of these.
  answer text,
  drawn_from uuid[] not null default '{}',
  taught_id uuid,
  primary key (org_id, run_id, ordinal, configuration),
  foreign key (org_id, run_id) references kalamna.eval_runs (org_id, id) on delete cascade
);
create index eval_results_waiting on kalamna.eval_results (org_id, run_id, ordinal) where status = 'waiting';
create index eval_results_drawn_from on kalamna.eval_results using gin (drawn_from);
create index eval_results_taught on kalamna.eval_results (org_id, taught_id) where taught_id is not null;

-- Admins, and keys that an admin made for it.
create function kalamna.may_evaluate() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
  return kalamna.role() = 'admin' or exists (
    select from kalamna.api_keys k
     where k.org_id = kalamna.org_id() and k.id = kalamna.key_id() and 'evals' = any (k.scopes));
alter function kalamna.may_evaluate owner to kalamna_door;
revoke execute on function kalamna.may_evaluate from public;
grant execute on function kalamna.may_evaluate to kalamna_app;

do $$
declare name text;
begin
  foreach name in array array['eval_cases', 'eval_runs', 'eval_results'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
    execute format('create policy door on kalamna.%I to kalamna_door using (true) with check (true)', name);
    execute format('grant select, insert, delete on kalamna.%I to kalamna_app', name);
  end loop;
end $$;
create policy tenant on kalamna.eval_cases to kalamna_app
  using (org_id = kalamna.org_id() and access <= kalamna.access() and kalamna.may_evaluate())
  with check (org_id = kalamna.org_id() and access <= kalamna.access() and kalamna.may_evaluate());
create policy tenant on kalamna.eval_runs to kalamna_app
  using (org_id = kalamna.org_id() and access <= kalamna.access()
         and (kalamna.role() = 'admin' or key_id = kalamna.key_id()))
  with check (org_id = kalamna.org_id() and access <= kalamna.access() and kalamna.may_evaluate());
create policy tenant on kalamna.eval_results to kalamna_app
  using (org_id = kalamna.org_id() and exists (
    select from kalamna.eval_runs r where r.org_id = eval_results.org_id and r.id = eval_results.run_id))
  with check (org_id = kalamna.org_id());
create policy system on kalamna.eval_runs for select to kalamna_system using (true);
grant select (org_id, id, piece, status, lease_until, run_after) on kalamna.eval_runs to kalamna_system;
grant update (question, document_ids, external_ids, facts, answerable, tags, note, updated_at) on kalamna.eval_cases
  to kalamna_app;
grant update (status, piece, lease_until, run_after, figures, passed, failure_code, failure_detail, finished_at)
  on kalamna.eval_runs to kalamna_app;
grant update (attempts, status, outcome, answer, drawn_from, taught_id) on kalamna.eval_results to kalamna_app;
grant select (org_id, id, key_id, user_id) on kalamna.eval_runs to kalamna_door;
grant select (org_id, message_id) on kalamna.eval_cases to kalamna_door;
grant select, update (answer) on kalamna.eval_results to kalamna_door;

-- With whose rights deferred work asks, as they are by now; no row when there is nobody left.
create function kalamna.eval_runner(run uuid)
returns table (user_id uuid, role text, access text, token_version int, key_id uuid, secret_hash text, scopes text[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not kalamna.is_service() then
    raise exception 'runs go on by deferred work' using errcode = '42501';
  end if;
  return query
    select u.id, u.role, coalesce(u.access, k.access), u.token_version, k.id, encode(k.secret_hash, 'hex'), k.scopes
      from kalamna.eval_runs r
      left join kalamna.users u on u.org_id = r.org_id and u.id = r.user_id and u.status = 'active'
      left join kalamna.api_keys k on k.org_id = r.org_id and k.id = r.key_id
     where r.org_id = kalamna.org_id() and r.id = run and (u.id is not null or k.id is not null);
end $$;

-- Questions that were voted down and are no case yet, newest first. For admins, who see feedback.
create function kalamna.eval_candidates(before_at timestamptz, before_id uuid, most int)
returns table (id uuid, "createdAt" text, question text, answer text, reason text, expected_answer text, document_ids uuid[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if kalamna.role() <> 'admin' then
    raise exception 'not an admin' using errcode = '42501';
  end if;
  return query
    select f.message_id, f.updated_at::text, coalesce(m.standalone_question, m.question), m.answer, f.reason,
           f.expected_answer, m.drawn_from
      from kalamna.feedback f join kalamna.messages m on m.org_id = f.org_id and m.id = f.message_id
     where f.org_id = kalamna.org_id() and f.rating = -1
       and (before_at is null or (f.updated_at, f.message_id) < (before_at, before_id))
       and not exists (select from kalamna.eval_cases c where c.org_id = f.org_id and c.message_id = f.message_id)
     order by f.updated_at desc, f.message_id desc limit most;
end $$;

-- What was answered with a document or a taught answer leaves with it.
create function kalamna.forget_evaluated_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.eval_results e set answer = null from (
    select r.org_id, array_agg(r.id) as ids from removed r group by r.org_id) gone
   where e.org_id = gone.org_id and e.drawn_from && gone.ids;
  return null;
end $$;
create trigger forget_evaluated after delete on kalamna.documents
  referencing old table as removed for each statement execute function kalamna.forget_evaluated_documents();
create function kalamna.forget_evaluated_taught() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.eval_results e set answer = null where e.org_id = old.org_id and e.taught_id = old.id;
  return old;
end $$;
create trigger forget_evaluated after delete on kalamna.taught_answers
  for each row execute function kalamna.forget_evaluated_taught();

do $$
declare name text;
begin
  foreach name in array array['eval_runner', 'eval_candidates', 'forget_evaluated_documents', 'forget_evaluated_taught'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
grant execute on function kalamna.eval_runner, kalamna.eval_candidates to kalamna_app;
