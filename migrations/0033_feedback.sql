-- What people think of answers, and the figures that admins see of questions and answers.

-- One verdict for each message, by whoever asked. It goes with the message.
create table kalamna.feedback (
  message_id uuid primary key,
  org_id uuid not null references kalamna.organizations on delete cascade,
  rating smallint not null check (rating in (-1, 1)),
  reason text check (length(reason) between 1 and 40),
  comment text check (length(comment) between 1 and 2000),
  expected_answer text check (length(expected_answer) between 1 and 8000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (org_id, message_id) references kalamna.messages (org_id, id) on delete cascade
);
create index feedback_newest on kalamna.feedback (org_id, updated_at desc, message_id desc);

-- Did this very caller ask it? An admin who may read other people's conversations did not.
create function kalamna.asked_message(message uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select exists (select from kalamna.messages m
                  where m.org_id = kalamna.org_id() and m.id = message
                    and (m.user_id = kalamna.user_id() or m.key_id = kalamna.key_id() or m.visitor_id = kalamna.visitor_id()));
end;
alter function kalamna.asked_message owner to kalamna_door;
revoke execute on function kalamna.asked_message from public;
grant execute on function kalamna.asked_message to kalamna_app;

alter table kalamna.feedback enable row level security;
alter table kalamna.feedback force row level security;
create policy door on kalamna.feedback to kalamna_door using (true) with check (true);
create policy remover on kalamna.feedback for select to kalamna_remover using (true);
create policy remover_takes on kalamna.feedback for delete to kalamna_remover using (true);
grant select (org_id, ctid), delete on kalamna.feedback to kalamna_remover;
create policy own on kalamna.feedback to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.asked_message(message_id))
  with check (org_id = kalamna.org_id() and kalamna.asked_message(message_id));
grant select, insert, update, delete on kalamna.feedback to kalamna_app;
grant select, insert, update, delete on kalamna.feedback to kalamna_door;

-- Raises unless the caller is an admin or software that an admin allowed to read figures (the permission table checked the scope).
create function kalamna.demand_analyst() returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if kalamna.role() not in ('admin', 'key') then
    raise exception 'not an analyst' using errcode = '42501';
  end if;
end $$;

-- Whoever gives feedback shows the exchange to the admins: question and answer come with the verdict.
create function kalamna.list_feedback(
  wanted smallint, before_at timestamptz, before_id uuid, most int)
returns table (id uuid, "createdAt" text, rating smallint, reason text, comment text, expected_answer text,
               question text, answer text, channel text, user_id uuid, model text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform kalamna.demand_analyst();
  return query
    select f.message_id, f.updated_at::text, f.rating, f.reason, f.comment, f.expected_answer,
           m.question, m.answer, m.channel, m.user_id, m.model
      from kalamna.feedback f join kalamna.messages m on m.org_id = f.org_id and m.id = f.message_id
     where f.org_id = kalamna.org_id() and (wanted is null or f.rating = wanted)
       and (before_at is null or (f.updated_at, f.message_id) < (before_at, before_id))
     order by f.updated_at desc, f.message_id desc limit most;
end $$;

-- Figures of [since, until). An answer counts as one when it came to its end and was not "the documents do not say".
create function kalamna.question_figures(since timestamptz, until timestamptz) returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare figures json;
begin
  perform kalamna.demand_analyst();
  select json_build_object(
    'questions', count(*),
    'people', count(distinct coalesce(m.user_id, m.visitor_id, m.key_id)),
    'answered', count(*) filter (where m.status = 'complete' and not m.off_topic),
    'grounded', count(*) filter (where m.grounded),
    'not_in_documents', count(*) filter (where m.status = 'complete' and (m.off_topic or not m.grounded)),
    'failed', count(*) filter (where m.status = 'failed'),
    'stopped', count(*) filter (where m.status = 'stopped'),
    'taught', count(*) filter (where m.mode = 'taught'),
    'cache_hits', count(*) filter (where m.cache = 'hit'),
    'up', count(*) filter (where f.rating = 1), 'down', count(*) filter (where f.rating = -1),
    'prompt_tokens', coalesce(sum(m.prompt_tokens), 0), 'completion_tokens', coalesce(sum(m.completion_tokens), 0),
    'cost', coalesce(sum(m.cost), 0)::float8,
    'first_token_ms', percentile_cont(array[.5, .95, .99]) within group (order by (m.ms ->> 'first_token')::float8),
    'total_ms', percentile_cont(array[.5, .95, .99]) within group (
                  order by extract(epoch from m.finished_at - m.created_at) * 1000))
    into figures
    from kalamna.messages m left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
   where m.org_id = kalamna.org_id() and m.created_at >= since and m.created_at < until and m.status <> 'answering';
  return figures;
end $$;

-- The same by hour, day or week of a time zone; periods without a question are there, with zeros.
create function kalamna.question_series(since timestamptz, until timestamptz, step text, zone text)
returns table (period text, questions int, people int, answered int, grounded int, up int, down int, tokens float8, cost float8)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform kalamna.demand_analyst();
  return query
    with periods as (
      select generate_series(date_trunc(step, since at time zone zone), (until - interval '1 microsecond') at time zone zone,
                             ('1 ' || step)::interval) as start
    ), counted as (
      select date_trunc(step, m.created_at at time zone zone) as start, count(*) as asked,
             count(distinct coalesce(m.user_id, m.visitor_id, m.key_id)) as who,
             count(*) filter (where m.status = 'complete' and not m.off_topic) as answered,
             count(*) filter (where m.grounded) as grounded,
             count(*) filter (where f.rating = 1) as up, count(*) filter (where f.rating = -1) as down,
             sum(coalesce(m.prompt_tokens, 0) + coalesce(m.completion_tokens, 0)) as tokens, sum(m.cost) as cost
        from kalamna.messages m left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
       where m.org_id = kalamna.org_id() and m.created_at >= since and m.created_at < until and m.status <> 'answering'
       group by 1
    )
    select to_char(p.start, 'YYYY-MM-DD"T"HH24:MI'), coalesce(c.asked, 0)::int, coalesce(c.who, 0)::int,
           coalesce(c.answered, 0)::int, coalesce(c.grounded, 0)::int, coalesce(c.up, 0)::int, coalesce(c.down, 0)::int,
           coalesce(c.tokens, 0)::float8, coalesce(c.cost, 0)::float8
      from periods p left join counted c using (start) order by p.start;
end $$;

-- The newest questions of a period, for whoever groups them; `gaps` only: nothing was found, nothing was cited, or it was voted down.
create function kalamna.asked_questions(since timestamptz, until timestamptz, gaps boolean, most int)
returns table (id uuid, question text, asked_at text, grounded boolean, rating smallint, expected_answer text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform kalamna.demand_analyst();
  return query
    select m.id, coalesce(m.standalone_question, m.question), m.created_at::text, m.grounded, f.rating, f.expected_answer
      from kalamna.messages m left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
     where m.org_id = kalamna.org_id() and m.created_at >= since and m.created_at < until and m.status = 'complete'
       and (not gaps or m.off_topic or not m.grounded or f.rating = -1)
     order by m.created_at desc, m.id desc limit most;
end $$;

-- How much each document is needed; those that nobody needed come with zeros. Admins see every document there is.
create function kalamna.document_use(since timestamptz, until timestamptz, most int)
returns table (document_id uuid, name text, retrieved int, cited int, up int, down int)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform kalamna.demand_analyst();
  return query
    with used as (
      select d.id, d.id = any (m.drawn_from) as cited, f.rating
        from kalamna.messages m cross join lateral unnest(m.document_ids) d(id)
        left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
       where m.org_id = kalamna.org_id() and m.created_at >= since and m.created_at < until
    ), counted as (
      select u.id, count(*) as retrieved, count(*) filter (where u.cited) as cited,
             count(*) filter (where u.cited and u.rating = 1) as up, count(*) filter (where u.cited and u.rating = -1) as down
        from used u group by u.id
    )
    select d.id, d.name, coalesce(c.retrieved, 0)::int, coalesce(c.cited, 0)::int, coalesce(c.up, 0)::int, coalesce(c.down, 0)::int
      from kalamna.documents d left join counted c on c.id = d.id
     where d.org_id = kalamna.org_id()
       and (kalamna.role() = 'admin' or (kalamna.access() >= d.access and (d.groups is null or d.groups && kalamna.groups())))
     order by 4 desc, 3 desc, d.name limit most;
end $$;

-- By who asked, or through which door.
create function kalamna.question_askers(since timestamptz, until timestamptz, by_person boolean, most int)
returns table (who text, email text, questions int, answered int, up int, down int, tokens float8, cost float8, last_asked text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform kalamna.demand_analyst();
  if by_person and kalamna.role() <> 'admin' then
    raise exception 'not an admin' using errcode = '42501';
  end if;
  return query
    select case when by_person then m.user_id::text else m.channel end,
           case when by_person then min(u.email) end,
           count(*)::int, count(*) filter (where m.status = 'complete' and not m.off_topic)::int,
           count(*) filter (where f.rating = 1)::int, count(*) filter (where f.rating = -1)::int,
           coalesce(sum(coalesce(m.prompt_tokens, 0) + coalesce(m.completion_tokens, 0)), 0)::float8,
           coalesce(sum(m.cost), 0)::float8, max(m.created_at)::text
      from kalamna.messages m
      left join kalamna.feedback f on f.org_id = m.org_id and f.message_id = m.id
      left join kalamna.users u on by_person and u.org_id = m.org_id and u.id = m.user_id
     where m.org_id = kalamna.org_id() and m.created_at >= since and m.created_at < until
       and (not by_person or m.user_id is not null)
     group by 1 order by 3 desc, 1 limit most;
end $$;

do $$
declare name text;
begin
  foreach name in array array['list_feedback', 'question_figures', 'question_series', 'asked_questions', 'document_use',
                              'question_askers'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
    execute format('grant execute on function kalamna.%I to kalamna_app', name);
  end loop;
end $$;
revoke execute on function kalamna.demand_analyst from public;
grant execute on function kalamna.demand_analyst to kalamna_door;
