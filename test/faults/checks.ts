/** What must hold once the dust has settled, whatever happened before: each question names what violates it. */
import { expect } from "vitest";
import type { Client } from "./client.ts";
import type { Planned } from "./corpus.ts";
import type { FaultStack, Row } from "./stack.ts";

export type Kept = { id: string; planned: Planned; token: string; orgId: string };

/** Each statement finds offenders; none may. */
const NEVER: Record<string, string> = {
  "a document is unfinished or held": `
    select id, status, lease_until from kalamna.documents
     where status not in ('ready', 'failed') or lease_until is not null`,
  "a draft is left": `select document_id, version, count(*) from kalamna.chunk_drafts group by 1, 2`,
  "a document's chunks are not one version's, from 0 without a gap, as many as it says": `
    select d.id, d.status, d.version, d.published_version, d.chunks, c.versions, c.chunks as has, c.first, c.last, c.apart
      from kalamna.documents d left join (
        select document_id, array_agg(distinct version) versions, count(*) chunks, min(ordinal) first, max(ordinal) last,
               count(distinct ordinal) apart from kalamna.chunks group by 1) c on c.document_id = d.id
     where (d.published_version is null) <> (c.chunks is null)
        or (c.chunks is not null and (c.versions <> array[d.published_version] or c.first <> 0
            or c.last <> c.chunks - 1 or c.apart <> c.chunks or (d.status = 'ready' and d.chunks <> c.chunks)))`,
  "a ready document does not answer from its version": `
    select id, version, published_version from kalamna.documents
     where status = 'ready' and (published_version is distinct from version or chunks is null or ready_at is null
        or failure_code is not null or reused + embedded <> chunks)`,
  "a failed document has no reason": `
    select id from kalamna.documents where status = 'failed' and (failure_code is null or retryable is null)`,
  "a chunk lacks its vector, or has two of one model": `
    select c.id, count(v.*) from kalamna.chunks c
      join kalamna.organizations o on o.id = c.org_id
      left join kalamna.chunk_vec v on v.chunk_id = c.id and v.org_id = c.org_id and v.content_hash = c.content_hash
           and v.document_id = c.document_id and v.access = c.access and v.groups is not distinct from c.groups
     group by 1 having count(v.*) <> 1`,
  "a vector belongs to no chunk": `
    select chunk_id from kalamna.chunk_vec v where not exists (select from kalamna.chunks c where c.id = v.chunk_id)`,
  "a chunk lacks its terms": `
    select c.id from kalamna.chunks c left join kalamna.chunk_lex l on l.chunk_id = c.id and l.org_id = c.org_id
        and l.document_id = c.document_id and l.ordinal = c.ordinal and l.access = c.access
     where l.chunk_id is null`,
  "terms belong to no chunk": `
    select chunk_id from kalamna.chunk_lex l where not exists (select from kalamna.chunks c where c.id = l.chunk_id)`,
  "a segment is not as large as it says": `
    select s.id, s.size, count(v.*) from kalamna.segments s left join kalamna.chunk_vec v on v.segment_id = s.id
     group by 1, 2 having count(v.*) <> s.size`,
  "a term is counted wrongly": `
    with counted as (
      select l.org_id, u.term, l.access, l.groups, count(*)::int df
        from kalamna.chunk_lex l, unnest(l.terms) u(term) group by 1, 2, 3, 4)
    select t.org_id, t.lexeme, t.df, c.df as counted from kalamna.org_terms t full join counted c on c.org_id = t.org_id and c.term = t.term and c.access = t.access and c.groups is not distinct from t.groups
     where t.df is distinct from c.df`,
  "the chunks of an audience are counted wrongly": `
    with counted as (select org_id, access, groups, count(*)::int chunks from kalamna.chunk_lex group by 1, 2, 3)
    select k.org_id, k.access, k.chunks, c.chunks as counted from kalamna.org_corpus k left join counted c
        on c.org_id = k.org_id and c.access = k.access and c.groups is not distinct from k.groups
     where k.chunks <> coalesce(c.chunks, 0)
    union all
    select c.org_id, c.access, null, c.chunks from counted c where not exists (
      select from kalamna.org_corpus k where k.org_id = c.org_id and k.access = c.access
        and k.groups is not distinct from c.groups)`,
  "an organization's storage is counted wrongly": `
    select s.org_id, s.documents, s.bytes, count(distinct o.document_id), sum(o.bytes) from kalamna.org_storage s
      left join (select distinct v.org_id, v.document_id, v.sha256, v.bytes from kalamna.document_versions v) o
        on o.org_id = s.org_id
     group by s.org_id, s.documents, s.bytes
    having count(distinct o.document_id) <> s.documents or coalesce(sum(o.bytes), 0) <> s.bytes`,
  "a version is not where its document is": `
    select d.id, d.status, d.version, d.published_version, v.version, v.status, v.sha256 = d.sha256
      from kalamna.documents d left join kalamna.document_versions v
        on v.org_id = d.org_id and v.document_id = d.id and v.version = d.version
     where v.version is null or v.sha256 <> d.sha256
        or v.status <> case d.status when 'ready' then 'published' else 'failed' end
        or v.failure_code is distinct from d.failure_code`,
  "not exactly one version answers": `
    select d.id, d.published_version, array_agg(v.version) filter (where v.status = 'published') answering
      from kalamna.documents d join kalamna.document_versions v on v.org_id = d.org_id and v.document_id = d.id
     group by d.id, d.published_version
    having array_agg(v.version) filter (where v.status = 'published')
           is distinct from case when d.published_version is not null then array[d.published_version] end`,
  "a version is still pending": `select * from kalamna.document_versions where status = 'pending'`,
};

export async function checkDatabase(stack: FaultStack): Promise<void> {
  const violated: Record<string, Row[]> = {};
  for (const [name, statement] of Object.entries(NEVER)) {
    const offenders = await stack.sql(statement);
    if (offenders.length > 0) violated[name] = offenders.slice(0, 5);
  }
  expect(violated).toEqual({});
}

/** The newest version of every document is ready, or failed for the reason its file has; deleted ones left nothing. */
export async function checkOutcomes(
  stack: FaultStack,
  kept: Kept[],
  gone: Kept[],
  isFinal: boolean,
): Promise<void> {
  const rows = await stack.sql(
    "select id, name, status, failure_code, failure_detail, retryable, sha256, lane from kalamna.documents",
  );
  const found = new Map(rows.map((row) => [row.id as string, row]));
  const wrong: unknown[] = [];
  for (const { id, planned } of kept) {
    const row = found.get(id);
    const outage = row?.status === "failed" && row.retryable === true && !isFinal;
    const right = planned.code ? row?.failure_code === planned.code : row?.status === "ready";
    if (!right && !outage)
      wrong.push({ name: planned.name, wanted: planned.code ?? "ready", is: row ?? "gone" });
  }
  expect(wrong).toEqual([]);
  expect(gone.filter(({ id }) => found.has(id)).map(({ planned }) => planned.name)).toEqual([]);
  expect(found.size, "documents nobody knows of").toBe(new Set(kept.map(({ id }) => id)).size);
}

const fileOf = async (stack: FaultStack, key: string) => {
  const response = await fetch(`${stack.url}/test/files?key=${encodeURIComponent(key)}`);
  return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
};

/** The passages are what the stored text says at the place they name. */
export async function checkTexts(stack: FaultStack): Promise<void> {
  const documents = await stack.sql(`
    select d.org_id, d.id, d.name, d.published_version,
           json_agg(json_build_array(c.ordinal, c.start_offset, c.end_offset, c.content) order by c.ordinal) as chunks
      from kalamna.documents d join kalamna.chunks c on c.document_id = d.id group by 1, 2, 3, 4`);
  const wrong: unknown[] = [];
  for (const { org_id, id, name, published_version, chunks } of documents) {
    const text = (await fileOf(stack, `org/${org_id}/text/${id}/${published_version}`))?.toString("utf8");
    for (const [ordinal, start, end, content] of chunks as [number, number, number, string][]) {
      const slice = text?.slice(start, end);
      const header = content.slice(0, content.length - (end - start));
      if (!slice || content !== header + slice || !text?.includes(header))
        wrong.push({ name, ordinal, start, end, content, slice });
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
}

const HOURS = 3;

/**
 * Storage holds what the rows need and, once the sweeper has had its hours, nothing else.
 * @returns how many files it had to remove that the run itself had left
 */
export async function checkFiles(stack: FaultStack): Promise<number> {
  const stored = async () => ((await (await fetch(`${stack.url}/test/files`)).json()) as string[]).sort();
  const before = await stored();
  const needed = await stack.sql(`
    select 'org/' || org_id || '/sha256/' || sha256 as key from kalamna.document_versions
    union select 'org/' || org_id || '/text/' || document_id || '/' || version from kalamna.document_versions
     where published_at is not null`);
  const keys = needed.map(({ key }) => key as string).sort();
  expect(
    keys.filter((key) => !before.includes(key)),
    "files that are missing",
  ).toEqual([]);
  // As uploads leave them whose Worker dies before they are registered.
  const [org] = await stack.sql("select id from kalamna.organizations limit 1");
  for (const path of [`sha256/${"0".repeat(64)}`, `upload/${crypto.randomUUID()}`])
    await fetch(`${stack.url}/test/files?key=org/${org?.id}/${path}`, { method: "PUT" });
  await stack.sql("update kalamna.file_removals set asked_at = asked_at - interval '1 hour'");
  // One lap over everything, and another that finds nothing.
  for (let lap = 1; lap <= 2; lap++) {
    const swept = await fetch(`${stack.url}/test/files/sweep?hours=${lap * HOURS}`);
    expect(swept.status).toBe(200);
    await swept.text();
  }
  expect(await stored(), "files after the sweep").toEqual(keys);
  expect(await stack.sql("select key from kalamna.file_removals where removed_at is null")).toEqual([]);
  return before.length - keys.length;
}

/** Every word leads to its document, and the words of what is gone, or was replaced, lead nowhere. */
export async function checkSearch(ask: Client, kept: Kept[], gone: Kept[]): Promise<void> {
  const hits = async (token: string, query: string) => {
    const { status, text, body } = await ask.as(token).json("POST", "/api/v1/search", { query, top_k: 8 });
    expect(status, text).toBe(200);
    return (body.results as Row[]).map(({ document_id, document_name, content, scores }) => ({
      document_id: document_id as string,
      content: content as string,
      shown: `${document_name} ${JSON.stringify(scores)}: ${content.slice(0, 60)}`,
    }));
  };
  const wrong: unknown[] = [];
  for (const { id, planned, token } of kept) {
    if (planned.code) continue;
    const { word } = planned.versions.at(-1)!;
    const found = await hits(token, word);
    // Among the first: the test's hashed vectors mean nothing and may put another one before it.
    if (!found.some((hit) => hit.document_id === id && hit.content.includes(word)))
      wrong.push({ word, name: planned.name, id, found: found.map(({ shown }) => shown) });
  }
  for (const { planned, token } of [...kept.filter(({ planned }) => planned.versions.length > 1), ...gone]) {
    const words = planned.versions.map(({ word }) => word);
    for (const word of gone.some((one) => one.planned === planned) ? words : words.slice(0, -1)) {
      const found = await hits(token, word);
      if (found.some(({ content }) => content.includes(word)))
        wrong.push({ gone: word, name: planned.name, found: found[0]?.shown });
    }
  }
  expect(wrong.slice(0, 3), `${wrong.length} words`).toEqual([]);
}
