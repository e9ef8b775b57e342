-- Quotas and what counts against them; delays for whoever guesses passwords.

-- Null allows any amount. The row without an organization holds for all that have no figure of their own.
create table kalamna.quotas (
  org_id uuid references kalamna.organizations on delete cascade,
  -- Held at any time.
  documents int check (documents >= 0),
  storage_bytes bigint check (storage_bytes >= 0),
  -- Per calendar month, UTC.
  questions int check (questions >= 0),
  tokens bigint check (tokens >= 0),
  unique nulls not distinct (org_id)
);

create table kalamna.org_usage (
  org_id uuid not null references kalamna.organizations on delete cascade,
  month date not null,
  questions int not null,
  -- Of the language model, both ways; what is reserved for answers under way included.
  tokens bigint not null,
  primary key (org_id, month)
) with (fillfactor = 50);

create table kalamna.org_storage (
  org_id uuid primary key references kalamna.organizations on delete cascade,
  documents int not null,
  bytes bigint not null
) with (fillfactor = 50);

-- Attempts to sign in, by what they have in common; buckets are hashes. Successes are taken out again.
create table kalamna.login_attempts (
  bucket bytea primary key,
  failures int not null,
  blocked_until timestamptz,
  last_at timestamptz not null
);
create index login_attempts_age on kalamna.login_attempts (last_at);

-- From where an account has been signed in to: not held up by what others do to the account.
create table kalamna.login_places (
  place bytea primary key,
  last_at timestamptz not null
);
create index login_places_age on kalamna.login_places (last_at);

do $$
declare name text;
begin
  foreach name in array array['quotas', 'org_usage', 'org_storage', 'login_attempts', 'login_places'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    execute format('create policy door on kalamna.%I to kalamna_door using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on kalamna.%I to kalamna_door', name);
  end loop;
  foreach name in array array['org_usage', 'org_storage'] loop
    execute format('create policy tenant on kalamna.%I for select to kalamna_app using (org_id = kalamna.org_id())', name);
    execute format('grant select on kalamna.%I to kalamna_app', name);
  end loop;
  foreach name in array array['quotas', 'org_usage', 'org_storage'] loop
    execute format('create policy platform on kalamna.%I to kalamna_platform using (true) with check (true)', name);
    execute format('grant select on kalamna.%I to kalamna_platform', name);
  end loop;
end $$;
grant insert, update on kalamna.quotas to kalamna_platform;

create function kalamna.quota_of(
  org uuid, out documents int, out storage_bytes bigint, out questions int, out tokens bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(own.documents, every.documents), coalesce(own.storage_bytes, every.storage_bytes),
         coalesce(own.questions, every.questions), coalesce(own.tokens, every.tokens)
    from (select org as org_id) o
    left join kalamna.quotas own on own.org_id = o.org_id
    left join kalamna.quotas every on every.org_id is null;
end;

-- KQ001: used up until the month ends. KQ002: as much as may be held at a time. The detail is for the API.
create function kalamna.refuse_quota(state text, quota text, allowed bigint, used bigint, resets_at timestamptz)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'quota %', quota using errcode = state, detail = json_build_object(
    'quota', quota, 'limit', allowed, 'used', used,
    'resets_at', to_char(resets_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text;
end $$;

-- Last statement of a question's batch: counts the question and sets `estimate` tokens aside for the model. Last, because
-- it holds the organization's counter until the batch is done. When the tokens do not suffice, the organization's choice
-- decides: an answer without the model (nothing set aside), or none.
create function kalamna.reserve_question(estimate bigint) returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  this_month constant date := date_trunc('month', now() at time zone 'UTC');
  resets_at constant timestamptz := (this_month + interval '1 month') at time zone 'UTC';
  quota record;
  used record;
  over boolean := false;
begin
  select * into quota from kalamna.quota_of(org);
  insert into kalamna.org_usage as u (org_id, month, questions, tokens) values (org, this_month, 1, estimate)
  on conflict (org_id, month) do update set questions = u.questions + 1, tokens = u.tokens + estimate
  returning u.questions, u.tokens into used;
  if used.questions > quota.questions then
    perform kalamna.refuse_quota('KQ001', 'questions', quota.questions, used.questions - 1, resets_at);
  end if;
  if estimate > 0 and used.tokens > quota.tokens then
    if (select o.settings ->> 'over_budget' from kalamna.organizations o where o.id = org) is distinct from 'extractive' then
      perform kalamna.refuse_quota('KQ001', 'tokens', quota.tokens, used.tokens - estimate, resets_at);
    end if;
    over := true;
    update kalamna.org_usage u set tokens = u.tokens - estimate where u.org_id = org and u.month = this_month;
  end if;
  return json_build_object(
    'month', this_month, 'reserved', case when over then 0 else estimate end, 'over_budget', over,
    'questions', quota.questions, 'questions_left', quota.questions - used.questions, 'resets_at', resets_at);
end $$;

-- Puts what was really spent in the place of what was set aside. A question that got no answer is not counted.
create function kalamna.settle_question(of_month date, reserved bigint, spent bigint, answered boolean) returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update kalamna.org_usage u
     set tokens = greatest(0, u.tokens - reserved + spent),
         questions = greatest(0, u.questions - case when answered then 0 else 1 end)
   where u.org_id = kalamna.org_id() and u.month = of_month;
end;

-- Documents and bytes, counted where nobody can forget to.
create function kalamna.count_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held record;
  quota record;
begin
  for held in
    insert into kalamna.org_storage as s (org_id, documents, bytes)
    select a.org_id, count(*), sum(a.bytes) from added a group by a.org_id
    on conflict (org_id) do update set documents = s.documents + excluded.documents, bytes = s.bytes + excluded.bytes
    returning s.*
  loop
    select * into quota from kalamna.quota_of(held.org_id);
    -- What is held without what is being refused.
    if held.documents > quota.documents then
      perform kalamna.refuse_quota('KQ002', 'documents', quota.documents,
        held.documents - (select count(*) from added a where a.org_id = held.org_id), null);
    elsif held.bytes > quota.storage_bytes then
      perform kalamna.refuse_quota('KQ002', 'storage_bytes', quota.storage_bytes,
        held.bytes - (select sum(a.bytes) from added a where a.org_id = held.org_id)::bigint, null);
    end if;
  end loop;
  return null;
end $$;

create function kalamna.count_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update kalamna.org_storage s set documents = s.documents - r.documents, bytes = s.bytes - r.bytes
    from (select g.org_id, count(*) documents, sum(g.bytes) bytes from removed g group by g.org_id) r
   where s.org_id = r.org_id;
  return null;
end $$;

-- How many seconds whoever tries to sign in must wait; 0 = go on, the attempt is counted. Attempts are counted before
-- the password is looked at, so that a thousand at once are a thousand, and a success takes its own out again.
--   place    the account from one address, or on one device it was signed in on before (then nothing else counts):
--            5 free, then 2, 4, 8 … 900 s; forgotten after a day
--   address  all accounts from one address: 50 free, then the same; forgotten after an hour
--   account  from all addresses the account was never signed in from: 20 free, then one in 30 s; an hour
-- So whoever guesses slows down strangers to the account, never the devices and places its owner uses.
create function kalamna.login_gate(place bytea, address bytea, account bytea, device bytea) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  moment constant timestamptz := clock_timestamp();
  own_device constant boolean := exists (select from kalamna.login_places p where p.place = device);
  own_place constant boolean := exists (select from kalamna.login_places p where p.place = login_gate.place);
  rules constant int[] := case when own_device then '{1}' when own_place then '{1,2}' else '{1,2,3}' end;
  buckets constant bytea[] := array[case when own_device then device else place end, address, account];
  rule int;
  seen kalamna.login_attempts;
  wait float8 := 0;
begin
  -- Always in this order, so that nobody who waits for a row holds one that the other needs.
  foreach rule in array rules loop
    insert into kalamna.login_attempts as a (bucket, failures, last_at) values (buckets[rule], 0, moment)
    on conflict (bucket) do update
       set failures = case when a.last_at < moment - (array[interval '1 day', '1 hour', '1 hour'])[rule] then 0
                           else a.failures end
    returning a.* into seen;
    wait := greatest(wait, extract(epoch from seen.blocked_until - moment));
  end loop;
  if wait > 0 then
    return ceil(wait);
  end if;
  foreach rule in array rules loop
    update kalamna.login_attempts a
       set failures = a.failures + 1, last_at = moment,
           blocked_until = moment + make_interval(secs => case
             when a.failures + 1 < (array[5, 50, 20])[rule] then 0
             when rule = 3 then 30
             else least(900, 2 ^ least(a.failures + 2 - (array[5, 50])[rule], 20)) end)
     where a.bucket = buckets[rule];
  end loop;
  return 0;
end $$;

-- Takes the attempt out of the counts it is in and remembers where it came from.
create function kalamna.login_succeeded(place bytea, address bytea, account bytea, device bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_device constant boolean := exists (select from kalamna.login_places p where p.place = device);
  own_place constant boolean := exists (select from kalamna.login_places p where p.place = login_succeeded.place);
begin
  delete from kalamna.login_attempts a where a.bucket in (login_succeeded.place, device);
  update kalamna.login_attempts a set failures = greatest(0, a.failures - 1), blocked_until = null
   where (a.bucket = address and not own_device) or (a.bucket = account and not own_device and not own_place);
  insert into kalamna.login_places as p (place, last_at)
  select known.place, now() from unnest(array[login_succeeded.place, device]) known(place) where known.place is not null
  on conflict on constraint login_places_pkey do update set last_at = excluded.last_at;
end $$;

create function kalamna.forget_logins() returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  delete from kalamna.login_attempts where last_at < now() - interval '1 day';
  delete from kalamna.login_places where last_at < now() - interval '90 days';
end;

do $$
declare name text;
begin
  foreach name in array array['quota_of', 'reserve_question', 'settle_question', 'count_added', 'count_removed',
                              'login_gate', 'login_succeeded', 'forget_logins'] loop
    execute format('alter function kalamna.%I owner to kalamna_door', name);
    execute format('revoke execute on function kalamna.%I from public', name);
  end loop;
end $$;
revoke execute on function kalamna.refuse_quota from public;
grant execute on function kalamna.refuse_quota to kalamna_door;
grant execute on function kalamna.quota_of, kalamna.reserve_question, kalamna.settle_question to kalamna_app;
grant execute on function kalamna.quota_of, kalamna.demand to kalamna_platform;
grant execute on function kalamna.login_gate, kalamna.login_succeeded to kalamna_account;
grant execute on function kalamna.forget_logins to kalamna_system;

create trigger count_added after insert on kalamna.documents
  referencing new table as added for each statement execute function kalamna.count_added();
create trigger count_removed after delete on kalamna.documents
  referencing old table as removed for each statement execute function kalamna.count_removed();

-- Documents from before this migration.
set local role kalamna_door;
insert into kalamna.org_storage (org_id, documents, bytes)
select d.org_id, count(*), sum(d.bytes) from kalamna.documents d group by d.org_id;
reset role;
