/** What the product's e-mails say, as the development mailbox shows it. */
import { exports } from "cloudflare:workers";
import { vi } from "vitest";

export type Mail = { to: string; subject: string; text: string; at: string };

/** Every kept message to `address`, newest first. */
export async function mailsTo(address: string): Promise<Mail[]> {
  const { default: worker } = exports as unknown as { default: Fetcher };
  const url = `http://127.0.0.1/dev/mailbox?to=${encodeURIComponent(address)}`;
  const { data } = (await (await worker.fetch(url)).json()) as { data: Mail[] };
  return data;
}

/** The newest of at least `count` messages to `address`; they may be on their way. */
export function mailTo(address: string, count = 1): Promise<Mail> {
  return vi.waitUntil(
    async () => {
      const mails = await mailsTo(address);
      return mails.length >= count ? mails[0] : undefined;
    },
    { timeout: 5_000, interval: 20 },
  ) as Promise<Mail>;
}

/** The six digits in the newest message to `address`. */
export async function codeFor(address: string, count = 1): Promise<string> {
  const { text } = await mailTo(address, count);
  const code = /\b\d{6}\b/.exec(text)?.[0];
  if (!code) throw new Error(`no code in: ${text}`);
  return code;
}
