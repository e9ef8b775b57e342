/** An organization's identity provider: what an administrator sets, what is stored, what the API shows. */
import * as z from "zod";
import { ACCESS_LEVELS, ROLES } from "../../context.ts";
import { Domain } from "../accounts/email.ts";

/** Signatures only a private key can make. An HMAC would be verified with something the provider publishes. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A claim's name, or a path into nested claims: `realm_access.roles`. A claim of exactly that name goes first. */
const ClaimPath = z.string().trim().min(1).max(200);
const ClaimValue = z.string().min(1).max(200);
const MAX_VALUES = 100;

const valuesTo = <T extends z.ZodType>(target: T) =>
  z
    .record(ClaimValue, target)
    .refine((values) => Object.keys(values).length <= MAX_VALUES, `may have at most ${MAX_VALUES} entries`);

/** How claims become a person. Whoever has no matching value gets the default, which is the least there is. */
export const Claims = z.strictObject({
  email: ClaimPath.default("email"),
  /** Must be true in the token. Entra ID calls it `xms_edov`. */
  email_verified: ClaimPath.default("email_verified"),
  /** Of several matching values the highest role counts. Without a claim, people keep the role an administrator gives. */
  role: z
    .strictObject({
      claim: ClaimPath.optional(),
      values: valuesTo(z.enum(ROLES)).default({}),
      default: z.enum(ROLES).default("viewer"),
    })
    .prefault({}),
  /** As with roles. Without a claim, the access level follows from the e-mail's domain. */
  access: z
    .strictObject({
      claim: ClaimPath,
      values: valuesTo(z.enum(ACCESS_LEVELS)).default({}),
      default: z.enum(ACCESS_LEVELS).default("external"),
    })
    .optional(),
  /** Membership of the groups named here follows the claim; other groups are left alone. */
  groups: z.strictObject({ claim: ClaimPath, values: valuesTo(z.uuid()) }).optional(),
});
export type Claims = z.infer<typeof Claims>;

/** `iss` is compared byte by byte (OpenID Connect Core 3.1.3.7): no trimming, a final slash counts. */
const Issuer = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((value) => !/[?#]/.test(value), "must have neither query nor fragment");

export const IdentityInput = z.strictObject({
  issuer: Issuer,
  /** The client id, or the API's identifier: what the token's `aud` must contain. */
  audience: z.string().trim().min(1).max(300),
  /** Read from the issuer's discovery document when null. */
  jwks_uri: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .nullable()
    .default(null),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1).max(ALGORITHMS.length).default(["RS256", "ES256"]),
  claims: Claims.prefault({}),
  /** Only people with an e-mail at one of these may sign in. An administrator must have a verified e-mail there. */
  domains: z.array(Domain).min(1).max(50),
  status: z.enum(["active", "disabled"]).default("active"),
});
export type IdentityInput = z.infer<typeof IdentityInput>;

/** What signing in needs to know. */
export type Provider = {
  id: string;
  orgId: string;
  /** Raised with every change: a copy of an older one no longer counts. */
  revision: number;
  issuer: string;
  audience: string;
  jwksUri: string | null;
  algorithms: Algorithm[];
  claims: Claims;
  domains: string[];
};

export type IdentityView = IdentityInput & { id: string; created_at: string; updated_at: string };
