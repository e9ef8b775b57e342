/** The dry run: what a folder would become and cost, without keeping or embedding anything. */
import { bar } from "./bar.ts";
import { type Client, type Inspection, Refusal } from "./client.ts";
import { each } from "./each.ts";
import type { LocalFile } from "./files.ts";

/** US dollars for a million tokens, as published in November 2026; `--price` says it for others. */
const PRICES: Record<string, number> = {
  "offline-hash-768": 0,
  "text-embedding-3-small": 0.02,
  "text-embedding-3-large": 0.13,
  "text-embedding-ada-002": 0.1,
  "gemini-embedding-001": 0.15,
};

export type Survey = {
  files: number;
  bytes: number;
  /** Files by format. */
  formats: Record<string, number>;
  pages: number;
  chunks: number;
  tokens: number;
  /** The same bytes as another file here, or as a document there. */
  duplicates: { id: string; of: string }[];
  unreadable: { id: string; code: string; detail: string }[];
  /** What would be sent to the embedding model; passages that several files have count once for each file. */
  embedding: { model: string | null; chunks: number; tokens: number };
  /** US dollars; null when the price is not known. */
  cost: number | null;
};

/** @throws Refusal when the caller may not do this at all */
export async function survey(
  client: Client,
  files: readonly LocalFile[],
  { concurrency, price }: { concurrency: number; price: number | undefined },
): Promise<Survey> {
  const inspected = new Map<string, Inspection>();
  const unreadable: Survey["unreadable"] = [];
  const progress = bar("Reading  ", files.length);
  await each(files, concurrency, async (file) => {
    try {
      inspected.set(file.id, await client.inspect(file));
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || isOurs(thrown)) throw thrown;
      unreadable.push({ id: file.id, code: thrown.code, detail: thrown.message });
    }
    progress.step(1, file.id);
  });
  progress.end();
  return summary(
    files,
    inspected,
    unreadable.sort((a, b) => (a.id < b.id ? -1 : 1)),
    price,
  );
}

/** Not about this file: the next one would fail in the same way. */
const isOurs = ({ status }: Refusal) => status === 401 || status === 403 || status === 404 || status >= 500;

function summary(
  files: readonly LocalFile[],
  inspected: ReadonlyMap<string, Inspection>,
  unreadable: Survey["unreadable"],
  price: number | undefined,
): Survey {
  const first = new Map<string, string>();
  const result: Survey = {
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    formats: {},
    pages: 0,
    chunks: 0,
    tokens: 0,
    duplicates: [],
    unreadable,
    embedding: { model: null, chunks: 0, tokens: 0 },
    cost: null,
  };
  for (const { id } of files) {
    const one = inspected.get(id);
    if (!one) continue;
    result.formats[one.format] = (result.formats[one.format] ?? 0) + 1;
    result.pages += one.pages ?? 0;
    result.chunks += one.chunks;
    result.tokens += one.tokens;
    result.embedding.model = one.embedding.model;
    const twin = first.get(one.sha256);
    if (twin ?? one.duplicate_of?.name)
      result.duplicates.push({ id, of: twin ?? one.duplicate_of?.name ?? "" });
    if (twin === undefined) {
      first.set(one.sha256, id);
      result.embedding.chunks += one.embedding.chunks;
      result.embedding.tokens += one.embedding.tokens;
    }
  }
  const each = price ?? (result.embedding.model === null ? 0 : PRICES[result.embedding.model]);
  result.cost = each === undefined ? null : (result.embedding.tokens / 1_000_000) * each;
  return result;
}
