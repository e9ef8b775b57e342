/** The development mailbox: keeps messages where `GET /dev/mailbox` and the terminal show them. Nothing is delivered. */
import type { Email, Kept } from "./port.ts";

/** Older messages are forgotten. */
const KEPT = 200;

export type Mailbox = Email & {
  /** Newest first. */
  messages(): readonly Kept[];
};

/** @param show gets each message as it arrives, for the terminal of the person who develops */
export function mailbox(show: (message: Kept) => void): Mailbox {
  const kept: Kept[] = [];
  return {
    mode: "mailbox",
    async send(message) {
      const entry = { ...message, at: new Date().toISOString() };
      kept.unshift(entry);
      kept.length = Math.min(kept.length, KEPT);
      show(entry);
    },
    messages: () => [...kept],
  };
}
