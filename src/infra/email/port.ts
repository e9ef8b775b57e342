/** Outgoing e-mail. */

export type Message = {
  /** One address. */
  to: string;
  subject: string;
  /** Plain text; lines end with `\n`. */
  text: string;
};

/** A message as the development mailbox keeps it. */
export type Kept = Message & { at: string };

export type Email = {
  /** `off`: nothing is configured and `send` always fails. */
  mode: "mailbox" | "smtp" | "cloudflare" | "off";
  /**
   * Hands the message over to whoever delivers it.
   * @throws AppError `email_unavailable`
   */
  send(message: Message): Promise<void>;
};
