import { expect, test } from "vitest";
import { accessTokens } from "../../../src/domain/accounts/access-token.ts";

const base = { issuer: "kalamna", audience: "api", lifetimeSeconds: 900 };
const old = { kid: "2025", secret: "o".repeat(32) };
const fresh = { kid: "2026", secret: "n".repeat(32) };
const user = {
  kind: "user",
  orgId: crypto.randomUUID(),
  userId: crypto.randomUUID(),
  role: "member",
  access: "external",
  tokenVersion: 3,
} as const;
const now = new Date("2026-11-21T00:00:00Z");

test("a token says who it was issued for", async () => {
  const tokens = accessTokens({ ...base, keys: [fresh] });
  const { token, expiresIn } = await tokens.issue(user, now);
  expect(expiresIn).toBe(900);
  expect(await tokens.verify(token, now)).toEqual(user);
});

test("adding a new key in front logs nobody out", async () => {
  const { token } = await accessTokens({ ...base, keys: [old] }).issue(user, now);
  const rotated = accessTokens({ ...base, keys: [fresh, old] });
  expect(await rotated.verify(token, now)).toEqual(user);
  const next = await rotated.issue(user, now);
  expect(JSON.parse(atob(next.token.split(".")[0] ?? "")).kid).toBe("2026");
});

test("removing a key ends the tokens it signed", async () => {
  const { token } = await accessTokens({ ...base, keys: [old] }).issue(user, now);
  await expect(accessTokens({ ...base, keys: [fresh] }).verify(token, now)).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("a token holds for its lifetime and no longer", async () => {
  const tokens = accessTokens({ ...base, keys: [fresh] });
  const { token } = await tokens.issue(user, now);
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  expect(await tokens.verify(token, later(899))).toEqual(user);
  await expect(tokens.verify(token, later(901))).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a ring without keys is refused at start", () => {
  expect(() => accessTokens({ ...base, keys: [] })).toThrow("JWT_KEYS");
});
