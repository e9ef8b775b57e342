import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "../../../src/domain/accounts/password.ts";

test("a password is stored as scrypt with its parameters, never twice the same", async () => {
  const first = await hashPassword("correct horse");
  const second = await hashPassword("correct horse");
  expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=1\$/);
  expect(second).not.toBe(first);
  expect(await verifyPassword("correct horse", first)).toBe(true);
  expect(await verifyPassword("correct Horse", first)).toBe(false);
});

test("a password typed on another keyboard is the same password", async () => {
  expect(await verifyPassword("cafe\u0301 au lait", await hashPassword("caf\u00e9 au lait"))).toBe(true);
});

test("hashes made with other parameters keep working", async () => {
  // scrypt("pleaseletmein", "SodiumChloride", N=16384, r=8, p=1), RFC 7914 §12, its first 32 bytes.
  const key = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
  const stored = `$scrypt$ln=14,r=8,p=1$${btoa("SodiumChloride")}$${key.toString("base64")}`;
  expect(await verifyPassword("pleaseletmein", stored)).toBe(true);
});

test("nobody's password is right", async () => {
  expect(await verifyPassword("", null)).toBe(false);
  expect(await verifyPassword("anything", undefined)).toBe(false);
});

test("a damaged hash is an error, not a wrong password", async () => {
  await expect(verifyPassword("x", "$argon2id$…")).rejects.toThrow("unknown form");
});
