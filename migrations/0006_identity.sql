-- Identity providers of organizations, and which of their people are who.

create table kalamna.identity_providers (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null unique references kalamna.organizations on delete cascade,
  issuer text not null check (length(issuer) between 1 and 500),
  audience text not null check (length(audience) between 1 and 300),
  -- Null: the issuer's discovery document names it.
  jwks_uri text,
  algorithms text[] not null check (
    cardinality(algorithms) > 0
    and algorithms <@ array['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']),
  claims jsonb not null check (jsonb_typeof(claims) = 'object'),
  domains text[] not null check (cardinality(domains) > 0),
  status text not null default 'active' check (status in ('active', 'disabled')),
  revision int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id)
);
-- Google is one issuer for everybody: only together with the audience does a token point to one organization.
create unique index identity_providers_source on kalamna.identity_providers (issuer, audience);

-- The provider's permanent name for a person, bound to the account it first signed in to.
create table kalamna.identities (
  org_id uuid not null,
  provider_id uuid not null,
  subject text not null check (length(subject) between 1 and 255),
  user_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (provider_id, subject),
  unique (provider_id, user_id),
  foreign key (org_id, provider_id) references kalamna.identity_providers (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references kalamna.users (org_id, id) on delete cascade
);
create index identities_user on kalamna.identities (org_id, user_id);

do $$
declare name text;
begin
  foreach name in array array['identity_providers', 'identities'] loop
    execute format('alter table kalamna.%I enable row level security', name);
    execute format('alter table kalamna.%I force row level security', name);
    -- Admins only, whatever the route forgot.
    execute format($policy$create policy tenant on kalamna.%I to kalamna_app
      using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
      with check (org_id = kalamna.org_id() and kalamna.role() = 'admin')$policy$, name);
    execute format('create policy account on kalamna.%I to kalamna_account using (true) with check (true)', name);
  end loop;
end $$;
grant select, insert, update, delete on kalamna.identity_providers to kalamna_app;
grant select, delete on kalamna.identities to kalamna_app;
grant select on kalamna.identity_providers to kalamna_account;
grant select, insert on kalamna.identities to kalamna_account;

-- Whoever came in through the provider must come in again: for a provider that is replaced, disabled or gone. Not the
-- administrator who does it.
create function kalamna.end_external_sessions() returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update kalamna.users u set token_version = u.token_version + 1
   where u.org_id = kalamna.org_id() and kalamna.role() = 'admin' and u.id is distinct from kalamna.user_id()
     and exists (select from kalamna.identities i where i.org_id = u.org_id and i.user_id = u.id);
end;
create policy door on kalamna.identities for select to kalamna_door using (true);
create policy end_sessions on kalamna.users for update to kalamna_door using (true) with check (true);
grant select on kalamna.identities to kalamna_door;
grant update (token_version) on kalamna.users to kalamna_door;
alter function kalamna.end_external_sessions owner to kalamna_door;
revoke execute on function kalamna.end_external_sessions from public;
grant execute on function kalamna.end_external_sessions to kalamna_app;

-- Signing in with a token whose signature and claims are proved (domain/identity/resolve.ts): finds, creates or updates
-- the person and says with which rights they act. The organization is the provider's; no argument names one.
--   known_revision  the provider as the token was checked against; another one is 'stale'
--   role_is_mapped  false: `person_role` is only what a new person starts with
--   person_access   null: follows from the e-mail's domain (kalamna.access_for)
--   group_scope     the groups that the provider decides about; person_groups those of them the person is in
create function kalamna.admit_external(
  provider uuid, known_revision int, person_subject text, person_email text, person_role text, role_is_mapped boolean,
  person_access text, group_scope uuid[], person_groups uuid[], address text, agent text, request_id text)
returns json language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  source record;
  person kalamna.users;
  invited kalamna.invitations;
  act text;
  kept_role text;
  kept_access text;
  override text;
  moved int;
  groups_changed int := 0;
begin
  select p.org_id, p.revision, p.status, o.status as org_status,
         o.settings -> 'internal_domains' as internal_domains
    into source
    from kalamna.identity_providers p join kalamna.organizations o on o.id = p.org_id where p.id = provider;
  if not found or source.revision <> known_revision or source.status <> 'active' then
    return json_build_object('outcome', 'stale');
  end if;
  if source.org_status <> 'active' then
    return json_build_object('outcome', 'suspended');
  end if;

  -- Two first requests of the same person come one after the other.
  perform pg_advisory_xact_lock(hashtextextended(provider::text || person_subject, 0));
  select u.* into person from kalamna.identities i join kalamna.users u on u.org_id = i.org_id and u.id = i.user_id
   where i.provider_id = provider and i.subject = person_subject;
  if not found then
    -- Somebody who was invited gets what the invitation says where the provider says nothing.
    select i.* into invited from kalamna.invitations i
     where i.org_id = source.org_id and i.email = person_email and i.accepted_at is null and i.expires_at > now();
    kept_role := case when role_is_mapped then person_role else coalesce(invited.role, person_role) end;
    override := coalesce(person_access, invited.access);
    insert into kalamna.users (org_id, email, role, access, access_override, email_verified_at)
      values (source.org_id, person_email, kept_role,
              kalamna.access_for(override, kept_role, person_email, true, source.internal_domains, 'external'),
              override, now())
      on conflict (email) do nothing returning * into person;
    if found then
      act := 'employee.provisioned';
      update kalamna.invitations i set accepted_at = now() where i.id = invited.id;
      insert into kalamna.group_members (org_id, group_id, user_id)
        select g.org_id, g.id, person.id from kalamna.groups g
         where g.org_id = source.org_id and g.id = any (invited.groups);
    else
      select u.* into person from kalamna.users u where u.email = person_email;
      if person.org_id is distinct from source.org_id then
        return json_build_object('outcome', 'elsewhere');
      end if;
      if exists (select from kalamna.identities i where i.provider_id = provider and i.user_id = person.id) then
        return json_build_object('outcome', 'linked');
      end if;
      act := 'employee.linked';
    end if;
    if person.status = 'active' then
      insert into kalamna.identities (org_id, provider_id, subject, user_id)
        values (source.org_id, provider, person_subject, person.id);
    end if;
  end if;
  if person.status <> 'active' then
    return json_build_object('outcome', 'inactive');
  end if;

  kept_role := case when role_is_mapped then person_role else person.role end;
  override := coalesce(person_access, person.access_override);
  loop
    kept_access := kalamna.access_for(override, kept_role, person.email, true, source.internal_domains, person.access);
    exit when (kept_role, kept_access, override) is not distinct from (person.role, person.access, person.access_override);
    begin
      update kalamna.users u set role = kept_role, access = kept_access, access_override = override
       where u.id = person.id returning * into person;
      act := coalesce(act, 'employee.synchronized');
    exception when check_violation then
      -- The last administrator stays one, whatever the provider says (users_keep_an_admin).
      kept_role := person.role;
    end;
  end loop;

  delete from kalamna.group_members m
   where m.org_id = source.org_id and m.user_id = person.id and m.group_id = any (group_scope)
     and m.group_id <> all (person_groups);
  get diagnostics groups_changed = row_count;
  insert into kalamna.group_members (org_id, group_id, user_id)
    select g.org_id, g.id, person.id from kalamna.groups g
     where g.org_id = source.org_id and g.id = any (person_groups)
    on conflict do nothing;
  get diagnostics moved = row_count;
  groups_changed := groups_changed + moved;

  act := coalesce(act, case when groups_changed > 0 then 'employee.synchronized' end);
  if act is not null then
    perform kalamna.record_audit(
      source.org_id, 'user', person.id, act, 'employee', person.id::text,
      jsonb_build_object('role', person.role, 'access', person.access, 'groups_changed', groups_changed), 'ok',
      address, agent, request_id);
  end if;
  return json_build_object('outcome', 'admitted', 'userId', person.id, 'role', person.role, 'access', person.access,
                           'tokenVersion', person.token_version);
end $$;
revoke execute on function kalamna.admit_external from public;
grant execute on function kalamna.admit_external to kalamna_account;
create policy identity on kalamna.groups for select to kalamna_account using (true);
create policy identity on kalamna.group_members to kalamna_account using (true) with check (true);
grant select on kalamna.groups to kalamna_account;
grant select, insert, delete on kalamna.group_members to kalamna_account;
