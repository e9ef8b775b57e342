-- Only what is new is embedded; drafts belong to the version being read; a document remembers its last versions.

alter table kalamna.chunk_drafts
  -- The first draft of this version with the same text, whose vector this one shares; null for that one itself.
  add column same_as int,
  -- Whether its vector was known already, from the index or from `same_as`; null while it has none.
  add column reused boolean;
create index chunk_drafts_twins on kalamna.chunk_drafts (org_id, document_id, version, same_as) where same_as is not null;

-- Publishes a version and counts what of it was known. How many chunks readers now have; null, and nothing done, when
-- the version is not being embedded any more or lacks a vector (publish_document, migrations/0002_retrieval.sql).
create function kalamna.publish_version(document uuid, version int, threshold float8) returns int
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  org constant uuid := kalamna.org_id();
  published int;
  known int;
  made int;
begin
  perform kalamna.hold_statistics();
  -- Who stores vectors renews the lease on this row first: none arrives between counting and publishing.
  perform from kalamna.documents d
    where d.org_id = org and d.id = publish_version.document and d.version = publish_version.version
      and d.status = 'embedding' for update;
  if not found then
    return null;
  end if;
  select count(*) filter (where d.reused), count(*) filter (where not d.reused) into known, made
    from kalamna.chunk_drafts d
   where d.org_id = org and d.document_id = publish_version.document and d.version = publish_version.version;
  published := kalamna.publish_document(publish_version.document, publish_version.version, threshold);
  if published is not null then
    update kalamna.documents d set reused = known, embedded = made
     where d.org_id = org and d.id = publish_version.document;
  end if;
  return published;
end $$;
revoke execute on function kalamna.publish_version from public;
grant execute on function kalamna.publish_version to kalamna_app;

-- What a version that ended or was replaced leaves behind goes in the same transaction, whoever ended it: its drafts,
-- and the versions beyond the ten newest that do not answer (their files are an orphan sweep's business).
create function kalamna.settle_version() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept constant int := 10;
begin
  if new.status = 'failed' or new.version <> old.version then
    delete from kalamna.chunk_drafts d where d.org_id = new.org_id and d.document_id = new.id;
  end if;
  delete from kalamna.document_versions v
   where v.org_id = new.org_id and v.document_id = new.id and v.version in (
     select o.version from kalamna.document_versions o
      where o.org_id = new.org_id and o.document_id = new.id and o.status in ('superseded', 'failed')
        and o.version <> new.version and o.version is distinct from new.published_version
      order by o.version desc offset kept);
  return null;
end $$;
alter function kalamna.settle_version owner to kalamna_door;
revoke execute on function kalamna.settle_version from public;
-- Fires after `note_version`, by its name.
create trigger settle_version after update of version, status on kalamna.documents for each row
  when (new.version <> old.version or (new.status <> old.status and new.status in ('ready', 'failed')))
  execute function kalamna.settle_version();

-- Whoever sees a document sees the version that answers, or will be the first to; the others, which may have been written
-- for other readers, are for those who may change it.
alter policy tenant on kalamna.document_versions
  using (org_id = kalamna.org_id() and exists (
    select from kalamna.documents d
     where d.org_id = document_versions.org_id and d.id = document_versions.document_id
       and (document_versions.version = coalesce(d.published_version, d.version)
            or kalamna.may_change(d.created_by, d.created_by_key))));

create index documents_failed on kalamna.documents (org_id, updated_at) where status = 'failed';

create policy door on kalamna.chunk_drafts to kalamna_door using (true);
grant select (org_id, document_id), delete on kalamna.chunk_drafts to kalamna_door;
grant delete on kalamna.document_versions to kalamna_door;
