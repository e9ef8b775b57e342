/** What we write when somebody needs a one-time code. */
import type { CodePurpose } from "../../infra/db/schema.ts";
import type { Message } from "../../infra/email/port.ts";
import { CODE_MINUTES } from "./code.ts";

const WORDS: Record<CodePurpose, { subject: string; asks: string }> = {
  verify_email: { subject: "Your Kalamna code", asks: "Enter this code to confirm your e-mail address:" },
  reset_password: {
    subject: "Reset your Kalamna password",
    asks: "Enter this code to choose a new password:",
  },
};

/** The code stays out of the subject: lock screens show that. */
export function codeLetter(purpose: CodePurpose, to: string, code: string): Message {
  const { subject, asks } = WORDS[purpose];
  const text = `${asks}

    ${code}

It works once, for ${CODE_MINUTES} minutes. Nobody from Kalamna will ever ask you for it.
If you did not ask for it, ignore this message: nothing changes without the code.
`;
  return { to, subject, text };
}
