/** One organization in the middle of everything: documents of a batch in each state, one of them published, addresses, a webhook. */
import { randomUUID } from "node:crypto";

export type Shelf = {
  orgId: string;
  userId: string;
  /** Whose batch it is; its documents and its address are an admin's or nobody's. */
  memberId: string;
  webhookId: string;
  batchId: string;
  sourceId: string;
  /** Embedded and about to be published; version 1. */
  embedded: string;
  /** Answers; its own name is `two`. */
  ready: string;
  failed: string;
  pending: string;
};

/** Statements that make it; by a superuser, in one transaction. */
export function shelf(): { shelf: Shelf; sql: string } {
  const [orgId, userId, memberId, webhookId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const [batchId, sourceId] = [randomUUID(), randomUUID()];
  // In an order that is not that of their rows.
  const [pending, embedded, failed, ready] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ].sort() as [string, string, string, string];
  const document = (id: string, name: string, status: string) => `
    insert into kalamna.documents (id, org_id, name, content_type, bytes, sha256, access_level, external_id, batch_id, status,
                                   lane, chunks, tokens, lease_until)
      values ('${id}', '${orgId}', '${name}', 'text/plain', 10, encode(sha256('${id}'), 'hex'), 'internal', '${name}', '${batchId}',
              'pending', 'ingest-bulk', 2, 2, null);
    insert into kalamna.batch_items (org_id, batch_id, line, fingerprint, outcome, document_id)
      values ('${orgId}', '${batchId}', (select count(*) + 1 from kalamna.batch_items where batch_id = '${batchId}'),
              repeat('0', 64), 'created', '${id}');
    update kalamna.documents set status = '${status}', retryable = '${status}' = 'failed',
           failure_code = case '${status}' when 'failed' then 'embedder_unavailable' end where id = '${id}';`;
  const drafts = (id: string) => `
    insert into kalamna.chunk_drafts (org_id, document_id, version, ordinal, start_offset, end_offset, content, content_hash,
                                      tokens, sv, terms, lexemes, embedding_model, embedding, reused)
      select '${orgId}', '${id}', 1, n, n, n + 1, 'Word.', '${id}' || n, 1, '{1:1}/536870912', '{8,9}', '{word,gate}', 'one',
             (select array_agg((i = n + 1)::int::real order by i) from generate_series(1, 768) i)::vector(768)::halfvec(768), false
        from generate_series(0, 1) n;`;
  const sql = `
    insert into kalamna.organizations (id, name) values ('${orgId}', 'Shelf');
    insert into kalamna.users (id, org_id, email, role, access)
      values ('${userId}', '${orgId}', '${userId}@shelf.test', 'admin', 'internal'),
             ('${memberId}', '${orgId}', '${memberId}@shelf.test', 'member', 'internal');
    insert into kalamna.webhooks (id, org_id, url, events, secret)
      values ('${webhookId}', '${orgId}', 'https://hooks.test/',
              '{document.ready,document.failed,batch.completed}', 'sealed');
    insert into kalamna.batches (org_id, id, kind, status, lines, created_by)
      values ('${orgId}', '${batchId}', 'ndjson', 'open', 4, '${memberId}');
    insert into kalamna.sources (id, org_id, kind, url, access_level, batch_id, created_by)
      values ('${sourceId}', '${orgId}', 'url', 'https://pages.test/${sourceId}', 'internal', '${batchId}', '${userId}');
    insert into kalamna.batch_items (org_id, batch_id, line, fingerprint, outcome, source_id)
      values ('${orgId}', '${batchId}', 9, repeat('0', 64), 'created', '${sourceId}');
    ${document(ready, "two", "embedding")}
    ${document(pending, "four", "pending")}
    ${document(embedded, "one", "embedding")}
    ${document(failed, "three", "failed")}
    ${drafts(ready)}
    ${drafts(embedded)}
    update kalamna.batches set status = 'running' where id = '${batchId}';
    select kalamna.enter_service('${orgId}');
    select kalamna.publish_version('${ready}', 1, 0.5);
    update kalamna.documents set status = 'ready', published_version = 1, ready_at = now() where id = '${ready}';`;
  return {
    shelf: { orgId, userId, memberId, webhookId, batchId, sourceId, embedded, ready, failed, pending },
    sql,
  };
}
