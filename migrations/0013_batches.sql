-- Many documents at once: what came in which line, and what became of it.

create table kalamna.batches (
  org_id uuid not null references kalamna.organizations on delete cascade,
  id uuid primary key,
  created_by uuid,
  created_by_key uuid,
  kind text not null check (kind in ('ndjson', 'zip')),
  -- `open` while lines come in; `running` until the last document has ended.
  status text not null default 'open' check (status in ('open', 'running', 'completed', 'cancelled')),
  -- The sender went away before the end; the same key goes on.
  broken_off boolean not null default false,
  idempotency_key text check (length(idempotency_key) between 1 and 200),
  lines int not null default 0,
  refused int not null default 0,
  created_at timestamptz not null default now(),
  -- The last time that lines were recorded.
  touched_at timestamptz not null default now(),
  closed_at timestamptz,
  completed_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, created_by) references kalamna.users (org_id, id) on delete set null (created_by),
  foreign key (org_id, created_by_key) references kalamna.api_keys (org_id, id) on delete set null (created_by_key)
);
create unique index batches_key on kalamna.batches (org_id, (coalesce(created_by, created_by_key)), idempotency_key)
  where idempotency_key is not null;
create index batches_newest on kalamna.batches (org_id, created_at desc, id desc);
create index batches_open on kalamna.batches (touched_at) where status = 'open';
create index batches_keyed on kalamna.batches (created_at) where idempotency_key is not null;

create table kalamna.batch_items (
  org_id uuid not null,
  batch_id uuid not null,
  line int not null,
  -- Of the line as it was sent: sent again, it is known by it.
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  name text check (length(name) <= 500),
  external_id text,
  outcome text not null
    check (outcome in ('created', 'replaced', 'unchanged', 'duplicate', 'requeued', 'refused')),
  document_id uuid,
  -- An address: its document comes later.
  source_id uuid,
  failure_code text,
  failure_detail text,
  -- When something last happened to it. Readers take what is older than every transaction still at work: nothing can
  -- appear before where they are.
  changed xid8 not null default pg_current_xact_id(),
  primary key (org_id, batch_id, line),
  foreign key (org_id, batch_id) references kalamna.batches (org_id, id) on delete cascade,
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete set null (document_id)
);
create index batch_items_changed on kalamna.batch_items (org_id, batch_id, changed, line);
create index batch_items_document on kalamna.batch_items (org_id, document_id) where document_id is not null;

-- `POST documents` with an Idempotency-Key: which document it was.
create table kalamna.idempotency_keys (
  org_id uuid not null,
  owner uuid not null,
  key text not null check (length(key) between 1 and 200),
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  document_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (org_id, owner, key),
  foreign key (org_id, document_id) references kalamna.documents (org_id, id) on delete cascade
);
create index idempotency_keys_document on kalamna.idempotency_keys (org_id, document_id);
create index idempotency_keys_age on kalamna.idempotency_keys (created_at);

alter table kalamna.documents add foreign key (org_id, batch_id)
  references kalamna.batches (org_id, id) on delete set null (batch_id);
-- Answers "is any document of this batch unfinished?" however large the batch.
create index documents_batch_unfinished on kalamna.documents (org_id, batch_id)
  where batch_id is not null and status in ('pending', 'extracting', 'embedding');

do $$
declare name text;
begin
  foreach name in array array['batches', 'batch_items', 'idempotency_keys'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy remover on kalamna.%I for select to kalamna_remover using (true)', name);
    execute format('grant select (org_id) on kalamna.%I to kalamna_remover', name);
    execute format($policy$create policy writers_add on kalamna.%I as restrictive for insert to kalamna_app
      with check (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
    execute format($policy$create policy writers_change on kalamna.%I as restrictive for update to kalamna_app
      using (kalamna.role() in ('admin', 'member', 'key'))$policy$, name);
  end loop;
end $$;

-- A batch concerns whoever sent it, and admins.
create policy tenant on kalamna.batches to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.may_change(created_by, created_by_key))
  with check (org_id = kalamna.org_id() and kalamna.may_change(created_by, created_by_key));
create policy tenant on kalamna.batch_items to kalamna_app
  using (org_id = kalamna.org_id()
         and batch_id in (select b.id from kalamna.batches b where b.org_id = kalamna.org_id()))
  with check (org_id = kalamna.org_id()
              and batch_id in (select b.id from kalamna.batches b where b.org_id = kalamna.org_id()));
create policy tenant on kalamna.idempotency_keys to kalamna_app
  using (org_id = kalamna.org_id() and owner in (kalamna.user_id(), kalamna.key_id()))
  with check (org_id = kalamna.org_id() and owner in (kalamna.user_id(), kalamna.key_id()));
grant select, delete on kalamna.batches to kalamna_app;
grant insert (org_id, id, created_by, created_by_key, kind, idempotency_key),
      update (status, broken_off, idempotency_key, lines, refused, touched_at, closed_at, completed_at)
  on kalamna.batches to kalamna_app;
grant select, insert on kalamna.batch_items to kalamna_app;
grant update (outcome, document_id, source_id, failure_code, failure_detail, changed) on kalamna.batch_items to kalamna_app;
grant select, insert, delete on kalamna.idempotency_keys to kalamna_app;

create policy door on kalamna.batches to kalamna_door using (true) with check (true);
create policy door on kalamna.batch_items to kalamna_door using (true) with check (true);
grant select (org_id, id, status), update (status, completed_at) on kalamna.batches to kalamna_door;
grant select (org_id, document_id), update (changed) on kalamna.batch_items to kalamna_door;
-- To hold a document's row, never to change it.
create policy door_holds on kalamna.documents for update to kalamna_door using (true) with check (false);
grant update (batch_id) on kalamna.documents to kalamna_door;

-- The sweeper: batches whose sender went away, and keys of last week.
create policy system on kalamna.batches to kalamna_system using (true) with check (true);
create policy system on kalamna.idempotency_keys to kalamna_system using (true);
grant select (org_id, id, status, touched_at, created_at, idempotency_key),
      update (status, broken_off, closed_at, idempotency_key) on kalamna.batches to kalamna_system;
grant select (created_at), delete on kalamna.idempotency_keys to kalamna_system;

-- Completes a batch that takes no more lines and has no unfinished document. Whoever comes last does it: everybody waits
-- for the row first and looks afterwards, with a statement of its own that sees what the others did.
create function kalamna.settle_batch(org uuid, batch uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare state text;
begin
  select b.status into state from kalamna.batches b where b.org_id = org and b.id = batch for no key update;
  if state = 'running' and not exists (
       select from kalamna.documents d where d.org_id = org and d.batch_id = batch
          and d.status in ('pending', 'extracting', 'embedding')) then
    update kalamna.batches b set status = 'completed', completed_at = now() where b.org_id = org and b.id = batch;
  end if;
end $$;

-- At the end of the transaction: a row of a batch is locked after every row of a document, never before.
create function kalamna.note_batch_document() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.status in ('ready', 'failed') and old.status is distinct from new.status then
    update kalamna.batch_items i set changed = pg_current_xact_id()
     where i.org_id = new.org_id and i.document_id = new.id;
  end if;
  if old.batch_id is not null then
    perform kalamna.settle_batch(old.org_id, old.batch_id);
  end if;
  return null;
end $$;
create function kalamna.note_batch_closed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform kalamna.settle_batch(new.org_id, new.id);
  return null;
end $$;

-- A document that ends while it is being noted: either this waits for it, or it finds what is noted here.
create function kalamna.hold_batch_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from kalamna.documents d
    where (d.org_id, d.id) in (select a.org_id, a.document_id from added a)
    order by d.id for share;
  return null;
end $$;
create function kalamna.note_batch_item() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.changed := pg_current_xact_id();
  return new;
end $$;

do $$
declare name text;
begin
  foreach name in array array['settle_batch', 'note_batch_document', 'note_batch_closed', 'hold_batch_documents'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
create constraint trigger note_batch_ended after update on kalamna.documents deferrable initially deferred
  for each row when ((new.status <> old.status and new.status in ('ready', 'failed'))
                     or new.batch_id is distinct from old.batch_id)
  execute function kalamna.note_batch_document();
create constraint trigger note_batch_deleted after delete on kalamna.documents deferrable initially deferred
  for each row when (old.batch_id is not null) execute function kalamna.note_batch_document();
create constraint trigger note_batch_closed after update on kalamna.batches deferrable initially deferred
  for each row when (new.status = 'running' and old.status <> 'running') execute function kalamna.note_batch_closed();
create trigger hold_batch_documents after insert on kalamna.batch_items referencing new table as added
  for each statement execute function kalamna.hold_batch_documents();
create trigger note_batch_item before update of document_id on kalamna.batch_items
  for each row execute function kalamna.note_batch_item();
