/** Makes an organization large without sending it everything: copies of its documents, published by the product's own function. */
import type pg from "pg";

/** As in src/infra/embedder/offline.ts. */
const THRESHOLD = 0.25;

/**
 * Until the organization has `wanted` chunks or `limitMs` milliseconds are over. Copies have the same words, hashes and
 * vectors of their own.
 */
export async function crowd(
  client: pg.Client,
  orgId: string,
  wanted: number,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const end = Date.now() + limitMs;
  const { rows } = await client.query(
    "select id, chunks from kalamna.documents where org_id = $1 and chunks > 0 order by created_at, id",
    [orgId],
  );
  const originals = rows as { id: string; chunks: number }[];
  let have = originals.reduce((sum, { chunks }) => sum + chunks, 0);
  await client.query("analyze");
  for (let nth = 0; have < wanted && Date.now() < end; nth++) {
    const [one, other] = [nth, nth * 7 + 1 + Math.floor(nth / originals.length)].map(
      (at) => originals[at % originals.length],
    );
    if (!one || !other) throw new Error("There is nothing to copy.");
    await copy(client, orgId, one.id, other.id);
    have += one.chunks;
  }
  await client.query("analyze");
}

/** A vector of the copy lies between its original's and one of another document. */
async function copy(client: pg.Client, orgId: string, original: string, other: string): Promise<void> {
  await client.query("begin");
  const made = await client.query(
    `insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level, status, chunks)
     select org_id, name, content_type, bytes, md5(random()::text) || md5(random()::text), access_level, 'embedding',
            chunks from kalamna.documents where id = $1 returning id`,
    [original],
  );
  const { id } = made.rows[0] as { id: string };
  await client.query(
    `insert into kalamna.chunk_drafts (org_id, document_id, version, ordinal, start_offset, end_offset, heading, content,
                                       content_hash, tokens, sv, terms, lexemes, analyzer, embedding_model, embedding,
                                       reused)
     select c.org_id, $2::uuid, 1, c.ordinal, c.start_offset, c.end_offset, c.heading, c.content,
            md5($2::uuid::text || c.ordinal), c.tokens, l.sv, l.terms,
            array(select t.lexeme from unnest(l.terms) with ordinality u(term, nth), lateral (
                    select x.lexeme from kalamna.org_terms x where x.org_id = c.org_id and x.term = u.term limit 1) t
                   order by u.nth),
            l.analyzer, v.embedding_model, v.embedding + coalesce(w.embedding, v.embedding), false
       from kalamna.chunks c
       join kalamna.chunk_lex l on l.chunk_id = c.id
       join kalamna.chunk_vec v on v.chunk_id = c.id
       left join kalamna.chunks o on o.org_id = c.org_id and o.document_id = $3 and o.ordinal = c.ordinal
       left join kalamna.chunk_vec w on w.chunk_id = o.id
      where c.org_id = $4 and c.document_id = $1`,
    [original, id, other, orgId],
  );
  await client.query("select kalamna.enter_service($1)", [orgId]);
  await client.query("select kalamna.publish_version($1, 1, $2)", [id, THRESHOLD]);
  await client.query("update kalamna.documents set status = 'ready', ready_at = now() where id = $1", [id]);
  await client.query("commit");
}
