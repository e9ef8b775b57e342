/** The migrator, in Node, against the embedded Postgres. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalDatabase, startDatabase } from "../../src/dev/database.ts";
import { migrate, readMigrations } from "../../src/dev/migrate.ts";

let database: LocalDatabase;
let folder: string;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database?.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kalamna-migrations-"));
  await query("drop table if exists public.kalamna_migrations, animals, plants");
  return () => rmSync(folder, { recursive: true });
});

async function query(text: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);
const run = () => migrate(database.connectionString, folder);

describe("migrations", () => {
  test("are applied once, in number order", async () => {
    write("0002_rows.sql", "insert into animals values ('cat');");
    write(
      "0001_animals.sql",
      "create table animals (name text); -- a second statement: \ninsert into animals values ('dog');",
    );
    expect(await run()).toEqual(["0001_animals.sql", "0002_rows.sql"]);
    expect(await run()).toEqual([]);
    expect(await query("select name from animals")).toEqual([{ name: "dog" }, { name: "cat" }]);
  });

  test("added later are applied on top", async () => {
    write("0001_animals.sql", "create table animals (name text)");
    await run();
    write("0002_plants.sql", "create table plants (name text)");
    expect(await run()).toEqual(["0002_plants.sql"]);
  });

  test("of several migrators at once are applied once", async () => {
    write("0001_animals.sql", "create table animals (name text)");
    write("0002_rows.sql", "insert into animals values ('cat')");
    const done = await Promise.all([run(), run(), run()]);
    expect(done.flat().sort()).toEqual(["0001_animals.sql", "0002_rows.sql"]);
    expect(await query("select count(*)::int as n from animals")).toEqual([{ n: 1 }]);
  });

  test("that fail leave nothing behind, name themselves and keep what came before", async () => {
    write("0001_animals.sql", "create table animals (name text)");
    write("0002_broken.sql", "create table plants (name text); select * from nowhere");
    await expect(run()).rejects.toThrow(
      'Migration 0002_broken.sql failed: relation "nowhere" does not exist.',
    );
    expect(
      await query("select to_regclass('plants') as plants, to_regclass('animals')::text as animals"),
    ).toEqual([{ plants: null, animals: "animals" }]);
    write("0002_broken.sql", "create table plants (name text)");
    expect(await run()).toEqual(["0002_broken.sql"]);
  });

  test("that changed after they were applied are refused", async () => {
    write("0001_animals.sql", "create table animals (name text)");
    await run();
    write("0001_animals.sql", "create table animals (name text, legs int)");
    await expect(run()).rejects.toThrow(/0001_animals\.sql changed after it was applied/);
  });

  test("checked out with other line ends are the same", async () => {
    write("0001_animals.sql", "create table animals (\n  name text\n)");
    await run();
    write("0001_animals.sql", "create table animals (\r\n  name text\r\n)");
    expect(await run()).toEqual([]);
  });

  test("of a newer version in the database stop an older one", async () => {
    write("0001_animals.sql", "create table animals (name text)");
    write("0002_plants.sql", "create table plants (name text)");
    await run();
    rmSync(join(folder, "0002_plants.sql"));
    await expect(run()).rejects.toThrow(/has migration 0002_plants\.sql, which this version does not know/);
  });

  test("with the same number, or named otherwise, are refused", async () => {
    write("0001_a.sql", "");
    write("0001_b.sql", "");
    await expect(readMigrations(folder)).rejects.toThrow("Two migrations have number 1.");
    rmSync(join(folder, "0001_b.sql"));
    write("2_c.sql", "");
    await expect(readMigrations(folder)).rejects.toThrow("2_c.sql is not named like 0001_name.sql.");
  });
});

test("the product's own migrations apply to an empty database", async () => {
  const names = (await readMigrations()).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(await migrate(database.connectionString)).toEqual(names);
});

test("organizations that changed their model before taught answers moved with it renew them, and others do not", async () => {
  const all = await readMigrations();
  const at = all.findIndex(({ name }) => name.endsWith("_remainders.sql"));
  await query("drop schema if exists kalamna cascade");
  for (const { name, sql } of all.slice(0, at)) write(name, sql);
  await run();
  const organization = async (has: string) => {
    const [{ id }] = await query("insert into kalamna.organizations (name) values ('Acme') returning id");
    await query(`
      insert into kalamna.org_embedding (org_id, model) values ('${id}', 'new');
      insert into kalamna.taught_answers (id, org_id, question, answer, access_level)
        values ('${id}', '${id}', 'When?', 'Now.', 'internal');
      insert into kalamna.taught_phrases (org_id, taught_id, ordinal, text, exact, terms, analyzer)
        values ('${id}', '${id}', 0, 'When?', 'when', '{1}', 2);
      insert into kalamna.taught_vectors (org_id, taught_id, ordinal, embedding_model, embedding)
        values ('${id}', '${id}', 0, '${has}', array_fill(0.1, array[768])::vector(768)::halfvec(768));`);
    return id;
  };
  const [behind, abreast] = [await organization("old"), await organization("new")];
  for (const { name, sql } of all.slice(at)) write(name, sql);
  await run();
  const rows = await query(
    "select org_id, phase, target, run_after <= now() as due from kalamna.org_embedding",
  );
  expect(rows).toHaveLength(2);
  expect(rows).toContainEqual({ org_id: behind, phase: "embedding", target: "new", due: true });
  expect(rows).toContainEqual({ org_id: abreast, phase: null, target: null, due: null });
});
