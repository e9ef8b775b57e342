-- Webhooks hear that a batch is complete: in the transaction in which its last document ended.

-- Lines by what became of them, as GET batches/:id counts them.
create function kalamna.tell_of_batch() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare counts jsonb;
begin
  if not exists (select from kalamna.webhooks w
                  where w.org_id = new.org_id and w.enabled and 'batch.completed' = any (w.events)) then
    return null;
  end if;
  select '{"ready": 0, "failed": 0, "refused": 0, "deleted": 0}' || coalesce(jsonb_object_agg(s.state, s.lines), '{}')
    into counts
    from (select case when i.outcome = 'refused' then 'refused' else coalesce(d.status, 'deleted') end as state,
                 count(*) as lines
            from kalamna.batch_items i
            left join kalamna.documents d on d.org_id = i.org_id and d.id = i.document_id
           where i.org_id = new.org_id and i.batch_id = new.id
           group by 1) s;
  perform kalamna.tell(new.org_id, 'batch.completed',
                       jsonb_build_object('batch', jsonb_build_object('id', new.id, 'counts', counts)));
  return null;
end $$;
alter function kalamna.tell_of_batch owner to kalamna_door;
revoke execute on function kalamna.tell_of_batch from public;
grant select (batch_id, outcome) on kalamna.batch_items to kalamna_door;

create trigger tell_of_batch after update of status on kalamna.batches
  for each row when (new.status = 'completed' and old.status <> 'completed')
  execute function kalamna.tell_of_batch();
