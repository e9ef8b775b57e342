-- Deleting a batch or a source takes its name out of rows that stay: other people's documents, and addresses. They are held
-- first, in the order in which everybody locks several: sources, then documents, then the batch (docs/decisions.md). Until
-- now the batch was locked before them, so that its deletion and whoever ends one of them could wait for each other.

-- Holds the sources and documents of a batch, or the documents of a source, whoever's they are, in the caller's organization.
create function kalamna.hold_members(kind text, target uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare org constant uuid := kalamna.org_id();
begin
  if kind = 'batch' then
    perform from kalamna.sources s where s.org_id = org and s.batch_id = target order by s.id for update;
    perform from kalamna.documents d where d.org_id = org and d.batch_id = target order by d.id for no key update;
  elsif kind = 'source' then
    perform from kalamna.documents d where d.org_id = org and d.source_id = target order by d.id for no key update;
  end if;
end $$;
alter function kalamna.hold_members owner to kalamna_door;
revoke execute on function kalamna.hold_members from public;
grant execute on function kalamna.hold_members to kalamna_app;

-- As in 0023_delete_batch_sources.sql, but for what is held first.
create or replace function kalamna.delete_target(asked kalamna.deletions) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if asked.kind = 'batch' then
    perform kalamna.hold_members(asked.kind, asked.target);
    perform from kalamna.batches b where b.org_id = asked.org_id and b.id = asked.target for update;
  elsif asked.kind = 'source' then
    perform from kalamna.sources s where s.org_id = asked.org_id and s.id = asked.target for update;
    perform kalamna.hold_members(asked.kind, asked.target);
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

-- As in 0017_webhooks.sql, but what somebody holds is left for the next sweep.
create or replace function kalamna.forget_deliveries(most int) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
  with gone as (
    delete from kalamna.webhook_deliveries d where d.id in (
      select o.id from kalamna.webhook_deliveries o where o.created_at < now() - interval '30 days'
       order by o.created_at limit most for update skip locked)
    returning 1)
  select count(*) from gone;
end;
-- To hold a message's row.
grant update (status) on kalamna.webhook_deliveries to kalamna_door;
