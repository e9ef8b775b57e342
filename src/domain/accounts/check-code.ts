/** Is this the code that was sent? Five guesses, then it is void. */
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { databaseError } from "../../infra/db/client.ts";
import type { CodePurpose } from "../../infra/db/schema.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { type SealedCode, seal } from "./code.ts";
import { guessCode } from "./code-sql.ts";
import type { SessionConfig } from "./session.ts";
import { type Account, findByEmail } from "./sql.ts";

export type CheckedCode = {
  account: Account;
  /** For `spendCode`, the first statement of the batch that acts on it. */
  sealed: SealedCode;
};

/** @throws AppError `invalid_code`, the same whether or not the account exists */
export async function checkCode(
  ctx: BaseCtx,
  config: SessionConfig,
  purpose: CodePurpose,
  { email, code }: { email: string; code: string },
): Promise<CheckedCode> {
  const sealed = seal(config.codeKey, purpose, email, code);
  const now = ctx.now().toISOString();
  const [{ rows }, [account]] = await accountBatch(ctx, (db) => [
    guessCode(db, sealed, now),
    findByEmail(db, email),
  ]);
  if (!rows[0]) {
    throw new AppError("invalid_code", { detail: "Too many wrong codes: ask for a new one." });
  }
  const active = account?.status === "active" && account.orgStatus === "active";
  if (!rows[0].right || !account || !active) throw new AppError("invalid_code");
  ctx.log.add({ org: account.orgId, user: account.userId });
  return { account, sealed };
}

/** `thrown` as `invalid_code` when the code was used or replaced since it was checked. */
export function unlessSpent(thrown: unknown): unknown {
  return databaseError(thrown)?.message === "code_spent"
    ? new AppError("invalid_code", { cause: thrown })
    : thrown;
}
