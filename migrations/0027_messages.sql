-- What was asked and answered: one row for each question on any channel, and the conversations that some belong to.

-- The visitor of a widget, from a token that the Worker verified (infra/db/tenant.ts); null for everybody else.
create function kalamna.visitor_id() returns uuid language sql stable
  return nullif(current_setting('app.visitor_id', true), '')::uuid;
-- Deferred work of an organization, which is no person.
create function kalamna.is_service() returns boolean language sql stable
  return kalamna.role() = 'admin' and kalamna.user_id() is null;
revoke execute on function kalamna.visitor_id, kalamna.is_service from public;
grant execute on function kalamna.visitor_id, kalamna.is_service to kalamna_app, kalamna_door;

-- A conversation belongs to a person, to an API key (for one of its own users, when it names one), or to a widget's visitor.
create table kalamna.chat_sessions (
  id uuid primary key,
  org_id uuid not null references kalamna.organizations on delete cascade,
  user_id uuid,
  key_id uuid,
  -- Whoever the key's owner knows by this name.
  end_user text check (length(end_user) between 1 and 200),
  visitor_id uuid,
  title text not null check (length(title) between 1 and 200),
  created_at timestamptz not null default now(),
  -- Of its newest message, or of the last change of its title.
  updated_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete cascade,
  foreign key (org_id, key_id) references kalamna.api_keys (org_id, id) on delete cascade,
  check (num_nonnulls(user_id, key_id, visitor_id) = 1),
  check (end_user is null or key_id is not null)
);
create index chat_sessions_user on kalamna.chat_sessions (org_id, user_id, updated_at desc, id desc)
  where user_id is not null;
create index chat_sessions_key on kalamna.chat_sessions (org_id, key_id, end_user, updated_at desc, id desc)
  where key_id is not null;
create index chat_sessions_visitor on kalamna.chat_sessions (org_id, visitor_id, updated_at desc, id desc)
  where visitor_id is not null;

create table kalamna.messages (
  id uuid primary key,
  org_id uuid not null references kalamna.organizations on delete cascade,
  session_id uuid,
  channel text not null check (length(channel) between 1 and 40),
  user_id uuid,
  key_id uuid,
  visitor_id uuid,
  -- The reader's when they asked: 0 = external documents only.
  access smallint not null check (access in (0, 1)),
  question text not null,
  -- What was searched for in its place, when it only made sense after what was said before.
  standalone_question text,
  -- As far as it came; null when nothing came, or when a document it was drawn from has been deleted.
  answer text,
  status text not null check (status in ('answering', 'complete', 'stopped', 'failed')),
  failure_code text,
  grounded boolean not null default false,
  off_topic boolean not null default false,
  cache text check (cache in ('hit', 'miss')),
  taught_id uuid,
  model text,
  mode text,
  prompt_tokens int,
  completion_tokens int,
  cost numeric,
  -- Milliseconds per step.
  ms jsonb not null default '{}' check (jsonb_typeof(ms) = 'object'),
  retrieval jsonb,
  -- Without the passages' text: that is read from the documents, with the rights of whoever looks.
  sources jsonb not null default '[]' check (jsonb_typeof(sources) = 'array'),
  -- With their quotes.
  citations jsonb not null default '[]' check (jsonb_typeof(citations) = 'array'),
  -- Of all sources.
  document_ids uuid[] not null default '{}',
  -- Of those whose text the answer may hold: the cited ones, or all when none is cited.
  drawn_from uuid[] not null default '{}',
  -- Of what was searched for.
  embedding halfvec(768),
  embedding_model text,
  created_at timestamptz not null,
  finished_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, session_id) references kalamna.chat_sessions (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete cascade,
  foreign key (org_id, key_id) references kalamna.api_keys (org_id, id) on delete cascade,
  check (num_nonnulls(user_id, key_id, visitor_id) <= 1)
);
create index messages_newest on kalamna.messages (org_id, created_at desc, id desc);
create index messages_session on kalamna.messages (org_id, session_id, created_at, id) where session_id is not null;
create index messages_user on kalamna.messages (org_id, user_id) where user_id is not null;
create index messages_key on kalamna.messages (org_id, key_id) where key_id is not null;
create index messages_documents on kalamna.messages using gin (document_ids);

do $$
declare name text;
begin
  foreach name in array array['chat_sessions', 'messages'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy door on kalamna.%I to kalamna_door using (true) with check (true)', name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('create policy remover_takes on kalamna.%I for delete to kalamna_remover using (true)', name);
    execute format('grant select (org_id, ctid), delete on kalamna.%I to kalamna_remover', name);
    -- Theirs, whoever they are; an admin's rights do not reach into what others asked. Deferred work counts and settles.
    execute format($policy$create policy own on kalamna.%I for select to kalamna_app
      using (org_id = kalamna.org_id() and (user_id = kalamna.user_id() or key_id = kalamna.key_id()
                                            or visitor_id = kalamna.visitor_id() or kalamna.is_service()))$policy$, name);
    execute format('grant select on kalamna.%I to kalamna_app', name);
  end loop;
end $$;

-- Written when the answer has ended, by deferred work: the asker's rights may have ended meanwhile.
create policy service_adds on kalamna.messages for insert to kalamna_app
  with check (org_id = kalamna.org_id() and kalamna.is_service());
create policy service_changes on kalamna.messages for update to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.is_service())
  with check (org_id = kalamna.org_id() and kalamna.is_service());
grant insert, update on kalamna.messages to kalamna_app;

-- With a document goes what answers say of it: the answer where it was drawn from it, quotes, and its place among the sources.
create function kalamna.forget_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone record;
begin
  for gone in
    select r.org_id, array_agg(r.id) as ids from removed r
      join kalamna.organizations o on o.id = r.org_id and o.status <> 'deleting'
     group by r.org_id
  loop
    update kalamna.messages m
       set answer = case when m.drawn_from && gone.ids then null else m.answer end,
           sources = (select coalesce(jsonb_agg(case
                               when (s.source ->> 'document_id')::uuid = any (gone.ids)
                               then jsonb_build_object('index', s.source -> 'index', 'unavailable', true)
                               else s.source end order by s.place), '[]')
                        from jsonb_array_elements(m.sources) with ordinality s(source, place)),
           citations = (select coalesce(jsonb_agg(c.citation order by c.place), '[]')
                          from jsonb_array_elements(m.citations) with ordinality c(citation, place)
                         where (c.citation ->> 'document_id')::uuid is null
                            or (c.citation ->> 'document_id')::uuid <> all (gone.ids))
     where m.org_id = gone.org_id and m.document_ids && gone.ids;
  end loop;
  return null;
end $$;
alter function kalamna.forget_documents owner to kalamna_door;
revoke execute on function kalamna.forget_documents from public;
grant select, update on kalamna.messages to kalamna_door;
create trigger forget_documents after delete on kalamna.documents
  referencing old table as removed for each statement execute function kalamna.forget_documents();

-- The tables of 0022 that grow with what an organization holds, with these.
create or replace function kalamna.large_tables() returns text[] language sql immutable set search_path = pg_catalog, pg_temp
  return array['messages', 'chat_sessions', 'chunk_vec', 'chunk_lex', 'segments', 'chunk_drafts', 'chunks', 'org_terms',
               'batch_items', 'source_pages', 'webhook_deliveries', 'file_removals', 'documents'];
