/** Rows of an organization as older versions left them: each set as it was before the migration it is named for. */

/** What an organization has that another one has not: the digit all its ids begin with, and how large its files are. */
export type Older = { digit: string; bytes: number };

export const idOf = ({ digit }: Older, name: string) =>
  `${digit.repeat(8)}-0000-4000-8000-${name.padStart(12, "0")}`;

const hash = (digit: string, nth: number) => `${digit.repeat(63)}${nth}`;
/** @param at where it is not zero */
const vector = (at: number) =>
  `(select array_agg((i = ${at})::int::real order by i) from generate_series(1, 768) i)::vector(768)`;

export const T0 = "2025-03-01T08:00:00Z";
export const T1 = "2025-03-02T08:00:00Z";
export const T2 = "2025-03-03T08:00:00Z";

/** By the name of the first migration that finds them. */
export const OLDER_ROWS: Record<string, (older: Older) => string> = {
  accounts: (older) => {
    const id = (name: string) => `'${idOf(older, name)}'`;
    const { digit, bytes } = older;
    return `
      insert into kalamna.organizations (id, name, created_at) values (${id("1")}, 'Organization ${digit}', '${T0}');
      insert into kalamna.users (id, org_id, email, role, access, created_at)
        values (${id("2")}, ${id("1")}, 'admin@${digit}.test', 'admin', 'internal', '${T0}');
      insert into kalamna.refresh_tokens (id, org_id, user_id, family_id, token_hash, expires_at, spent_at, created_at)
        values (${id("31")}, ${id("1")}, ${id("2")}, ${id("3")}, '\\x${digit}1', '${T2}', '${T1}', '${T0}'),
               (${id("32")}, ${id("1")}, ${id("2")}, ${id("3")}, '\\x${digit}2', '${T2}', null, '${T1}');
      insert into kalamna.documents (id, org_id, name, content_type, bytes, sha256, access_level, created_by, status, version,
                                     failure_code, retryable, deadline_at, chunks, created_at, updated_at, ready_at)
        values (${id("41")}, ${id("1")}, 'ready', 'text/plain', ${bytes}, '${hash(digit, 1)}', 'internal', ${id("2")},
                'ready', 2, null, null, '${T1}', 2, '${T0}', '${T1}', '${T1}'),
               (${id("42")}, ${id("1")}, 'failed', 'text/plain', ${bytes * 10}, '${hash(digit, 2)}', 'internal', ${id("2")},
                'failed', 1, 'empty_document', false, '${T1}', null, '${T0}', '${T2}', null),
               (${id("43")}, ${id("1")}, 'pending', 'text/plain', ${bytes * 100}, '${hash(digit, 3)}', 'internal', ${id("2")},
                'pending', 3, null, null, '${T1}', null, '${T0}', '${T2}', null);
      insert into kalamna.segments (id, org_id, document_id, access, embedding_model, size, bq)
        values (${id("5")}, ${id("1")}, ${id("41")}, 1, 'old', 2, binary_quantize(${vector(1)})::bit(768));
      insert into kalamna.chunks (id, org_id, document_id, version, ordinal, start_offset, end_offset, content,
                                  content_hash, tokens, access)
        select c.id::uuid, ${id("1")}, ${id("41")}, 2, c.n, c.n, c.n + 1, 'Of ${digit}.', '${digit}' || c.n, 1, 1
          from (values (0, ${id("61")}), (1, ${id("62")})) c(n, id);
      insert into kalamna.chunk_vec (chunk_id, org_id, document_id, segment_id, access, embedding_model, content_hash,
                                     embedding)
        values (${id("61")}, ${id("1")}, ${id("41")}, ${id("5")}, 1, 'old', '${digit}0', ${vector(1)}::halfvec(768)),
               (${id("62")}, ${id("1")}, ${id("41")}, ${id("5")}, 1, 'old', '${digit}1', ${vector(2)}::halfvec(768));
      insert into kalamna.chunk_lex (chunk_id, org_id, document_id, ordinal, access, sv, terms)
        select c.id::uuid, ${id("1")}, ${id("41")}, c.n, 1, '{1:1}/536870912', '{8}'
          from (values (0, ${id("61")}), (1, ${id("62")})) c(n, id);
      insert into kalamna.org_terms (org_id, term, access, lexeme, df) values (${id("1")}, 8, 1, 'word', 2);
      insert into kalamna.org_corpus (org_id, access, chunks) values (${id("1")}, 1, 2), (${id("1")}, 0, 0);`;
  },
  ending: (older) => `
    insert into kalamna.deleted_organizations (id, deleted_at, requested_by_kind, requested_by, rows)
      values ('${idOf(older, "7")}', '${T1}', 'user', '${idOf(older, "2")}', '{"documents": 3}');`,
  centers: (older) => {
    const id = (name: string) => `'${idOf(older, name)}'`;
    return `
      insert into kalamna.cells (id, org_id, embedding_model, bq)
        values (${id("81")}, ${id("1")}, 'old', binary_quantize(${vector(1)})::bit(768)),
               (${id("82")}, ${id("1")}, 'old', binary_quantize(${vector(9)})::bit(768));
      update kalamna.segments set cell_id = ${id("81")} where id = ${id("5")};
      update kalamna.chunk_vec set cell_id = ${id("81")} where segment_id = ${id("5")};`;
  },
  remainders: (older) => {
    const id = (name: string) => `'${idOf(older, name)}'`;
    return `
      insert into kalamna.taught_answers (id, org_id, question, answer, access_level, created_at, updated_at)
        values (${id("9")}, ${id("1")}, 'When?', 'Now.', 'internal', '${T1}', '${T1}');
      insert into kalamna.taught_phrases (org_id, taught_id, ordinal, text, exact, terms, analyzer)
        values (${id("1")}, ${id("9")}, 0, 'When?', 'when', '{1}', 2);
      insert into kalamna.taught_vectors (org_id, taught_id, ordinal, embedding_model, embedding)
        values (${id("1")}, ${id("9")}, 0, 'older still', ${vector(3)}::halfvec(768));`;
  },
};
