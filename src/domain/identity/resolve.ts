/** Turns a token of an organization's own identity provider into one of its people, creating them on first sight. */
import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { BaseCtx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Database } from "../../infra/db/client.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { memory } from "../keys/memory.ts";
import { type KeyCache, keyCache } from "./key-set.ts";
import { type ExternalPerson, personOf } from "./person.ts";
import type { Provider } from "./provider.ts";
import { admit, findProviders, parseAdmission, parseProvider } from "./sql.ts";

/** How far the provider's clock may be from ours, in seconds. */
const CLOCK_TOLERANCE = 30;
const MAX_TOKEN_LENGTH = 16_384;
const MAX_AUDIENCES = 20;

/** How long an isolate goes by what it read, in milliseconds. Who may act is proved in every batch regardless. */
const PERSON_MS = 30_000;
const PROVIDER_MS = 60_000;
const STRANGER_MS = 10_000;
/** Keys know themselves when they are old; this only says for how long an unused set is kept. */
const KEYS_MS = 24 * 3_600_000;

type Known = { provider: Provider; keys: KeyCache };
const recollection = () => ({
  keys: memory<KeyCache>(KEYS_MS, 1_000),
  /** Null: nobody's. */
  providers: memory<Known | null>(PROVIDER_MS, 1_000),
  people: memory<UserActor>(PERSON_MS, 1_000),
});
type Recollection = ReturnType<typeof recollection>;

/** One for each database handle, that is, for each isolate. */
const recollections = new WeakMap<Database, Recollection>();

/**
 * The person a foreign token stands for; null when its issuer and audience belong to no organization here.
 * Token → provider (issuer and audience) → signature → claims → person, who is created or brought up to date.
 * @param mayAsk spends one look-up of the caller's address; false when there were too many
 * @throws AppError `unauthenticated` for a token that is forged, expired or incomplete
 * @throws AppError `email_unverified` | `domain_not_allowed` | `identity_conflict` for a person who may not come in
 * @throws AppError `session_revoked` for a deactivated person or a suspended organization
 * @throws AppError `identity_provider_failed` when its keys cannot be had | `rate_limited`
 */
export async function resolveExternal(
  base: BaseCtx,
  token: string,
  mayAsk: () => Promise<boolean> = async () => true,
): Promise<UserActor | null> {
  const held = recollectionOf(base.ports.db);
  const seen = held.people.get(token, base.now());
  if (seen) return seen;

  const claimed = claimedBy(token);
  if (!claimed) return null;
  // The provider may have changed since we read it; then the database says so, and we read it once more.
  for (const fresh of [false, true]) {
    const known = await providerOf(base, held, claimed, fresh, mayAsk);
    if (!known) return null;
    const payload = await verified(base, known, token);
    const person = personOf(payload, known.provider.claims, known.provider.domains);
    const actor = await enter(base, known.provider, person);
    if (actor === "stale") continue;
    held.people.set(token, actor, base.now(), (payload.exp ?? 0) * 1000);
    return actor;
  }
  throw new AppError("unauthenticated", { detail: "The identity provider was changed just now; try again." });
}

/** Looks at the person anew at the token's next request: a batch found that their rights have changed. */
export function forgetExternal(base: BaseCtx, token: string): void {
  const { people } = recollectionOf(base.ports.db);
  const actor = people.get(token, base.now());
  if (actor) people.set(token, actor, base.now(), 0);
}

function recollectionOf(db: Database): Recollection {
  const held = recollections.get(db) ?? recollection();
  recollections.set(db, held);
  return held;
}

type Claimed = { issuer: string; audiences: string[] };

/** Whom the token says it is from and for: nothing is proved yet. */
function claimedBy(token: string): Claimed | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    const { iss, aud } = decodeJwt(token);
    const audiences = [aud ?? []].flat().filter((one) => typeof one === "string");
    if (typeof iss !== "string" || audiences.length === 0 || audiences.length > MAX_AUDIENCES)
      return undefined;
    return { issuer: iss, audiences };
  } catch {
    return undefined;
  }
}

async function providerOf(
  base: BaseCtx,
  held: Recollection,
  { issuer, audiences }: Claimed,
  fresh: boolean,
  mayAsk: () => Promise<boolean>,
): Promise<Known | null> {
  const key = JSON.stringify([issuer, ...audiences]);
  const found = fresh ? undefined : held.providers.get(key, base.now());
  if (found !== undefined) return found;

  if (!(await mayAsk())) throw new AppError("rate_limited", { retryAfter: 60 });
  const [rows] = await accountBatch(base, (db) => [findProviders(db, issuer, audiences)]);
  // A token meant for two organizations proves nothing to either.
  const [row] = rows.length === 1 ? rows : [];
  const provider = row ? parseProvider(row) : undefined;
  const known = provider ? { provider, keys: keysOf(base, held, provider) } : null;
  held.providers.set(key, known, base.now(), known ? undefined : base.now().getTime() + STRANGER_MS);
  return known;
}

/** The same keys whatever else about the provider changes, and whoever asks first. */
function keysOf(base: BaseCtx, held: Recollection, { id, issuer, jwksUri }: Provider): KeyCache {
  const key = JSON.stringify([id, issuer, jwksUri]);
  const keys = held.keys.get(key, base.now()) ?? keyCache();
  held.keys.set(key, keys, base.now());
  return keys;
}

/** @throws AppError `unauthenticated` | `identity_provider_failed` | `url_refused` */
async function verified(base: BaseCtx, { provider, keys }: Known, token: string): Promise<JWTPayload> {
  try {
    const { payload } = await base.log.step("identity", () =>
      jwtVerify(token, keys.lookup(base, provider), {
        algorithms: provider.algorithms,
        issuer: provider.issuer,
        audience: provider.audience,
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: base.now(),
        requiredClaims: ["sub", "iat", "exp"],
      }),
    );
    // A logout token (OpenID Connect Back-Channel Logout 2.4) is signed alike and means the opposite.
    if (payload.events !== undefined)
      throw new errors.JWTClaimValidationFailed("a logout token", payload, "events");
    return payload;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const detail =
      cause instanceof errors.JWTExpired
        ? "Your identity provider's token has expired."
        : "Your identity provider's token is not valid.";
    throw new AppError("unauthenticated", { detail, cause });
  }
}

/** Lets the person in, as the database finds them: it knows the organization from the provider, not from the token. */
async function enter(
  base: BaseCtx,
  provider: Provider,
  person: ExternalPerson,
): Promise<UserActor | "stale"> {
  const [rows] = await accountBatch(base, (db) => [admit(db, base, provider, person)]);
  const admission = parseAdmission(rows);
  switch (admission.outcome) {
    case "admitted": {
      const { outcome: _, ...rights } = admission;
      return { kind: "user", orgId: provider.orgId, ...rights };
    }
    case "stale":
      return "stale";
    case "inactive":
      throw new AppError("session_revoked", { detail: "This account is deactivated." });
    case "suspended":
      throw new AppError("session_revoked", { detail: "This organization is suspended." });
    case "elsewhere":
      throw new AppError("identity_conflict", {
        detail: "An account with this e-mail exists in another organization.",
      });
    case "linked":
      throw new AppError("identity_conflict", {
        detail:
          "The account with this e-mail belongs to another identity of your provider; ask your administrator.",
      });
  }
}
