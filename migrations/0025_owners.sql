-- A source does not outlive the rights of whoever it belongs to: what a stolen key or somebody who left set up stops
-- fetching with them. It waits, paused, for somebody who may change it.
create function kalamna.pause_sources_of_owner() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.sources s
     set status = 'paused', lease = null, lease_until = null, next_run_at = null, failure_code = 'forbidden',
         failure_detail = 'Whoever it belongs to may not add documents any more; an admin may resume it.',
         updated_at = now()
   where s.org_id = old.org_id and s.status <> 'paused'
     and case tg_table_name when 'users' then s.created_by = old.id else s.created_by_key = old.id end;
  return case tg_op when 'DELETE' then old else new end;
end $$;
alter function kalamna.pause_sources_of_owner owner to kalamna_door;
revoke execute on function kalamna.pause_sources_of_owner from public;
grant select, update (status, lease, lease_until, next_run_at, failure_code, failure_detail, updated_at)
  on kalamna.sources to kalamna_door;

create trigger pause_sources after update of status, role on kalamna.users for each row
  when ((new.status <> 'active' and old.status = 'active') or (new.role = 'viewer' and old.role <> 'viewer'))
  execute function kalamna.pause_sources_of_owner();
create trigger pause_sources_removed before delete on kalamna.users
  for each row execute function kalamna.pause_sources_of_owner();
create trigger pause_sources after update of revoked_at on kalamna.api_keys for each row
  when (new.revoked_at is not null and old.revoked_at is null)
  execute function kalamna.pause_sources_of_owner();
