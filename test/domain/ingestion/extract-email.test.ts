/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { docx, paragraph } from "../../fixtures/zip.ts";

const bytes = (text: string) => new TextEncoder().encode(text.replaceAll("\n", "\r\n"));
const HEADER = `From: =?utf-8?Q?J=C3=BCrgen?= <j@harbour.test>
To: crew@harbour.test, "Fenn, A." <a@harbour.test>
Subject: =?utf-8?B?VGlkZSB0YWJsZXM=?=
Date: Mon, 2 Mar 2026 08:00:00 +0000
Message-ID: <1@harbour.test>
MIME-Version: 1.0
`;
const plain = (body: string, type = "text/plain; charset=utf-8") =>
  bytes(`${HEADER}Content-Type: ${type}\n\n${body}`);

type Part = { type: string; body: string; name?: string; encoding?: string };
function mixed(parts: Part[], kind = "mixed"): Uint8Array {
  const each = parts.map(
    ({ type, body, name, encoding = "8bit" }) =>
      `--b\nContent-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n` +
      `${name ? `Content-Disposition: attachment; filename="${name}"\n` : ""}\n${body}\n`,
  );
  return bytes(`${HEADER}Content-Type: multipart/${kind}; boundary=b\n\n${each.join("")}--b--\n`);
}
const base64 = (file: Uint8Array) =>
  btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join("")).replace(/.{76}/g, "$&\n");
const read = (file: Uint8Array) => extract("email", file, "m.eml");
const codeOf = (file: Uint8Array) =>
  read(file).then(
    () => "read",
    (error) => error.code,
  );

describe("extract, e-mail,", () => {
  it("says who wrote to whom, when and about what, before the message", async () => {
    const { text, title } = await read(plain("High water at nine."));
    expect(title).toBe("Tide tables");
    expect(text).toBe(
      "# Tide tables\n\nFrom: Jürgen <j@harbour.test>\nTo: crew@harbour.test, Fenn, A. <a@harbour.test>\n" +
        "Date: 2026-03-02T08:00:00.000Z\n\nHigh water at nine.",
    );
  });

  it("is told from its content, also after a long way through servers, and a note is not taken for one", () => {
    expect(detect(plain("Hi."), "no-name")).toBe("email");
    const way = "Received: from a by b; some text that goes on for a while\n".repeat(120);
    expect(detect(bytes(`${way}${HEADER}\nHi.`), "x.bin")).toBe("email");
    expect(detect(bytes("From: me\nTo: you\n\nBuy bread."), "note.txt")).toBe("text");
    expect(detect(bytes("Subject: bread\nDate: today\n\nBuy it."), "note")).toBe("text");
  });

  it("prefers the HTML of an alternative, with its tables, and leaves scripts out", async () => {
    const html =
      "<script>steal()</script><table><tr><th>Port</th><th>Pier</th></tr><tr><td>Ulm</td><td>4</td></tr></table>";
    const file = mixed(
      [
        { type: "text/plain", body: "Flat." },
        { type: "text/html", body: html },
      ],
      "alternative",
    );
    const { text } = await read(file);
    expect(text).toContain("| Ulm | 4 |");
    expect(text).not.toMatch(/steal|Flat\./);
  });

  it("reads attachments it can read, names pictures, and says why another cannot be read", async () => {
    const file = mixed([
      { type: "text/plain", body: "See the files." },
      {
        type: "application/octet-stream",
        name: "rules.docx",
        encoding: "base64",
        body: base64(docx(paragraph("No swimming."))),
      },
      { type: "image/png", name: "pier.png", encoding: "base64", body: btoa("\x89PNG\r\n\x1a\n and more") },
      { type: "application/pdf", name: "broken.pdf", encoding: "base64", body: btoa("%PDF-1.7 cut off") },
    ]);
    const { text } = await read(file);
    expect(text).toContain("## Attachment: rules.docx\n\nNo swimming.");
    expect(text).toContain("## Attachment: pier.png");
    expect(text).toMatch(/## Attachment: broken\.pdf\n\n\(.+\)/);
  });

  it("reads a message that came as an attachment, but not endlessly many within each other", async () => {
    let inner = plain("The innermost.");
    for (let depth = 0; depth < 12; depth++) {
      inner = mixed([
        { type: "text/plain", body: `Level ${depth}.` },
        {
          type: "message/rfc822",
          name: "fwd.eml",
          body: new TextDecoder()
            .decode(inner)
            .replaceAll("\r", "")
            .replaceAll("--b", `--b${depth}`)
            .replaceAll("boundary=b", `boundary=b${depth}`),
        },
      ]);
    }
    const { text } = await read(inner);
    expect(text).toContain("Level 11.");
    expect(text).toContain("Level 8.");
    expect(text).not.toContain("The innermost.");
  });

  it("decodes the charsets of old", async () => {
    const latin = new Uint8Array([
      ...bytes(`${HEADER}Content-Type: text/plain; charset=iso-8859-1\n\nGr`),
      0xfc,
      0xdf,
      0x65,
    ]);
    expect((await read(latin)).text).toContain("Grüße");
  });

  it("says that an encrypted message is encrypted", async () => {
    const sealed = bytes(
      `${HEADER}Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Disposition: attachment; filename=smime.p7m\nContent-Transfer-Encoding: base64\n\nAAAA`,
    );
    expect(await codeOf(sealed)).toBe("encrypted_document");
  });

  it("refuses parts within parts without end, in bounded time", async () => {
    const nested = Array.from(
      { length: 5_000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=x${at}\n\n--x${at}\n`,
    );
    expect(await codeOf(bytes(`${HEADER}${nested.join("")}`))).toBe("document_too_complex");
  });
});
