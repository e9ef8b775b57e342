/** Slows down whoever guesses passwords, and not the people whose passwords they are (migrations/0008_limits.sql). */
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Database } from "../../infra/db/client.ts";
import { networkOf } from "./network.ts";

/** One attempt to sign in, as the buckets it counts in. */
export type Attempt = {
  /** This account from this address. */
  place: string;
  /** Any account from this address. */
  address: string;
  /** This account from anywhere. */
  account: string;
  /** This account on this device; null when it sent no device cookie. */
  device: string | null;
};

/** @param email normalized; whether there is such an account makes no difference */
export function attemptOf(ctx: BaseCtx, email: string): Attempt {
  const network = networkOf(ctx.client.address);
  const { device } = ctx.client;
  return {
    place: digest("place", email, network),
    address: digest("address", network),
    account: digest("account", email),
    device: device ? digest("device", email, device) : null,
  };
}

const values = ({ place, address, account, device }: Attempt) =>
  sql`decode(${place}, 'hex'), decode(${address}, 'hex'), decode(${account}, 'hex'), decode(${device}, 'hex')`;

/** First in the batch that looks the account up, before its password is checked; see {@link demandTurn}. */
export const loginGate = (db: Database, attempt: Attempt) =>
  db.execute<{ wait: number }>(sql`select kalamna.login_gate(${values(attempt)}) as wait`);

/** In the batch that opens the session, and wherever a person has proved by e-mail that the account is theirs. */
export const loginSucceeded = (db: Database, attempt: Attempt) =>
  db.execute(sql`select kalamna.login_succeeded(${values(attempt)})`);

/** @throws AppError `rate_limited` while the gate is closed; the same for accounts that do not exist */
export function demandTurn({ rows }: { rows: { wait: number }[] }): void {
  const wait = rows[0]?.wait ?? 0;
  if (wait === 0) return;
  throw new AppError("rate_limited", {
    detail: `Too many attempts to sign in. Try again in ${wait} s, or reset your password by e-mail.`,
    retryAfter: wait,
  });
}

function digest(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
