-- The audit log: who did what, when, from where and with what result; append-only, hash-chained per organization.

do $$
begin
  if not exists (select from pg_roles where rolname = 'kalamna_audit') then
    create role kalamna_audit nologin nobypassrls;
  end if;
  grant kalamna_audit to current_user;
end $$;
grant usage on schema kalamna to kalamna_audit;

create table kalamna.audit_log (
  org_id uuid not null references kalamna.organizations on delete cascade,
  -- 1, 2, 3 … within the organization, without gaps.
  seq bigint not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'key', 'widget', 'superadmin', 'service', 'nobody')),
  actor_id uuid,
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  target_type text,
  target_id text,
  detail jsonb not null,
  result text not null check (result in ('ok', 'denied')),
  address text not null,
  agent text,
  request_id text not null,
  -- SHA-256 of the entry before and of this one's content (kalamna.audit_hash).
  hash bytea not null,
  primary key (org_id, seq)
);
create index audit_log_action on kalamna.audit_log (org_id, action, seq);
create index audit_log_actor on kalamna.audit_log (org_id, actor_id, seq);
create index audit_log_target on kalamna.audit_log (org_id, target_id, seq);

-- How long each chain is and where it ends: without this, cutting off its end would leave a valid chain.
create table kalamna.audit_heads (
  org_id uuid primary key references kalamna.organizations on delete cascade,
  entries bigint not null,
  hash bytea not null
);

alter table kalamna.audit_log enable row level security;
alter table kalamna.audit_log force row level security;
alter table kalamna.audit_heads enable row level security;
alter table kalamna.audit_heads force row level security;
create policy tenant on kalamna.audit_log for select to kalamna_app using (org_id = kalamna.org_id());
create policy tenant on kalamna.audit_heads for select to kalamna_app using (org_id = kalamna.org_id());
create policy recorder on kalamna.audit_log to kalamna_audit using (true) with check (true);
create policy recorder on kalamna.audit_heads to kalamna_audit using (true) with check (true);
grant select on kalamna.audit_log, kalamna.audit_heads to kalamna_app;
grant insert on kalamna.audit_log to kalamna_audit;
grant select, insert, update on kalamna.audit_heads to kalamna_audit;

-- Nobody changes an entry; entries go only when their whole organization has gone.
create function kalamna.audit_is_append_only() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' and not exists (select from kalamna.organizations o where o.id = old.org_id) then
    return old;
  end if;
  raise exception 'the audit log is append-only' using errcode = '42501';
end $$;
create trigger append_only before update or delete on kalamna.audit_log
  for each row execute function kalamna.audit_is_append_only();
create trigger append_only_all before truncate on kalamna.audit_log
  for each statement execute function kalamna.audit_is_append_only();

-- jsonb writes its text one way only, so equal content has equal bytes.
create function kalamna.audit_hash(previous bytea, entry kalamna.audit_log) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp
  return sha256(previous || convert_to(jsonb_build_array(
    entry.org_id, entry.seq, extract(epoch from entry.at), entry.actor_kind, entry.actor_id, entry.action,
    entry.target_type, entry.target_id, entry.detail, entry.result, entry.address, entry.agent,
    entry.request_id)::text, 'UTF8'));

-- Appends one entry. Put it last in a batch: it holds the end of the organization's chain until the batch is done.
-- Tenant batches write into their own organization only, whatever `org` says.
create function kalamna.record_audit(
  org uuid, actor_kind text, actor_id uuid, action text, target_type text, target_id text, detail jsonb, result text,
  address text, agent text, request_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head kalamna.audit_heads;
  entry kalamna.audit_log;
begin
  if current_setting('role') = 'kalamna_app' and org <> kalamna.org_id() then
    raise exception 'an entry for another organization' using errcode = '42501';
  end if;
  insert into kalamna.audit_heads (org_id, entries, hash) values (org, 0, '') on conflict (org_id) do nothing;
  select * into head from kalamna.audit_heads h where h.org_id = org for update;
  entry := (org, head.entries + 1, clock_timestamp(), actor_kind, actor_id, action, target_type, target_id,
            coalesce(detail, '{}'), result, address, agent, request_id, '');
  entry.hash := kalamna.audit_hash(head.hash, entry);
  insert into kalamna.audit_log select (entry).*;
  update kalamna.audit_heads h set entries = entry.seq, hash = entry.hash where h.org_id = org;
end $$;

-- Recomputes the organization's chain: how long it is, and the first entry that does not follow from the one before
-- (null when all do). An end that was cut off shows as the entry after the last.
create function kalamna.verify_audit(out entries bigint, out head text, out broken_at bigint)
language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  with chained as (
    select l.seq, l.hash,
           l.hash = kalamna.audit_hash(coalesce(lag(l.hash) over w, ''), l)
             and l.seq = coalesce(lag(l.seq) over w, 0) + 1 as follows
      from kalamna.audit_log l where l.org_id = kalamna.org_id() window w as (order by l.seq)
  ), last as (
    select c.seq, c.hash from chained c order by c.seq desc limit 1
  ), pinned as (
    select h.entries, h.hash from kalamna.audit_heads h where h.org_id = kalamna.org_id()
  )
  select (select count(*) from chained),
         (select encode(l.hash, 'hex') from last l),
         coalesce((select min(c.seq) from chained c where not c.follows),
                  (select coalesce(l.seq, 0) + 1 from pinned p left join last l on true
                    where l.seq is distinct from p.entries or l.hash is distinct from p.hash),
                  (select 1 from last l where not exists (select from pinned)));
end;

grant create on schema kalamna to kalamna_audit;
alter function kalamna.record_audit owner to kalamna_audit;
-- It must see every organization, also where the login role is bound by row level security.
alter function kalamna.audit_is_append_only owner to kalamna_door;
grant execute on function kalamna.org_id to kalamna_audit;
revoke execute on function kalamna.record_audit, kalamna.verify_audit, kalamna.audit_hash,
  kalamna.audit_is_append_only from public;
grant execute on function kalamna.audit_hash to kalamna_audit, kalamna_app;
grant execute on function kalamna.verify_audit to kalamna_app;
grant execute on function kalamna.record_audit to kalamna_app, kalamna_account;
