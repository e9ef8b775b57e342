/** What a call is signed with: a token that was given, or one that a widget key is exchanged for. */
import { Failure, failureIn } from "./failure.ts";
import type { Options } from "./types.ts";

export type Credentials = {
  get(): Promise<string>;
  /** The last one was refused: the next `get` brings another, where there is one. */
  refused(): void;
};

/** Where a visitor's token outlives the page, so that they stay the same visitor. */
export type TokenStore = { read(): string | null; write(token: string): void };

/** A token is renewed this long before it ends. Milliseconds. */
const EARLY_MS = 30_000;

/** @param api `https://host/api/v1` */
export function credentials(api: string, options: Options, store?: TokenStore): Credentials {
  if ("key" in options) return exchanged(api, options.key, store);
  const { token } = options;
  return {
    get: async () => (typeof token === "string" ? token : await token()),
    refused: () => undefined,
  };
}

function exchanged(api: string, key: string, store?: TokenStore): Credentials {
  let last = store?.read() ?? undefined;
  let until = 0;
  let pending: Promise<string> | undefined;

  async function exchange(): Promise<string> {
    const response = await fetch(`${api}/widget/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(last ? { key, token: last } : { key }),
    }).catch((cause: unknown) => {
      throw new Failure("network", "The server cannot be reached.", { cause });
    });
    if (!response.ok) {
      const failure = await failureIn(response);
      const { message, status, requestId } = failure;
      throw failure.code === "forbidden"
        ? new Failure("origin_not_allowed", message, { status, requestId })
        : failure;
    }
    const { token, expires_in } = (await response.json()) as { token: string; expires_in: number };
    last = token;
    until = Date.now() + expires_in * 1_000 - EARLY_MS;
    store?.write(token);
    return token;
  }

  return {
    async get() {
      if (last && Date.now() < until) return last;
      pending ??= exchange().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    refused() {
      until = 0;
    },
  };
}
