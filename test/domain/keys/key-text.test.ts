import fc from "fast-check";
import { expect, test } from "vitest";
import {
  keyPrefix,
  newSecret,
  readApiKey,
  readWidgetKey,
  widgetKey,
} from "../../../src/domain/keys/key-text.ts";

test("a key reads back as the id and hash it was made with", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const { key, ...proof } = newSecret(id);
      expect(readApiKey(key)).toEqual(proof);
      expect(key.startsWith(`${keyPrefix(id)}_`)).toBe(true);
      expect(readWidgetKey(widgetKey(id))).toBe(id);
    }),
  );
});

test("no two keys share a secret", () => {
  const keys = Array.from({ length: 100 }, () => newSecret().key.slice(-43));
  expect(new Set(keys).size).toBe(100);
});

test("anything else is no key, and nothing throws", () => {
  const { key } = newSecret();
  const pub = widgetKey(crypto.randomUUID());
  for (const text of [
    "",
    key.slice(1),
    `${key}x`,
    key.slice(0, -1),
    `${key} `,
    `${key}\n`,
    key.toUpperCase(),
    pub,
  ]) {
    expect(readApiKey(text), text).toBeNull();
  }
  for (const text of ["", key, `${pub}=`, pub.slice(0, -1), `${pub}\n`])
    expect(readWidgetKey(text), text).toBeNull();
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readApiKey(`kal_live_${text}`)).toBeNull();
      expect(readWidgetKey(`kal_pub_${text}`)).toBeNull();
    }),
  );
});

test("an id has one spelling: spare bits of base64 must be zero", () => {
  const pub = widgetKey("00000000-0000-4000-8000-000000000000");
  expect(readWidgetKey(`${pub.slice(0, -1)}B`)).toBeNull();
});
