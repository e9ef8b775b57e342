-- Webhooks: whom an organization wants told what, and every message that was made for them. A message is written in the
-- transaction of what it tells, by the trigger below; sending it is deferred work (domain/webhooks/drain.ts).

create table kalamna.webhooks (
  id uuid primary key,
  org_id uuid not null references kalamna.organizations on delete cascade,
  url text not null check (length(url) between 1 and 2000),
  description text not null default '' check (length(description) <= 200),
  events text[] not null check (
    cardinality(events) between 1 and 3
    and events <@ array['document.ready', 'document.failed', 'batch.completed']),
  -- Sealed (infra/sealing): what signs, and what signed before the last rotation and does so until then.
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  enabled boolean not null default true,
  -- `gone`: the receiver answered 410; `failing`: nothing got through for days; null when a person switched it off.
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  disabled_at timestamptz,
  -- In a row, and since when.
  failures int not null default 0,
  failing_since timestamptz,
  -- Whose turn it is to send, and until when nobody else may: one sender a webhook, however many messages wait.
  turn uuid,
  turn_until timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by)
);
create index webhooks_newest on kalamna.webhooks (org_id, created_at desc, id desc);

create table kalamna.webhook_deliveries (
  -- `msg_<id without dashes>` is the message id its receiver sees, at every attempt the same.
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null,
  webhook_id uuid not null,
  event text not null check (event in ('document.ready', 'document.failed', 'batch.completed', 'webhook.test')),
  -- What is sent. No text of a document.
  payload jsonb not null,
  -- `cancelled`: the webhook was switched off before it could be sent.
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed', 'cancelled')),
  attempts int not null default 0,
  -- Nobody sends it before; while somebody does, when another may take over.
  next_attempt_at timestamptz not null default now(),
  last_status int,
  last_error text check (length(last_error) <= 500),
  response text check (length(response) <= 500),
  duration_ms int,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, webhook_id) references kalamna.webhooks (org_id, id) on delete cascade
);
create index webhook_deliveries_due on kalamna.webhook_deliveries (org_id, webhook_id, next_attempt_at)
  where status = 'pending';
create index webhook_deliveries_newest on kalamna.webhook_deliveries (org_id, webhook_id, created_at desc, id desc);
create index webhook_deliveries_oldest on kalamna.webhook_deliveries (created_at);

do $$
declare name text;
begin
  foreach name in array array['webhooks', 'webhook_deliveries'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    -- Admins and deferred work only, whatever the route forgot.
    execute format($policy$create policy tenant on kalamna.%I to kalamna_app
      using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
      with check (org_id = kalamna.org_id() and kalamna.role() = 'admin')$policy$, name);
    execute format('create policy door on kalamna.%I to kalamna_door using (true) with check (true)', name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
  end loop;
end $$;
grant select, insert, delete on kalamna.webhooks to kalamna_app;
grant update (url, description, events, secret, previous_secret, previous_until, enabled, disabled_reason, disabled_at,
              failures, failing_since, turn, turn_until, updated_at) on kalamna.webhooks to kalamna_app;
grant select (id, org_id, events, enabled, secret, previous_secret, previous_until, turn_until) on kalamna.webhooks to kalamna_door;
grant select, insert on kalamna.webhook_deliveries to kalamna_app;
grant update (status, attempts, next_attempt_at, last_status, last_error, response, duration_ms, delivered_at)
  on kalamna.webhook_deliveries to kalamna_app;
grant insert, delete on kalamna.webhook_deliveries to kalamna_door;
grant select (id, org_id, webhook_id, status, next_attempt_at, created_at) on kalamna.webhook_deliveries
  to kalamna_door;

-- One message for every webhook of `org` that wants to hear of `event`; `data` as its receiver gets it.
create function kalamna.tell(org uuid, event text, data jsonb) returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  insert into kalamna.webhook_deliveries (org_id, webhook_id, event, payload)
  select w.org_id, w.id, tell.event,
         jsonb_build_object('type', tell.event,
                            'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                            'data', tell.data)
    from kalamna.webhooks w
   where w.org_id = tell.org and w.enabled and tell.event = any (w.events);
end;

-- A version answers, or its reading has ended without one.
create function kalamna.tell_of_document() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from kalamna.webhooks w where w.org_id = new.org_id and w.enabled) then
    return null;
  end if;
  perform kalamna.tell(new.org_id, 'document.' || new.status, jsonb_build_object('document', jsonb_build_object(
    'id', new.id, 'name', new.name, 'external_id', new.external_id, 'version', new.version, 'status', new.status,
    'failure', case when new.status = 'failed' then jsonb_build_object(
      'code', new.failure_code, 'detail', new.failure_detail, 'retryable', coalesce(new.retryable, false)) end,
    'counts', jsonb_build_object('pages', new.pages, 'characters', new.characters, 'chunks', new.chunks,
                                 'tokens', new.tokens),
    'batch_id', new.batch_id, 'source_id', new.source_id)));
  return null;
end $$;

-- Organizations with messages to send that nobody is sending; suspended ones wait.
create function kalamna.webhooks_due(most int) returns table (org_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select distinct w.org_id
    from kalamna.webhooks w join kalamna.organizations o on o.id = w.org_id and o.status = 'active'
   where (w.turn_until is null or w.turn_until < now())
     -- One look at the index for each webhook, however much waits.
     and (select true from kalamna.webhook_deliveries d
           where d.org_id = w.org_id and d.webhook_id = w.id and d.status = 'pending' and d.next_attempt_at <= now()
           limit 1)
   limit most;
end;

-- Webhooks with a secret in use that was sealed with another key than `key_id`.
create function kalamna.webhooks_sealed_before(key_id text, most int) returns table (org_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select w.org_id, w.id from kalamna.webhooks w join kalamna.organizations o on o.id = w.org_id and o.status = 'active'
   where not starts_with(w.secret, 'v1:' || key_id || ':')
      or (w.previous_until > now() and not starts_with(w.previous_secret, 'v1:' || key_id || ':'))
   limit most;
end;

-- Messages are kept for 30 days. How many went.
create function kalamna.forget_deliveries(most int) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
  with gone as (
    delete from kalamna.webhook_deliveries d where d.id in (
      select o.id from kalamna.webhook_deliveries o where o.created_at < now() - interval '30 days'
       order by o.created_at limit most)
    returning 1)
  select count(*) from gone;
end;

do $$
declare name text;
begin
  foreach name in array array['tell', 'tell_of_document', 'webhooks_due', 'webhooks_sealed_before',
                              'forget_deliveries'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
grant execute on function kalamna.webhooks_due, kalamna.webhooks_sealed_before, kalamna.forget_deliveries
  to kalamna_system;

create trigger tell_of_document after update of status on kalamna.documents
  for each row when (new.status in ('ready', 'failed') and new.status <> old.status)
  execute function kalamna.tell_of_document();
