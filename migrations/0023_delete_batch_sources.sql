-- A batch that is deleted takes the addresses among its lines along: nothing is fetched for it any more.
create or replace function kalamna.delete_target(asked kalamna.deletions) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if asked.kind = 'batch' then
    perform from kalamna.sources s
      where s.org_id = asked.org_id and s.batch_id = asked.target and kalamna.may_change(s.created_by, s.created_by_key)
      order by s.id for update;
    perform from kalamna.batches b where b.org_id = asked.org_id and b.id = asked.target for update;
  elsif asked.kind = 'source' then
    perform from kalamna.sources s where s.org_id = asked.org_id and s.id = asked.target for update;
  else
    return true;
  end if;
  if exists (select from kalamna.next_to_delete(asked, 1)) then
    return false;
  end if;
  if asked.kind = 'batch' then
    delete from kalamna.sources s
     where s.org_id = asked.org_id and s.batch_id = asked.target and kalamna.may_change(s.created_by, s.created_by_key);
    delete from kalamna.batches b where b.org_id = asked.org_id and b.id = asked.target;
  else
    delete from kalamna.sources s where s.org_id = asked.org_id and s.id = asked.target;
  end if;
  return true;
end $$;
