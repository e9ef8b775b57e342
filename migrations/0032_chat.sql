-- Conversations: answers that can be followed, stopped and taken up again while they are given; who sees which; how long
-- they are kept.

-- Whoever the owner of an API key asks for, as the request names them (infra/db/tenant.ts); null for everybody else.
create function kalamna.end_user() returns text language sql stable
  return nullif(current_setting('app.end_user', true), '');
-- The organization decided that its admins may read conversations of others.
create function kalamna.admins_read_sessions() returns boolean language sql stable
  return kalamna.role() = 'admin' and exists (
    select from kalamna.organizations o
     where o.id = kalamna.org_id() and o.settings -> 'admins_read_sessions' = 'true');
-- Would a taught answer be given to the reader, were it asked for now? They may not see those who teach it.
create function kalamna.may_hear(taught uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
  return exists (select from kalamna.taught_answers t
                  where t.org_id = kalamna.org_id() and t.id = taught and kalamna.may_read(t.access, t.groups));
alter function kalamna.may_hear owner to kalamna_door;
-- May the reader still be shown an answer? Asked with rights that they have, and drawn from what they may read.
create function kalamna.may_show(asked_with smallint, drawn_from uuid[], taught uuid) returns boolean language sql stable
  return asked_with <= kalamna.access() and (taught is null or kalamna.may_hear(taught)) and not exists (
    select from unnest(drawn_from) used(id)
     where not exists (select from kalamna.documents d where d.org_id = kalamna.org_id() and d.id = used.id));
revoke execute on function kalamna.end_user, kalamna.admins_read_sessions, kalamna.may_hear, kalamna.may_show from public;
grant execute on function kalamna.end_user, kalamna.admins_read_sessions, kalamna.may_hear, kalamna.may_show
  to kalamna_app;

alter table kalamna.messages
  -- While it is being answered: whoever answers renews it every few seconds.
  add column alive_until timestamptz,
  -- Somebody wants no more of it; whoever answers looks at it when they renew the above.
  add column stop_requested boolean not null default false;
-- One answer at a time in a conversation.
create unique index messages_answering on kalamna.messages (org_id, session_id) where status = 'answering';
create index messages_alive on kalamna.messages (alive_until) where status = 'answering';
create index chat_sessions_age on kalamna.chat_sessions (org_id, updated_at);

-- What an answer consisted of, in pieces as it was given, for readers who lost their connection. Kept for minutes.
create table kalamna.message_events (
  org_id uuid not null,
  message_id uuid not null,
  -- The number of the first event in it; they count from 1.
  first int not null check (first > 0),
  events jsonb not null check (jsonb_typeof(events) = 'array'),
  created_at timestamptz not null default now(),
  primary key (org_id, message_id, first),
  foreign key (org_id, message_id) references kalamna.messages (org_id, id) on delete cascade
);
create index message_events_age on kalamna.message_events (created_at);
alter table kalamna.message_events enable row level security;
alter table kalamna.message_events force row level security;
create policy door on kalamna.message_events to kalamna_door using (true) with check (true);
create policy remover on kalamna.message_events for select to kalamna_remover using (true);
create policy remover_takes on kalamna.message_events for delete to kalamna_remover using (true);
-- Whoever sees the message.
create policy own on kalamna.message_events for select to kalamna_app
  using (org_id = kalamna.org_id()
         and exists (select from kalamna.messages m where m.org_id = message_events.org_id and m.id = message_id));
create policy service_adds on kalamna.message_events for insert to kalamna_app
  with check (org_id = kalamna.org_id() and kalamna.is_service());
grant select (org_id, ctid), delete on kalamna.message_events to kalamna_remover;
grant select, insert on kalamna.message_events to kalamna_app;
grant select, delete on kalamna.message_events to kalamna_door;
grant select, delete on kalamna.messages, kalamna.chat_sessions to kalamna_door;

-- A conversation is its owner's: they begin, rename and delete it, and ask in it. What is answered is written by the service.
alter policy own on kalamna.chat_sessions
  using (org_id = kalamna.org_id()
         and (user_id = kalamna.user_id() or visitor_id = kalamna.visitor_id()
              or (key_id = kalamna.key_id() and end_user is not distinct from kalamna.end_user())
              or kalamna.is_service() or (select kalamna.admins_read_sessions())));
alter policy own on kalamna.messages
  using (org_id = kalamna.org_id()
         and (user_id = kalamna.user_id() or key_id = kalamna.key_id() or visitor_id = kalamna.visitor_id()
              or kalamna.is_service()
              or (session_id is not null and (select kalamna.admins_read_sessions()))));
create policy own_begins on kalamna.chat_sessions for insert to kalamna_app
  with check (org_id = kalamna.org_id()
              and (user_id = kalamna.user_id() or visitor_id = kalamna.visitor_id()
                   or (key_id = kalamna.key_id() and end_user is not distinct from kalamna.end_user())));
create policy own_changes on kalamna.chat_sessions for update to kalamna_app
  using (org_id = kalamna.org_id()
         and (user_id = kalamna.user_id() or visitor_id = kalamna.visitor_id()
              or (key_id = kalamna.key_id() and end_user is not distinct from kalamna.end_user())))
  with check (org_id = kalamna.org_id()
              and (user_id = kalamna.user_id() or visitor_id = kalamna.visitor_id()
                   or (key_id = kalamna.key_id() and end_user is not distinct from kalamna.end_user())));
create policy own_removes on kalamna.chat_sessions for delete to kalamna_app
  using (org_id = kalamna.org_id()
         and (user_id = kalamna.user_id() or visitor_id = kalamna.visitor_id()
              or (key_id = kalamna.key_id() and end_user is not distinct from kalamna.end_user())));
grant insert, update (title, updated_at), delete on kalamna.chat_sessions to kalamna_app;
create policy own_asks on kalamna.messages for insert to kalamna_app
  with check (org_id = kalamna.org_id() and status = 'answering' and answer is null
              and (user_id = kalamna.user_id() or key_id = kalamna.key_id() or visitor_id = kalamna.visitor_id())
              and exists (select from kalamna.chat_sessions s
                           where s.org_id = messages.org_id and s.id = session_id
                             and s.user_id is not distinct from messages.user_id
                             and s.key_id is not distinct from messages.key_id
                             and s.visitor_id is not distinct from messages.visitor_id));

-- A message without what it says of these documents.
create function kalamna.without_documents(m kalamna.messages, gone uuid[]) returns kalamna.messages
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if m.drawn_from && gone then
    m.answer := null;
  end if;
  m.sources := (select coalesce(jsonb_agg(case when (s.source ->> 'document_id')::uuid = any (gone)
                                               then jsonb_build_object('index', s.source -> 'index', 'unavailable', true)
                                               else s.source end order by s.place), '[]')
                  from jsonb_array_elements(m.sources) with ordinality s(source, place));
  m.citations := (select coalesce(jsonb_agg(c.citation order by c.place), '[]')
                    from jsonb_array_elements(m.citations) with ordinality c(citation, place)
                   where (c.citation ->> 'document_id')::uuid is null
                      or (c.citation ->> 'document_id')::uuid <> all (gone));
  return m;
end $$;

create or replace function kalamna.forget_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone record;
begin
  for gone in
    select r.org_id, array_agg(r.id) as ids from removed r
      join kalamna.organizations o on o.id = r.org_id and o.status <> 'deleting'
     group by r.org_id
  loop
    delete from kalamna.message_events e using kalamna.messages m
     where m.org_id = gone.org_id and m.document_ids && gone.ids and e.org_id = m.org_id and e.message_id = m.id;
    update kalamna.messages m set (answer, sources, citations) = (
             select w.answer, w.sources, w.citations from kalamna.without_documents(m, gone.ids) w)
     where m.org_id = gone.org_id and m.document_ids && gone.ids;
  end loop;
  return null;
end $$;

-- An answer that is written down after a document of its was deleted does not bring its words back. Whoever writes it down
-- holds the documents first (messages/sql.ts), so that none is deleted in between.
create function kalamna.strip_deleted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone constant uuid[] := array(select used.id from unnest(new.document_ids) used(id)
                                 where not exists (select from kalamna.documents d
                                                    where d.org_id = new.org_id and d.id = used.id));
begin
  return case when gone = '{}' then new else kalamna.without_documents(new, gone) end;
end $$;
create trigger strip_deleted before insert or update of document_ids on kalamna.messages for each row
  when (new.document_ids <> '{}') execute function kalamna.strip_deleted();

-- Answers that nobody gives any more end with what there was of them.
create function kalamna.end_dead_answers() returns bigint
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  with ended as (
    update kalamna.messages m
       set status = 'failed', failure_code = 'answer_interrupted', finished_at = now(),
           answer = (select string_agg(e.event ->> 'text', '' order by p.first, e.place)
                       from kalamna.message_events p, jsonb_array_elements(p.events) with ordinality e(event, place)
                      where p.org_id = m.org_id and p.message_id = m.id and e.event ->> 'type' = 'token')
     where m.status = 'answering' and m.alive_until < now()
    returning 1)
  select count(*) from ended;
end;

-- Forgets what organizations keep no longer, `most` messages at a time, and pieces of answers after a quarter of an hour.
create function kalamna.forget_history(most int) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept record;
  removed bigint;
  forgotten bigint := 0;
begin
  delete from kalamna.message_events e where e.created_at < now() - interval '15 minutes';
  for kept in
    select o.id, now() - make_interval(days => (o.settings ->> 'history_days')::int) as since
      from kalamna.organizations o where o.settings ->> 'history_days' is not null
  loop
    delete from kalamna.messages m where m.ctid = any (array(
      select old.ctid from kalamna.messages old
       where old.org_id = kept.id and old.created_at < kept.since limit most - forgotten));
    get diagnostics removed = row_count;
    forgotten := forgotten + removed;
    delete from kalamna.chat_sessions s
     where s.org_id = kept.id and s.updated_at < kept.since
       and not exists (select from kalamna.messages m where m.org_id = s.org_id and m.session_id = s.id);
    exit when forgotten >= most;
  end loop;
  return forgotten;
end $$;

do $$
declare name text;
begin
  foreach name in array array['strip_deleted', 'end_dead_answers', 'forget_history'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
revoke execute on function kalamna.without_documents from public;
grant execute on function kalamna.without_documents to kalamna_door;
grant execute on function kalamna.end_dead_answers, kalamna.forget_history to kalamna_system;

create or replace function kalamna.large_tables() returns text[] language sql immutable set search_path = pg_catalog, pg_temp
  return array['message_events', 'messages', 'chat_sessions', 'chunk_vec', 'chunk_lex', 'segments', 'chunk_drafts', 'chunks',
               'org_terms', 'batch_items', 'source_pages', 'webhook_deliveries', 'file_removals', 'documents'];
