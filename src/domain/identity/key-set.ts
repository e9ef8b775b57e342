/** The public keys of identity providers, fetched when needed and not more often than that. */
import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type CryptoKey as Key,
} from "jose";
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Provider } from "./provider.ts";

/** Keys are fetched again after ten minutes; when the provider is away the old ones go on for an hour. */
const FRESH_MS = 600_000;
const STALE_MS = 3_600_000;
/** Between two fetches, however many tokens name keys we do not have. */
const COOL_DOWN_MS = 30_000;
const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 5_000;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
const KeySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(100),
});

export type KeyLookup = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<Key>;

/** One provider's keys as this isolate knows them. */
export type KeyCache = {
  /** Finds the key a token names. @throws AppError `identity_provider_failed` when we have no keys and get none */
  lookup(ctx: BaseCtx, provider: Provider): KeyLookup;
};

type Source = Pick<Provider, "issuer" | "jwksUri">;

/**
 * The provider's current keys, through the guard against addresses that are not public.
 * @throws AppError `identity_provider_failed` with the reason | `url_refused`
 */
export async function fetchKeys(ctx: BaseCtx, source: Source): Promise<JSONWebKeySet> {
  let jwksUri = source.jwksUri;
  if (jwksUri === null) {
    const address = `${source.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const found = Discovery.safeParse(await fetchJson(ctx, address));
    if (!found.success) throw failed(`${address} is no discovery document.`);
    // OpenID Connect Discovery 4.3: or else one server could speak for another.
    if (found.data.issuer !== source.issuer)
      throw failed(`${address} names another issuer: ${found.data.issuer}`);
    jwksUri = found.data.jwks_uri;
  }
  const keys = KeySet.safeParse(await fetchJson(ctx, jwksUri));
  if (!keys.success) throw failed(`${jwksUri} is no key set.`);
  return keys.data;
}

async function fetchJson(ctx: BaseCtx, address: string): Promise<unknown> {
  try {
    const answer = await ctx.ports.web.get(address, {
      accept: "application/json",
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      httpsOnly: true,
    });
    if (answer.status !== 200) {
      await answer.body.cancel();
      throw failed(`${address} answers ${answer.status}.`);
    }
    return await new Response(answer.body).json();
  } catch (thrown) {
    if (thrown instanceof AppError && ["url_refused", "identity_provider_failed"].includes(thrown.code))
      throw thrown;
    if (thrown instanceof AppError) throw failed(`${address}: ${thrown.message}`, thrown);
    throw failed(`${address} does not answer with JSON.`, thrown);
  }
}

function failed(detail: string, cause?: unknown): AppError {
  return new AppError("identity_provider_failed", { detail, retryAfter: COOL_DOWN_MS / 1000, cause });
}

/** Ends with `work`, or after `ms` should the request that does it have died. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}

/** Empty; fills itself when a token comes. */
export function keyCache(): KeyCache {
  let local: ReturnType<typeof createLocalJWKSet> | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let running: Promise<void> | undefined;

  async function refresh(ctx: BaseCtx, provider: Provider): Promise<void> {
    const now = ctx.now().getTime();
    if (now - attemptedAt < COOL_DOWN_MS) return running && within(2 * TIMEOUT_MS, running);
    attemptedAt = now;
    running = fetchKeys(ctx, provider).then(
      (keys) => {
        local = createLocalJWKSet(keys);
        fetchedAt = now;
        failure = undefined;
      },
      (thrown: unknown) => {
        failure = thrown;
      },
    );
    // Others wait for this fetch too: it must end even if the request that started it is given up.
    ctx.waitUntil(running);
    return running;
  }

  return {
    lookup: (ctx, provider) => async (header, token) => {
      const age = () => ctx.now().getTime() - fetchedAt;
      if (age() > FRESH_MS) await refresh(ctx, provider);
      if (!local || age() > STALE_MS) throw failure ?? failed("The provider's keys could not be fetched.");
      try {
        return await local(header, token);
      } catch (thrown) {
        if (!(thrown instanceof errors.JWKSNoMatchingKey)) throw thrown;
        await refresh(ctx, provider);
        return await local(header, token);
      }
    },
  };
}
