/** Applies migrations/*.sql in number order, forward only; also the command `npm run migrate`. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

export type Migration = { number: number; name: string; sql: string; checksum: string };

const FOLDER = join(import.meta.dirname, "../../migrations");

/** Any constant will do, as long as all migrators use the same. */
const LOCK = 4_815_162_342;

/**
 * The migrations of this version, in order.
 * @throws Error when a name is not `0001_name.sql` or two share a number
 */
export async function readMigrations(folder = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(
    names.map(async (name) => {
      const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
      if (!number) throw new Error(`${name} is not named like 0001_name.sql.`);
      // Git may check out CRLF on Windows: the same migration must keep its checksum.
      const sql = (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n");
      return { number, name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
  const twice = migrations.find((migration, index) => migrations[index - 1]?.number === migration.number);
  if (twice) throw new Error(`Two migrations have number ${twice.number}.`);
  return migrations;
}

type Applied = { number: number; name: string; checksum: string };

/** @throws Error when what was applied is not what this version has */
function compare(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const { number, name, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (!known)
      throw new Error(`The database has migration ${name}, which this version does not know; update first.`);
    if (known.checksum !== checksum)
      throw new Error(
        `Migration ${known.name} changed after it was applied to this database; put the change into a new migration.`,
      );
  }
}

async function run(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`Migration ${migration.name} failed: ${why}.`, { cause: thrown });
  }
}

/** One transaction: whoever holds the lock checks what is applied and applies the first that is not. */
async function applyNext(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<Migration | undefined> {
  await client.query("begin");
  try {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    await client.query(`create table if not exists public.kalamna_migrations (
      number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
    const applied = await client.query<Applied>(
      "select number, name, checksum from public.kalamna_migrations",
    );
    compare(applied.rows, migrations);
    const next = migrations.find(({ number }) => !applied.rows.some((row) => row.number === number));
    if (next) {
      await run(client, next);
      await client.query(
        "insert into public.kalamna_migrations (number, name, checksum) values ($1, $2, $3)",
        [next.number, next.name, next.checksum],
      );
    }
    await client.query("commit");
    return next;
  } catch (thrown) {
    await client.query("rollback").catch(() => undefined);
    throw thrown;
  }
}

/**
 * Brings the database to this version and returns the names of the migrations it applied.
 * Several migrators may run at once; each migration is applied once, whole or not at all.
 * @param connectionString of a real Postgres or Neon, or `LocalDatabase.connectionString`
 * @throws Error when an applied migration changed or is unknown, or when one fails (with its name)
 */
export async function migrate(connectionString: string, folder = FOLDER): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString });
  // A lost connection also fails the statement that runs.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (thrown) {
    const why = thrown instanceof Error && thrown.message ? thrown.message : String(thrown);
    throw new Error(`The database cannot be reached: ${why}.`, { cause: thrown });
  }
  const done: string[] = [];
  try {
    for (let next = await applyNext(client, migrations); next; next = await applyNext(client, migrations)) {
      done.push(next.name);
    }
    return done;
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  const url = process.env.DATABASE_URL;
  try {
    if (!url) throw new Error("Set DATABASE_URL to the Postgres connection string to migrate.");
    const done = await migrate(url);
    console.log(
      done.length > 0 ? `Applied ${done.join(", ")}.` : "Nothing to apply: the database is up to date.",
    );
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 1;
  }
}
