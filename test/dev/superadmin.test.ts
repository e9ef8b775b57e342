/** The command that makes superadmins, in Node, against the embedded Postgres. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalDatabase, startDatabase } from "../../src/dev/database.ts";
import { migrate } from "../../src/dev/migrate.ts";
import { makeSuperadmin, removeSuperadmin } from "../../src/dev/superadmin.ts";
import { verifyPassword } from "../../src/domain/accounts/password.ts";

let database: LocalDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await migrate(database.connectionString);
});
afterAll(() => database?.close());

async function stored(email: string): Promise<any> {
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    const { rows } = await client.query("select * from kalamna.superadmins where email = $1", [email]);
    return rows[0];
  } finally {
    await client.end();
  }
}

test("a superadmin gets a password that is shown once and stored as a hash", async () => {
  const { password, created } = await makeSuperadmin(database, "root@platform.test");
  expect(created).toBe(true);
  expect(password).toMatch(/^[\w-]{24}$/);
  const row = await stored("root@platform.test");
  expect(JSON.stringify(row)).not.toContain(password);
  expect(row.status).toBe("active");
  expect(await verifyPassword(password, row.password_hash)).toBe(true);
});

test("the same again gives a new password and ends earlier sign-ins", async () => {
  const first = await makeSuperadmin(database, "again@platform.test");
  const before = await stored("again@platform.test");
  const second = await makeSuperadmin(database, "again@platform.test");
  const after = await stored("again@platform.test");
  expect(second.created).toBe(false);
  expect(after.id).toBe(before.id);
  expect(after.token_version).toBe(before.token_version + 1);
  expect(await verifyPassword(first.password, after.password_hash)).toBe(false);
  expect(await verifyPassword(second.password, after.password_hash)).toBe(true);
});

test("removing takes the rights away, and a new password gives them back", async () => {
  expect(await removeSuperadmin(database, "nobody@platform.test")).toBe(false);
  await makeSuperadmin(database, "former@platform.test");
  expect(await removeSuperadmin(database, "former@platform.test")).toBe(true);
  expect(await stored("former@platform.test")).toMatchObject({ status: "deactivated", token_version: 2 });
  expect(await removeSuperadmin(database, "former@platform.test")).toBe(false);
  await makeSuperadmin(database, "former@platform.test");
  expect(await stored("former@platform.test")).toMatchObject({ status: "active", token_version: 3 });
});
