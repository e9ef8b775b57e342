/** Drives the receiver of webhooks (webhook-server.ts) from inside workerd; each test has one of its own. */
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { vi } from "vitest";
import type { ReceivedMessage, Reception } from "./webhook-server.ts";

const server = (): string => (env as unknown as { WEBHOOK_SERVER: string }).WEBHOOK_SERVER;

export type Receiver = {
  url: string;
  /** How it answers: one a message, the last one stays. */
  will(...receptions: Reception[]): Promise<void>;
  /** What arrived, oldest first. */
  received(): Promise<ReceivedMessage[]>;
  /** Resolves when so many have arrived. */
  arrived(count: number): Promise<ReceivedMessage[]>;
};

export function newReceiver(): Receiver {
  const name = crypto.randomUUID();
  const control = async (init?: RequestInit) =>
    (await (await fetch(`${server()}/control/${name}`, init)).json()) as ReceivedMessage[];
  return {
    url: `${server()}/hooks/${name}`,
    async will(...receptions) {
      await control({ method: "POST", body: JSON.stringify(receptions) });
    },
    received: () => control(),
    arrived: (count) =>
      vi.waitUntil(
        async () => {
          const all = await control();
          return all.length >= count ? all : undefined;
        },
        { timeout: 20_000, interval: 50 },
      ),
  };
}

/** The message, checked as a receiver that uses the standard's own library would. @throws when it does not hold */
export const verified = (secret: string, { body, headers }: ReceivedMessage): any =>
  new Webhook(secret).verify(body, headers);
