-- Lines of a batch that are addresses: their document comes when the address has been fetched, or never.

alter table kalamna.batch_items add foreign key (org_id, source_id)
  references kalamna.sources (org_id, id) on delete set null (source_id);
create index batch_items_source on kalamna.batch_items (org_id, source_id) where source_id is not null;
alter table kalamna.sources add foreign key (org_id, batch_id)
  references kalamna.batches (org_id, id) on delete set null (batch_id);

grant select (source_id, outcome), update (document_id, failure_code, failure_detail)
  on kalamna.batch_items to kalamna_door;

create or replace function kalamna.settle_batch(org uuid, batch uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare state text;
begin
  select b.status into state from kalamna.batches b where b.org_id = org and b.id = batch for no key update;
  if state = 'running' and not exists (
       select from kalamna.documents d where d.org_id = org and d.batch_id = batch
          and d.status in ('pending', 'extracting', 'embedding'))
     and not exists (
       select from kalamna.sources s where s.org_id = org and s.batch_id = batch and s.status = 'running') then
    update kalamna.batches b set status = 'completed', completed_at = now() where b.org_id = org and b.id = batch;
  end if;
end $$;

create or replace function kalamna.hold_batch_documents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from kalamna.sources s
    where (s.org_id, s.id) in (select a.org_id, a.source_id from added a)
    order by s.id for share;
  perform from kalamna.documents d
    where (d.org_id, d.id) in (select a.org_id, a.document_id from added a)
    order by d.id for share;
  return null;
end $$;

-- An address has been visited: its line has a document now, or the reason why not.
create function kalamna.note_batch_source() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare document uuid;
begin
  select d.id into document from kalamna.documents d
   where d.org_id = new.org_id and d.source_id = new.id order by d.created_at limit 1;
  update kalamna.batch_items i
     set document_id = document, changed = pg_current_xact_id(),
         failure_code = case when document is null then new.failure_code end,
         failure_detail = case when document is null then new.failure_detail end
   where i.org_id = new.org_id and i.source_id = new.id and i.outcome <> 'refused';
  if new.batch_id is not null then
    perform kalamna.settle_batch(new.org_id, new.batch_id);
  end if;
  return null;
end $$;
alter function kalamna.note_batch_source owner to kalamna_door;
revoke execute on function kalamna.note_batch_source from public;
create constraint trigger note_batch_visited after update on kalamna.sources deferrable initially deferred
  for each row when (new.kind = 'url' and old.status = 'running' and new.status <> 'running')
  execute function kalamna.note_batch_source();

-- As migrations/0019_batch_webhooks.sql has it, with addresses that came to nothing.
create or replace function kalamna.tell_of_batch() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare counts jsonb;
begin
  if not exists (select from kalamna.webhooks w
                  where w.org_id = new.org_id and w.enabled and 'batch.completed' = any (w.events)) then
    return null;
  end if;
  select '{"ready": 0, "failed": 0, "refused": 0, "deleted": 0}' || coalesce(jsonb_object_agg(s.state, s.lines), '{}')
    into counts
    from (select case when i.outcome = 'refused' then 'refused'
                      when d.id is not null then d.status
                      when i.failure_code is not null then 'failed'
                      else 'deleted' end as state,
                 count(*) as lines
            from kalamna.batch_items i
            left join kalamna.documents d on d.org_id = i.org_id and d.id = i.document_id
           where i.org_id = new.org_id and i.batch_id = new.id
           group by 1) s;
  perform kalamna.tell(new.org_id, 'batch.completed',
                       jsonb_build_object('batch', jsonb_build_object('id', new.id, 'counts', counts)));
  return null;
end $$;
grant select (failure_code) on kalamna.batch_items to kalamna_door;
