import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mimeMessage } from "../../../src/infra/email/mime.ts";

const from = { name: "Kalamna", email: "support@kalamna.example" };
const now = new Date("2026-11-21T03:04:05Z");
const written = (mail: Partial<{ to: string; subject: string; text: string }>, sender = from) =>
  mimeMessage({ to: "reader@example.com", subject: "S", text: "T", ...mail }, sender, "id", now);

/** Name → value, folding undone; and the body's bytes as text. */
function read(message: string) {
  const [head = "", body = ""] = message.split(/\r\n\r\n([\s\S]*)/);
  const lines = head.replace(/\r\n /g, " ").split("\r\n");
  const headers = new Map(lines.map((line) => line.split(/: ?(.*)/s) as [string, string]));
  return { lines, headers, text: Buffer.from(body, "base64").toString("utf8") };
}

/** RFC 2047: encoded words lose the space between them. */
const decode = (value = "") =>
  value
    .replace(/\?= =\?/g, "?==?")
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word: string) => Buffer.from(word, "base64").toString("utf8"));

test("a plain message reads plainly", () => {
  const { headers, text } = read(written({ subject: "Your code", text: "Enter:\n\n  123456\n" }));
  expect(Object.fromEntries(headers)).toEqual({
    From: '"Kalamna" <support@kalamna.example>',
    To: "reader@example.com",
    Subject: "Your code",
    Date: "Sat, 21 Nov 2026 03:04:05 +0000",
    "Message-ID": "<id@kalamna.example>",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "base64",
    "Auto-Submitted": "auto-generated",
  });
  expect(text).toBe("Enter:\r\n\r\n  123456\r\n");
});

test("whatever subject, sender and text, they arrive and nothing else does", () => {
  const anything = fc.string({ unit: "grapheme", maxLength: 200 });
  fc.assert(
    fc.property(anything, anything, anything, (subject, name, text) => {
      const message = written({ subject, text }, { ...from, name });
      for (const line of message.split("\r\n")) {
        expect(line.length).toBeLessThanOrEqual(110);
        expect(line).toMatch(/^[\x20-\x7e]*$/);
      }
      const { lines, headers, text: body } = read(message);
      expect(lines).toHaveLength(9);
      expect(decode(headers.get("Subject"))).toBe(subject.replace(/\p{Cc}+/gu, " "));
      expect(body).toBe(text.replace(/\r?\n/g, "\r\n"));
    }),
    { numRuns: 300 },
  );
});

describe("an address cannot leave its header", () => {
  test.each(["a@b.test\r\nBcc: c@d.test", "a@b.test>", "<a@b.test", "a b@c.test", "", "a"])("%j", (to) => {
    expect(() => written({ to })).toThrow("not an address");
  });
});
