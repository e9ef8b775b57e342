-- Invitations, changes of rights, and the rule that an organization keeps an admin.

create table kalamna.invitations (
  id uuid primary key default gen_random_uuid(),
  org_id uuid not null references kalamna.organizations on delete cascade,
  email text not null check (email = lower(email)),
  role text not null check (role in ('admin', 'member', 'viewer')),
  -- Null: follows from the e-mail's domain when the invitation is accepted.
  access text check (access in ('internal', 'external')),
  groups uuid[] not null default '{}' check (cardinality(groups) <= 100),
  -- SHA-256 of the token in the letter. 256 random bits need neither salt nor stretching.
  token_hash bytea not null unique check (length(token_hash) = 32),
  invited_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, invited_by) references kalamna.users (org_id, id) on delete set null (invited_by)
);
-- Inviting an address again replaces its open invitation.
create unique index invitations_open on kalamna.invitations (org_id, email) where accepted_at is null;
create index invitations_newest on kalamna.invitations (org_id, created_at desc, id desc);

alter table kalamna.invitations enable row level security;
alter table kalamna.invitations force row level security;
create policy administrators on kalamna.invitations to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');
create policy account on kalamna.invitations to kalamna_account using (true) with check (true);
grant select, insert, update, delete on kalamna.invitations to kalamna_app;
grant select, update (accepted_at) on kalamna.invitations to kalamna_account;

create index users_newest on kalamna.users (org_id, created_at desc, id desc);
grant update (role, access, access_override, status), delete on kalamna.users to kalamna_app;

-- An admin ends a colleague's sessions together with their rights.
create policy administrators on kalamna.sessions to kalamna_app
  using (org_id = kalamna.org_id() and kalamna.role() = 'admin')
  with check (org_id = kalamna.org_id() and kalamna.role() = 'admin');

-- Whatever changes a person's rights, older access tokens die with it; and nobody but an admin changes rights, even
-- where a policy lets people change their own row.
create function kalamna.guard_rights() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('role') = 'kalamna_app' and kalamna.role() <> 'admin' then
    raise exception 'only an admin changes rights' using errcode = '42501';
  end if;
  new.token_version := greatest(new.token_version, old.token_version + 1);
  return new;
end $$;
create trigger users_rights before update on kalamna.users for each row
  when ((old.role, old.access, old.access_override, old.status) is distinct from
        (new.role, new.access, new.access_override, new.status))
  execute function kalamna.guard_rights();

-- Whoever takes an admin's rights away waits for others who do the same in this organization, then counts.
create function kalamna.keep_an_admin() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('admins of ' || old.org_id, 0));
  if exists (select from kalamna.organizations o where o.id = old.org_id)
     and not exists (select from kalamna.users u
                      where u.org_id = old.org_id and u.role = 'admin' and u.status = 'active') then
    raise exception 'an organization keeps an active admin'
      using errcode = '23514', constraint = 'users_keep_an_admin';
  end if;
  return null;
end $$;
create trigger users_keep_an_admin_change after update on kalamna.users for each row
  when (old.role = 'admin' and old.status = 'active' and (new.role <> 'admin' or new.status <> 'active'))
  execute function kalamna.keep_an_admin();
create trigger users_keep_an_admin_remove after delete on kalamna.users for each row
  when (old.role = 'admin' and old.status = 'active')
  execute function kalamna.keep_an_admin();

-- A group that goes leaves its documents to the groups they also name, or to admins only; never to everybody. How many.
create function kalamna.forget_group(gone uuid) returns int
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  document record;
  left_over uuid[];
  changed int := 0;
begin
  perform kalamna.hold_statistics();
  for document in
    select d.id, d.sha256, d.access, d.groups from kalamna.documents d
     where d.org_id = kalamna.org_id() and d.groups @> array[gone] order by d.id
  loop
    left_over := array_remove(document.groups, gone);
    -- The same bytes are already there for those who remain: this row keeps the id, which nobody belongs to any more.
    continue when exists (select from kalamna.documents d
                           where d.org_id = kalamna.org_id() and d.sha256 = document.sha256
                             and d.access = document.access and d.groups is not distinct from left_over);
    perform kalamna.reaccess_document(document.id, document.access, left_over);
    update kalamna.documents d set groups = left_over, updated_at = now()
     where d.org_id = kalamna.org_id() and d.id = document.id;
    changed := changed + 1;
  end loop;
  update kalamna.api_keys k set groups = array_remove(k.groups, gone)
   where k.org_id = kalamna.org_id() and k.groups @> array[gone];
  return changed;
end $$;

alter function kalamna.guard_rights owner to kalamna_door;
alter function kalamna.keep_an_admin owner to kalamna_door;
revoke execute on function kalamna.guard_rights, kalamna.keep_an_admin, kalamna.forget_group from public;
grant execute on function kalamna.forget_group to kalamna_app;
