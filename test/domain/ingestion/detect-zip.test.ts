/** Pure; runs in workerd. What is in a zip container, told from its first bytes. */
import { expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { zip } from "../../fixtures/zip.ts";

/** As these formats ask: the first part is `mimetype`, and not compressed. */
const declaring = (type: string) => {
  const bytes = new Uint8Array(200);
  bytes.set([0x50, 0x4b, 3, 4]);
  bytes[26] = "mimetype".length;
  bytes.set(new TextEncoder().encode(`mimetype${type}`), 30);
  return bytes;
};

it.each([
  ["an OpenDocument file", declaring("application/vnd.oasis.opendocument.text")],
  ["a program package", zip([{ name: "META-INF/MANIFEST.MF", content: "Manifest-Version: 1.0" }])],
  ["a program package", zip([{ name: "AndroidManifest.xml", content: "" }])],
  ["a ZIP archive", zip([{ name: "holiday/beach.jpg", content: "" }])],
])("calls %s by its name", (label, bytes) => {
  expect(detect(bytes, "letter.docx")).toEqual({ unsupported: label });
});

it("knows an EPUB book by its first part, whatever it is called", () => {
  expect(detect(declaring("application/epub+zip"), "letter.docx")).toBe("epub");
});

it("takes an Office file for a Word document when its first bytes name no part and nor does its name", () => {
  const parts = zip([{ name: "[Content_Types].xml", content: "<Types/>" }]);
  expect(detect(parts, "letter")).toBe("docx");
});
