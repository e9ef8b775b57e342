import { is, sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import * as schema from "../../../src/infra/db/schema.ts";
import { baseCtx } from "../../support/people.ts";

type Column = { table_name: string; column_name: string; type: string; not_null: boolean };

async function columns(): Promise<Column[]> {
  const { rows } = await baseCtx().ports.db.execute<Column>(sql`
    select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
           a.attnotnull as not_null
      from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`);
  return rows;
}

test("schema.ts and the migrations agree on every column, its type and whether it may be null", async () => {
  const migrated = (await columns()).map(
    ({ table_name, column_name, type, not_null }) =>
      `${table_name}.${column_name} ${type}${not_null ? " not null" : ""}`,
  );
  const typed = Object.values(schema)
    .filter((value) => is(value, PgTable))
    .flatMap((table) => {
      const { name, columns: list } = getTableConfig(table);
      return list.map((column) => {
        const type = column.getSQLType().replace("timestamp with time zone", "timestamp with time zone");
        return `${name}.${column.name} ${type}${column.notNull ? " not null" : ""}`;
      });
    });
  expect(typed.sort()).toEqual(migrated.sort());
});

test("every table that names an organization is under forced row level security with a policy", async () => {
  const { rows } = await baseCtx().ports.db.execute<{
    relname: string;
    forced: boolean;
    policies: number;
  }>(sql`
    select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
           (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c
     where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r'`);
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter(({ forced, policies }) => !forced || policies === 0)).toEqual([]);
});

test("every reference between tenant tables carries the organization", async () => {
  const { rows } = await baseCtx().ports.db.execute<{ name: string; columns: string[] }>(sql`
    select con.conname as name, array_agg(a.attname::text) as columns
      from pg_constraint con
      join pg_attribute a on a.attrelid = con.conrelid and a.attnum = any(con.conkey)
     where con.contype = 'f' and con.connamespace = 'kalamna'::regnamespace
     group by con.oid, con.conname`);
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter(({ columns: names }) => !names.includes("org_id"))).toEqual([]);
});

test("no role of the product may log in or bypass row level security", async () => {
  const { rows } = await baseCtx().ports.db.execute(sql`
    select rolname from pg_roles
     where rolname like 'kalamna%' and (rolcanlogin or rolbypassrls or rolsuper)`);
  expect(rows).toEqual([]);
});
