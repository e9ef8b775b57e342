import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { accessTokens } from "../../../src/domain/accounts/access-token.ts";
import { PrivateJwk } from "../../../src/domain/accounts/signing-keys.ts";

const base = { issuer: "kalamna", audience: "api", lifetimeSeconds: 900 };
const secret = { kid: "secret", secret: "s".repeat(32) };
const user = {
  kind: "user",
  orgId: crypto.randomUUID(),
  userId: crypto.randomUUID(),
  role: "admin",
  access: "internal",
  tokenVersion: 1,
  sessionId: crypto.randomUUID(),
} as const;
const now = new Date("2026-11-21T00:00:00Z");

async function privateJwk(alg: "EdDSA" | "ES256", kid: string): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return PrivateJwk.parse({ ...(await exportJWK(privateKey)), kid });
}

describe.each(["EdDSA", "ES256"] as const)("with a private key for %s", (alg) => {
  let jwk: PrivateJwk;
  let tokens: ReturnType<typeof accessTokens>;
  beforeAll(async () => {
    jwk = await privateJwk(alg, "own");
    tokens = accessTokens({ ...base, keys: [secret], privateKeys: [jwk] });
  });

  test("that key signs, and others can check it with what we publish", async () => {
    const { token } = await tokens.issue(user, now);
    expect(await tokens.verify(token, now)).toEqual(user);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(tokens.jwks()), {
      issuer: "kalamna",
      audience: "api",
      currentDate: now,
    });
    expect(protectedHeader).toMatchObject({ alg, kid: "own", typ: "at+jwt" });
    expect(payload.sub).toBe(user.userId);
  });

  test("nothing private is published", () => {
    const published = JSON.stringify(tokens.jwks());
    expect(published).not.toContain(jwk.d);
    expect(published).not.toContain(secret.secret);
    expect(tokens.jwks().keys).toEqual([expect.objectContaining({ kid: "own", alg, use: "sig" })]);
  });

  test("tokens of the secrets keep working", async () => {
    const { token } = await accessTokens({ ...base, keys: [secret] }).issue(user, now);
    expect(await tokens.verify(token, now)).toEqual(user);
  });

  test("the public key is no HMAC secret", async () => {
    const published = tokens.jwks().keys[0] as JWK;
    const forged = (key: Uint8Array) =>
      new SignJWT({ org_id: user.orgId, role: "admin", access: "internal", ver: 1 })
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "own" })
        .setSubject(user.userId)
        .setIssuer("kalamna")
        .setAudience("api")
        .setIssuedAt(now)
        .setExpirationTime(new Date(now.getTime() + 60_000))
        .sign(key);
    for (const text of [published.x ?? "", JSON.stringify(published)]) {
      const token = await forged(new TextEncoder().encode(text));
      await expect(tokens.verify(token, now)).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });

  test("no key signs with another algorithm than its own", async () => {
    const other = await privateJwk(alg === "EdDSA" ? "ES256" : "EdDSA", "own");
    const { token } = await accessTokens({ ...base, keys: [secret], privateKeys: [other] }).issue(user, now);
    await expect(tokens.verify(token, now)).rejects.toMatchObject({ code: "unauthenticated" });
    const claimed = await accessTokens({
      ...base,
      keys: [secret],
      privateKeys: [{ ...jwk, kid: "secret" }],
    }).issue(user, now);
    await expect(tokens.verify(claimed.token, now)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("an older key behind it still verifies", async () => {
    const older = await privateJwk("ES256", "older");
    const { token } = await accessTokens({ ...base, keys: [secret], privateKeys: [older] }).issue(user, now);
    const both = accessTokens({ ...base, keys: [secret], privateKeys: [jwk, older] });
    expect(await both.verify(token, now)).toEqual(user);
    expect(both.jwks().keys.map(({ kid }) => kid)).toEqual(["own", "older"]);
  });
});

test.each([
  ["a public key", { kty: "OKP", crv: "Ed25519", kid: "a", x: "A".repeat(43) }],
  ["a key without a kid", { kty: "OKP", crv: "Ed25519", x: "A".repeat(43), d: "A".repeat(43) }],
  ["an RSA key", { kty: "RSA", kid: "a", n: "AQAB", e: "AQAB", d: "AQAB" }],
  ["a key of another curve", { kty: "EC", crv: "P-384", kid: "a", x: "A", y: "A", d: "A" }],
])("%s is no signing key", (_, jwk) => {
  expect(PrivateJwk.safeParse(jwk).success).toBe(false);
});
