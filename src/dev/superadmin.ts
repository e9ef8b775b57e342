/** `npm run superadmin -- you@example.com`: makes a superadmin, or gives one a new password; `--remove` takes the rights away. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import * as z from "zod";
import { Email } from "../domain/accounts/email.ts";
import { hashPassword } from "../domain/accounts/password.ts";
import { connect } from "../infra/db/client.ts";
import { lockFolder } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./stack.ts";

const USAGE = "Usage: npm run superadmin -- you@example.com [--remove]";

/** How to reach a database: what the Neon driver needs, and how to let go of it. */
export type Reach = { databaseUrl: string; endpoint?: string; close(): Promise<void> };

const asOperator = sql`select set_config('role', 'kalamna_operator', true)`;

/**
 * Makes `email` a superadmin with a new password, which is nowhere else; earlier sign-ins end.
 * @returns the password, and whether the superadmin is new
 */
export async function makeSuperadmin(
  reach: Reach,
  email: string,
): Promise<{ password: string; created: boolean }> {
  const password = randomBytes(18).toString("base64url");
  const hash = await hashPassword(password);
  const db = connect(reach.databaseUrl, reach.endpoint);
  const [, { rows }] = await db.batch([
    db.execute(asOperator),
    db.execute<{ created: boolean }>(sql`
      insert into kalamna.superadmins as s (email, password_hash) values (${email}, ${hash})
      on conflict (email) do update
         set password_hash = excluded.password_hash, status = 'active', token_version = s.token_version + 1
      returning s.token_version = 1 as created`),
  ]);
  return { password, created: rows[0]?.created === true };
}

/** Ends a superadmin's rights at the next request; false when there is none with this e-mail. */
export async function removeSuperadmin(reach: Reach, email: string): Promise<boolean> {
  const db = connect(reach.databaseUrl, reach.endpoint);
  const [, { rows }] = await db.batch([
    db.execute(asOperator),
    db.execute(sql`
      update kalamna.superadmins set status = 'deactivated', token_version = token_version + 1
       where email = ${email} and status = 'active' returning id`),
  ]);
  return rows.length > 0;
}

const Gateway = z.object({ databaseUrl: z.string(), endpoint: z.string().optional() });

/** The database of `npm start`: through its gateway while it runs, directly when it does not. */
async function local(dataDir: string): Promise<Reach> {
  if (!existsSync(dataDir)) {
    throw new Error("There is no local database yet: run `npm start` once, or set DATABASE_URL.");
  }
  let unlock: () => void;
  try {
    unlock = await lockFolder(dataDir);
  } catch {
    const running = JSON.parse(readFileSync(join(dataDir, "gateway.json"), "utf8")) as unknown;
    const { databaseUrl, endpoint } = Gateway.parse(running);
    return { databaseUrl, ...(endpoint ? { endpoint } : {}), close: async () => undefined };
  }
  const database = await openDatabase(dataDir, undefined);
  await migrate(database.connectionString);
  return {
    ...database,
    async close() {
      await database.close();
      unlock();
    },
  };
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const email = Email.safeParse(args.find((arg) => !arg.startsWith("--")));
  if (!email.success || args.some((arg) => arg.startsWith("--") && arg !== "--remove"))
    throw new Error(USAGE);
  const { DATABASE_URL: databaseUrl, KALAMNA_DATA } = process.env;
  const dataDir = KALAMNA_DATA || join(import.meta.dirname, "../../.data");
  const reach = databaseUrl ? await openDatabase(dataDir, databaseUrl) : await local(dataDir);
  try {
    if (args.includes("--remove")) {
      const removed = await removeSuperadmin(reach, email.data);
      console.log(removed ? `${email.data} is no superadmin any more.` : `${email.data} is no superadmin.`);
      return;
    }
    const { password, created } = await makeSuperadmin(reach, email.data);
    console.log(
      `${email.data} is ${created ? "a superadmin now" : "a superadmin with a new password; earlier sign-ins ended"}.\n` +
        `Password (shown once): ${password}\nSign in at POST /api/v1/auth/login.`,
    );
  } finally {
    await reach.close();
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 1;
  }
}
