/** Statements of the login guard, for account batches unless said otherwise (migrations/0008_limits.sql). */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import type { Attempt } from "./login-guard.ts";

const values = ({ place, address, account, device }: Attempt) =>
  sql`decode(${place}, 'hex'), decode(${address}, 'hex'), decode(${account}, 'hex'), decode(${device}, 'hex')`;

/** First in the batch that looks the account up, before its password is checked; login-guard.ts reads its answer. */
export const loginGate = (db: Database, attempt: Attempt) =>
  db.execute<{ wait: number }>(sql`select kalamna.login_gate(${values(attempt)}) as wait`);

/** In the batch that opens the session, and wherever a person has proved by e-mail that the account is theirs. */
export const loginSucceeded = (db: Database, attempt: Attempt) =>
  db.execute(sql`select kalamna.login_succeeded(${values(attempt)})`);

/** What no longer slows anybody down; for a system batch. */
export const forgetAttempts = (db: Database) => db.execute(sql`select kalamna.forget_logins()`);
