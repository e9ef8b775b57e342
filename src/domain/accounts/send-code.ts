/** Sends a one-time code to an address, if there is an account that may use it; the answer never says. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { CodePurpose } from "../../infra/db/schema.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { failureFields, lineLog } from "../../log.ts";
import { CODE_MINUTES, newCode, RESEND_SECONDS, type SealedCode, seal } from "./code.ts";
import { codeLetter } from "./code-letter.ts";
import { forgetOldCodes, issueCode } from "./code-sql.ts";
import { Email } from "./email.ts";
import type { SessionConfig } from "./session.ts";
import { comesThroughProvider, findByEmail } from "./sql.ts";

export const SendCodeInput = z.object({ email: Email });
export type SendCodeInput = z.infer<typeof SendCodeInput>;

/** The same for every address, in seconds. */
export type CodeSent = { expires_in: number; resend_in: number };

/** A code that is not stored yet, and when it ends. */
export type DraftCode = { code: string; sealed: SealedCode; expiresAt: string };

/** To be stored with `issueCode`, and mailed with {@link mailCode} once it is. */
export function draftCode(
  ctx: BaseCtx,
  config: SessionConfig,
  purpose: CodePurpose,
  email: string,
): DraftCode {
  const code = newCode();
  const expiresAt = new Date(ctx.now().getTime() + CODE_MINUTES * 60_000).toISOString();
  return { code, sealed: seal(config.codeKey, purpose, email, code), expiresAt };
}

/**
 * The account is looked up and the e-mail leaves after the answer, so that neither the answer nor its time tells
 * whether there is an account.
 * @throws AppError `rate_limited` when a code was asked for too often, for any address | `email_unavailable`
 */
export async function sendCode(
  ctx: BaseCtx,
  config: SessionConfig,
  purpose: CodePurpose,
  { email }: SendCodeInput,
): Promise<CodeSent> {
  if (ctx.ports.email.mode === "off") await ctx.ports.email.send({ to: email, subject: "", text: "" });
  const draft = draftCode(ctx, config, purpose, email);
  const now = ctx.now().toISOString();
  const [, { rows }, [account], { rows: provided }] = await accountBatch(ctx, (db) => [
    forgetOldCodes(db, now),
    issueCode(db, draft.sealed, now, draft.expiresAt),
    findByEmail(db, email),
    comesThroughProvider(db, email),
  ]);
  const wait = rows[0]?.wait ?? 0;
  if (wait > 0) {
    const detail = `A code was asked for already; wait ${wait} seconds before you ask for another.`;
    throw new AppError("rate_limited", { detail, retryAfter: wait });
  }
  const active = account?.status === "active" && account.orgStatus === "active";
  // Whoever signs in through their organization's identity provider must not get a password past it.
  const useful =
    purpose === "verify_email"
      ? !account?.emailVerified
      : account?.passwordHash != null || provided.length === 0;
  if (active && useful) mailCode(ctx, purpose, email, draft.code);
  return { expires_in: CODE_MINUTES * 60, resend_in: RESEND_SECONDS };
}

/** After the answer; a failure has a line of its own in the log. */
export function mailCode(ctx: BaseCtx, purpose: CodePurpose, email: string, code: string): void {
  const sent = ctx.ports.email.send(codeLetter(purpose, email, code));
  ctx.waitUntil(
    sent.catch((thrown: unknown) => {
      const log = lineLog({
        request_id: ctx.requestId,
        trace_id: ctx.trace.id,
        event: "email.failed",
        purpose,
      });
      log.add(failureFields(toAppError(thrown)));
      log.write("error");
    }),
  );
}
