/**
 * Migrating a database that is in use, as an owner whom row level security binds: where the login role is no superuser a
 * migration that moves rows sees those that some policy shows it, or fails, unless it lifts row level security first.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate, readMigrations } from "../../src/dev/migrate.ts";
import { startPostgres } from "../../src/dev/postgres.ts";
import { idOf, OLDER_ROWS, type Older, T0, T1, T2 } from "./older-rows.ts";

const ORGANIZATIONS: Older[] = [
  { digit: "a", bytes: 1 },
  { digit: "b", bytes: 2_000 },
];
const [FIRST, SECOND] = ORGANIZATIONS as [Older, Older];

type Row = Record<string, any>;
type Tables = Record<string, Row[]>;

let server: Awaited<ReturnType<typeof startPostgres>>;
/** What the migrations made of the same rows: as an owner without privileges, and as a superuser. */
let plain: Tables;
let superuser: Tables;

beforeAll(async () => {
  server = await startPostgres();
  await query("create role plain nologin nosuperuser nobypassrls createrole");
  await query("alter database postgres owner to plain");
  // Debian's pgvector is for superusers to create.
  for (const name of ["vector", "pg_trgm", "btree_gin"])
    await query(`create extension if not exists ${name}`);
  plain = await migrated("plain");
  await query("drop schema kalamna cascade");
  await query("drop table public.kalamna_migrations");
  superuser = await migrated("postgres");
}, 120_000);
afterAll(() => server?.close());

async function query(...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  try {
    // PGlite is one session: whoever somebody became, they stay.
    let rows: Row[] = [];
    for (const text of statements) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
}

/** One migration after the other, each on the rows that the version before it had made. */
async function migrated(owner: string): Promise<Tables> {
  const folder = mkdtempSync(join(tmpdir(), "kalamna-migrations-"));
  const fillings = new Map(Object.entries(OLDER_ROWS));
  try {
    for (const { name, sql } of await readMigrations()) {
      const about = name.slice(5, -4);
      for (const older of ORGANIZATIONS) await query(fillings.get(about)?.(older) ?? "");
      fillings.delete(about);
      writeFileSync(join(folder, name), sql);
      await query(`set session authorization ${owner}`);
      await migrate(server.connectionString, folder);
      const unguarded = await query("set session authorization postgres", UNGUARDED);
      expect(unguarded, `tables without forced row level security after ${name}`).toEqual([]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect([...fillings.keys()], "rows for a migration that is not there").toEqual([]);
  return contents();
}

const UNGUARDED = `
  select c.relname from pg_class c
   where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)`;

async function contents(): Promise<Tables> {
  const names = await query(`
    select relname from pg_class where relnamespace = 'kalamna'::regnamespace and relkind = 'r' order by 1`);
  const tables: Tables = {};
  for (const { relname } of names)
    tables[relname] = (
      await query(`select to_jsonb(t) as row from kalamna.${relname} t order by t::text`)
    ).map(({ row }) => row);
  return tables;
}

const ofOrganization = (table: string, older: Older) =>
  (plain[table] ?? []).filter(({ org_id }) => org_id === idOf(older, "1"));

test("an owner without privileges gets every row that a superuser gets", () => {
  const comparable = (tables: Tables) =>
    Object.fromEntries(
      Object.entries(tables).map(([name, rows]) => [
        name,
        rows.map((row) => withoutChance(row)).sort(byText),
      ]),
    );
  expect(comparable(plain)).toEqual(comparable(superuser));
});

const byText = (one: Row, other: Row) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

/** What the migrations drew or took from the clock. */
const withoutChance = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (["change_id", "change"].includes(name) && value !== null) return [name, "drawn"];
      const isNow =
        typeof value === "string" && /^20\d\d-\d\d-\d\dT/.test(value) && !value.startsWith("2025-03");
      return [name, isNow ? "now" : value];
    }),
  );

test("no row speaks of another organization", () => {
  const foreign = ORGANIZATIONS.flatMap((older) => {
    const other = older === FIRST ? SECOND : FIRST;
    return Object.keys(plain).flatMap((table) =>
      ofOrganization(table, older).filter((row) => JSON.stringify(row).includes(other.digit.repeat(8))),
    );
  });
  expect(foreign).toEqual([]);
});

test.each(ORGANIZATIONS)("what organization $digit had is carried over, and counted as its own", (older) => {
  const id = (name: string) => idOf(older, name);
  const at = (moment: string) => expect.stringMatching(moment.slice(0, 19));
  expect(ofOrganization("sessions", older)).toEqual([
    expect.objectContaining({
      id: id("3"),
      user_id: id("2"),
      created_at: at(T0),
      used_at: at(T1),
      expires_at: at(T2),
    }),
  ]);
  expect(ofOrganization("refresh_tokens", older).map(({ session_id }) => session_id)).toEqual([
    id("3"),
    id("3"),
  ]);
  expect(ofOrganization("org_storage", older)).toEqual([
    { org_id: id("1"), documents: 3, bytes: older.bytes * 111 },
  ]);
  const documents = ofOrganization("documents", older);
  expect(documents.map(({ id, published_version }) => [id, published_version]).sort()).toEqual([
    [id("41"), 2],
    [id("42"), null],
    [id("43"), null],
  ]);
  expect(
    documents
      .map(({ name, queued_at, ended_at }) => [name, queued_at.slice(0, 10), ended_at?.slice(0, 10)])
      .sort(),
  ).toEqual([
    ["failed", T0.slice(0, 10), T2.slice(0, 10)],
    ["pending", T2.slice(0, 10), undefined],
    ["ready", T0.slice(0, 10), T1.slice(0, 10)],
  ]);
  expect(
    ofOrganization("document_versions", older)
      .map(({ version, status, bytes }) => [version, status, bytes])
      .sort(),
  ).toEqual([
    [1, "failed", older.bytes * 10],
    [2, "published", older.bytes],
    [3, "pending", older.bytes * 100],
  ]);
  expect(plain.deleted_organizations).toContainEqual(
    expect.objectContaining({ id: id("7"), deleted_at: at(T1), finished_at: at(T1) }),
  );
  // The cell without a chunk is gone; the other points between its two.
  const [cell, ...others] = ofOrganization("cells", older);
  expect(others).toEqual([]);
  expect(cell?.id).toBe(id("81"));
  expect(JSON.parse(cell?.center).slice(0, 3)).toEqual([
    expect.closeTo(Math.SQRT1_2, 3),
    expect.closeTo(Math.SQRT1_2, 3),
    0,
  ]);
  expect(ofOrganization("chunk_vec", older).map(({ cell_id }) => cell_id)).toEqual([id("81"), id("81")]);
  expect(ofOrganization("org_embedding", older)).toEqual([
    expect.objectContaining({ model: "old", phase: "embedding", target: "old" }),
  ]);
});

test("whatever a migration moves is among the rows that this moves", async () => {
  const untold = (await readMigrations()).filter(
    ({ name, sql }) => movesRows(sql) && !MOVED_HERE.includes(name.slice(5, -4)),
  );
  expect(
    untold.map(({ name }) => name),
    "add rows to older-rows.ts, and what became of them above",
  ).toEqual([]);
});

/** Migrations whose statements on rows are looked at above. */
const MOVED_HERE = [
  "accounts",
  "limits",
  "versions",
  "turns",
  "models",
  "ending",
  "rights",
  "centers",
  "remainders",
];

/** Has it a statement of its own, outside of what it defines, that writes rows of a table? */
function movesRows(sql: string): boolean {
  const own = sql
    .replaceAll(/--[^\n]*/g, "")
    .replaceAll(/\$(\w*)\$.*?\$\1\$/gs, "")
    .replaceAll(/begin atomic.*?\nend;/gs, ";");
  return /(?:^|;)\s*(?:with\b.*?\b)?(?:insert into|update|delete from)\s[^;]*(?:\bselect\b|\bset\b|\bwhere\b)/is.test(
    own,
  );
}
