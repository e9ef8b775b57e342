-- The bulk lane in turns: organizations alternate however many documents one of them sends, and when a document came
-- into its lane, was first worked on, and ended.

alter table kalamna.documents
  -- When this version came; the oldest of an organization goes first.
  add column queued_at timestamptz not null default now(),
  -- When it was first worked on, and when it became ready or failed; null before.
  add column claimed_at timestamptz,
  add column ended_at timestamptz;
alter table kalamna.documents no force row level security;
update kalamna.documents set queued_at = case when status in ('ready', 'failed') then created_at else updated_at end,
                             ended_at = case when status in ('ready', 'failed') then coalesce(ready_at, updated_at) end;
alter table kalamna.documents force row level security;

-- What is due in bulk, in the order it is taken: what has begun, then the oldest.
create index documents_bulk on kalamna.documents (org_id, (status <> 'embedding'), queued_at, id)
  where lane = 'ingest-bulk' and status in ('pending', 'extracting', 'embedding');
create index documents_ended on kalamna.documents (org_id, ended_at) where ended_at is not null;
create index document_versions_published on kalamna.document_versions (org_id, published_at) where published_at is not null;

-- Written where nobody can forget to.
create function kalamna.note_progress() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.version <> old.version then
    new.queued_at := now();
    new.claimed_at := null;
    new.ended_at := null;
  elsif new.status = 'extracting' and new.claimed_at is null then
    new.claimed_at := now();
  elsif new.status in ('ready', 'failed') and old.status not in ('ready', 'failed') then
    new.ended_at := now();
  end if;
  return new;
end $$;
revoke execute on function kalamna.note_progress from public;
create trigger note_progress before update of version, status on kalamna.documents
  for each row execute function kalamna.note_progress();

-- A slot is the right to have one message on the bulk lane. The message names the slot's nonce; whoever takes the turn
-- changes it, so a second copy of the message does nothing.
create table kalamna.bulk_turns (
  org_id uuid not null references kalamna.organizations on delete cascade,
  slot smallint not null check (slot between 1 and 100),
  nonce uuid not null,
  -- Past this moment the message is taken for lost, and sent again.
  lease_until timestamptz not null,
  -- Nothing is due before; whoever brings a document wakes it.
  wakes_at timestamptz,
  primary key (org_id, slot)
);
alter table kalamna.bulk_turns enable row level security;
alter table kalamna.bulk_turns force row level security;
-- Whoever may bring documents may start the turns that read them.
create policy tenant on kalamna.bulk_turns to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() in ('admin', 'member', 'key'))
  with check (org_id = kalamna.org_id() and kalamna.role() in ('admin', 'member', 'key'));
create policy system on kalamna.bulk_turns for select to kalamna_system using (true);
create policy remover on kalamna.bulk_turns for select to kalamna_remover using (true);
grant select, insert, delete on kalamna.bulk_turns to kalamna_app;
grant update (nonce, lease_until, wakes_at) on kalamna.bulk_turns to kalamna_app;
grant select (org_id, slot, lease_until, wakes_at) on kalamna.bulk_turns to kalamna_system;
grant select (org_id) on kalamna.bulk_turns to kalamna_remover;

-- The sweeper leaves suspended organizations alone instead of finding their documents first every minute.
create policy system on kalamna.organizations for select to kalamna_system using (true);
grant select (id, status) on kalamna.organizations to kalamna_system;
grant select (attempt, queued_at, claimed_at, failure_code) on kalamna.documents to kalamna_system;
