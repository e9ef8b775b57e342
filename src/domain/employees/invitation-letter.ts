/** The letter that invites somebody. */
import type { Message } from "../../infra/email/port.ts";

/**
 * The token stands behind `#`: browsers keep that part to themselves, so no server or proxy log ever has it.
 * @param site origin that the invited person should open, without a final slash
 */
export function invitationLetter(input: {
  to: string;
  orgName: string;
  inviter: string | null;
  site: string;
  token: string;
  days: number;
}): Message {
  const org = input.orgName.replace(/\p{Cc}+/gu, " ");
  const who = input.inviter === null ? "You are invited" : `${input.inviter} invites you`;
  return {
    to: input.to,
    subject: `Join ${org}`,
    text: [
      `${who} to join ${org}. Open this address to choose your password:`,
      "",
      `${input.site}/#invitation=${input.token}`,
      "",
      `Or give this token to POST /api/v1/auth/accept-invite: ${input.token}`,
      "",
      `It works once, for ${input.days} days. If you did not expect this, ignore it: nothing happens.`,
      "",
    ].join("\n"),
  };
}
