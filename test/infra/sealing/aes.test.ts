/** Pure. */
import { describe, expect, test } from "vitest";
import { aesSealer } from "../../../src/infra/sealing/aes.ts";

const ring = { kid: "2026-11", secret: "0123456789abcdef0123456789abcdef" };
const about = { kind: "webhook", orgId: "o1", id: "w1" };

describe("a sealed secret", () => {
  test("opens where it belongs, names its key and shows nothing of itself", async () => {
    const sealer = aesSealer([ring]);
    const sealed = await sealer.seal("whsec_harbour", about);
    expect(sealed).toMatch(/^v1:2026-11:[\w-]+$/);
    expect(sealed).not.toContain("harbour");
    expect(await sealer.open(sealed, about)).toBe("whsec_harbour");
    expect(await sealer.seal("whsec_harbour", about)).not.toBe(sealed);
  });

  test.each([
    ["of another kind", { ...about, kind: "connector" }],
    ["of another organization", { ...about, orgId: "o2" }],
    ["of another row", { ...about, id: "w2" }],
  ])("does not open as one %s", async (_, elsewhere) => {
    const sealer = aesSealer([ring]);
    const sealed = await sealer.seal("x", about);
    await expect(sealer.open(sealed, elsewhere)).rejects.toMatchObject({ code: "secret_unreadable" });
  });

  test("does not open when a bit of it changed, its end is cut off, or it is none", async () => {
    const sealer = aesSealer([ring]);
    const sealed = await sealer.seal("a secret", about);
    const flipped = sealed.replace(
      /.(.{3})$/,
      (_, rest: string) => (sealed.at(-4) === "A" ? "B" : "A") + rest,
    );
    for (const bad of [flipped, sealed.slice(0, -6), "v1:2026-11:", "v1:2026-11:AAAA", "plain", ""]) {
      await expect(sealer.open(bad, about), bad).rejects.toMatchObject({ code: "secret_unreadable" });
    }
  });

  test("outlives a rotation while the old key stands behind the new one, and not without it", async () => {
    const sealed = await aesSealer([ring]).seal("x", about);
    const next = { kid: "2026-12", secret: "f".repeat(32) };
    expect(await aesSealer([next, ring]).open(sealed, about)).toBe("x");
    await expect(aesSealer([next]).open(sealed, about)).rejects.toMatchObject({ code: "secret_unreadable" });
    await expect(aesSealer([{ ...next, kid: ring.kid }]).open(sealed, about)).rejects.toMatchObject({
      code: "secret_unreadable",
    });
  });

  test("opens when two rings have a key of the same name", async () => {
    const other = { kid: ring.kid, secret: "f".repeat(32) };
    const sealed = await aesSealer([ring]).seal("x", about);
    expect(await aesSealer([other, ring]).open(sealed, about)).toBe("x");
  });
});
