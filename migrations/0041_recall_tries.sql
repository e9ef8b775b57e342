-- Recall for software that may read figures, and an hour's rest for organizations that cannot be measured.

-- As for every other figure: the permission table has checked the key's scope.
drop policy read on kalamna.recall_days;
create policy read on kalamna.recall_days for select to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() in ('admin', 'key'));

-- When measuring began last; written before, so that whatever ends it is known.
alter table kalamna.org_embedding add column recall_tried_at timestamptz;
create policy door_notes on kalamna.org_embedding for update to kalamna_door using (true) with check (true);
grant update (recall_tried_at) on kalamna.org_embedding to kalamna_door;

-- Organizations whose turn it is today: each has its minute of the first six hours (UTC), and keeps it. Who was tried
-- in vain comes again after an hour, behind the others.
create or replace function kalamna.recall_due(at timestamptz, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.org_id from kalamna.org_embedding e
    join kalamna.organizations o on o.id = e.org_id and o.status = 'active'
   where date_trunc('day', at, 'UTC') + (hashtext(e.org_id::text) & 2147483647) % 360 * interval '1 minute' <= at
     and (e.recall_tried_at is null or e.recall_tried_at <= at - interval '1 hour')
     and not exists (select from kalamna.recall_days r
                      where r.org_id = e.org_id and r.day = (at at time zone 'UTC')::date)
   order by e.recall_tried_at nulls first, e.org_id limit most;
end;

create function kalamna.begin_recall(at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not kalamna.is_service() then
    raise exception 'only deferred work measures' using errcode = '42501';
  end if;
  update kalamna.org_embedding set recall_tried_at = at where org_id = kalamna.org_id();
end $$;
alter function kalamna.begin_recall owner to kalamna_door;
revoke execute on function kalamna.begin_recall from public;
grant execute on function kalamna.begin_recall to kalamna_app;
