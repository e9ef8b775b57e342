-- What earlier migrations left behind.

-- The tables of 0022 that grow with what an organization holds, with the results of its evaluations.
create or replace function kalamna.large_tables() returns text[] language sql immutable set search_path = pg_catalog, pg_temp
  return array['eval_results', 'message_events', 'messages', 'chat_sessions', 'chunk_vec', 'chunk_lex', 'segments',
               'chunk_drafts', 'chunks', 'org_terms', 'batch_items', 'source_pages', 'webhook_deliveries', 'file_removals',
               'documents'];
create policy remover_takes on kalamna.eval_results for delete to kalamna_remover using (true);
grant delete, select (ctid) on kalamna.eval_results to kalamna_remover;

-- Organizations that changed their embedding model before taught answers moved with it compare them by words alone. They
-- change to the model they have, which gives what lacks one a vector; the sweeper sends the message.
alter table kalamna.org_embedding no force row level security;
alter table kalamna.taught_phrases no force row level security;
alter table kalamna.taught_vectors no force row level security;
update kalamna.org_embedding e
   set change_id = gen_random_uuid(), phase = 'embedding', target = e.model, piece = 1, lease_until = null,
       run_after = now(), cursor_document = null, cursor_ordinal = null, tokens = 0, failure_code = null,
       failure_detail = null, started_at = now(), updated_at = now()
 where e.phase is null and exists (
   select from kalamna.taught_phrases p where p.org_id = e.org_id and not exists (
     select from kalamna.taught_vectors v
      where v.org_id = p.org_id and v.taught_id = p.taught_id and v.ordinal = p.ordinal and v.embedding_model = e.model));
alter table kalamna.org_embedding force row level security;
alter table kalamna.taught_phrases force row level security;
alter table kalamna.taught_vectors force row level security;

-- As in 0041, from an organization's first night on: its first day has too few questions to say anything.
create or replace function kalamna.recall_due(at timestamptz, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select e.org_id from kalamna.org_embedding e
    join kalamna.organizations o
      on o.id = e.org_id and o.status = 'active' and o.created_at < date_trunc('day', at, 'UTC')
   where date_trunc('day', at, 'UTC') + (hashtext(e.org_id::text) & 2147483647) % 360 * interval '1 minute' <= at
     and (e.recall_tried_at is null or e.recall_tried_at <= at - interval '1 hour')
     and not exists (select from kalamna.recall_days r
                      where r.org_id = e.org_id and r.day = (at at time zone 'UTC')::date)
   order by e.recall_tried_at nulls first, e.org_id limit most;
end;
