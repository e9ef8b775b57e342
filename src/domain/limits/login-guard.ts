/** Slows down whoever guesses passwords, and not the people whose passwords they are (migrations/0008_limits.sql). */
import { createHash } from "node:crypto";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
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
