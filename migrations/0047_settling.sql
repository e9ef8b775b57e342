-- Whoever settles an organization's segments waits for its statistics row first, as everybody does who writes its index:
-- they move rows of chunks and segments in an order of their own, and met whoever deleted a document halfway (deadlock).
create function kalamna.hold_statistics_of(org uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from kalamna.org_corpus c where c.org_id = org and c.access = 0 and c.groups is null for update;
end $$;
create policy door_holds on kalamna.org_corpus for update to kalamna_door using (true) with check (false);
grant update (chunks) on kalamna.org_corpus to kalamna_door;
alter function kalamna.hold_statistics_of owner to kalamna_door;
revoke execute on function kalamna.hold_statistics_of from public;
grant execute on function kalamna.hold_statistics_of to kalamna_system;
