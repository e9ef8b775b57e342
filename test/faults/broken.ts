/** Twenty files that nobody can read, and why: what their owners must be told whatever else goes wrong. */
import { EVERY_FORMAT } from "../fixtures/every-format.ts";
import { lines, pdf } from "../fixtures/pdf.ts";
import { documentXml, docx, paragraph, pptx, shape, xlsx, zip } from "../fixtures/zip.ts";

export type Broken = { name: string; bytes: Uint8Array<ArrayBufferLike>; code: string };

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Bytes that make two copies of the same broken file differ, where the format does not care. */
function sealedOffice(mark: number): Uint8Array {
  const container = new Uint8Array(2048);
  container.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  for (const [i, letter] of [..."EncryptedPackage"].entries())
    container.set([letter.charCodeAt(0), 0], 1024 + 2 * i);
  container[2047] = mark;
  return container;
}

/** @param word makes the files of one run unlike those of another */
export function brokenFiles(word: string): Broken[] {
  const written = pdf([lines([`The ${word} is a long sentence that stands on a page.`])]);
  const word1 = docx(paragraph(word));
  const entities = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>`;
  const bomb = (name: string) => zip([{ name, content: documentXml(word), claimedSize: 300_000_000 }]);
  return [
    { name: "locked.pdf", bytes: pdf([lines([word])], { encrypted: true }), code: "encrypted_document" },
    { name: "locked.docx", bytes: sealedOffice(1), code: "encrypted_document" },
    { name: "locked.xlsx", bytes: sealedOffice(2), code: "encrypted_document" },
    {
      name: "locked-part.docx",
      bytes: zip([{ name: "word/document.xml", content: documentXml(paragraph(word)), encrypted: true }]),
      code: "encrypted_document",
    },
    { name: "scan.pdf", bytes: pdf([[]], { picture: true, title: word }), code: "needs_ocr" },
    { name: "scan-two.pdf", bytes: pdf([[], []], { picture: true, title: word }), code: "needs_ocr" },
    { name: "blank.pdf", bytes: pdf([[], []], { title: word }), code: "empty_document" },
    { name: "blank.txt", bytes: utf8(" \n\t \n"), code: "empty_document" },
    { name: "blank.md", bytes: utf8("---\n\n***\n"), code: "empty_document" },
    { name: "blank.csv", bytes: utf8(",,\n,,\n"), code: "empty_document" },
    {
      name: "blank.html",
      bytes: utf8(`<html><script>let ${word}</script><body></body></html>`),
      code: "empty_document",
    },
    { name: "half.pdf", bytes: written.slice(0, 40), code: "broken_document" },
    { name: "nothing.pdf", bytes: utf8(`%PDF-1.7\n${word}`), code: "broken_document" },
    { name: "half.docx", bytes: word1.slice(0, word1.length - 30), code: "broken_document" },
    {
      name: "entities.docx",
      bytes: zip([
        { name: "word/document.xml", content: `${entities}${documentXml(paragraph(`&b;${word}`))}` },
      ]),
      code: "broken_document",
    },
    {
      name: "entities.pptx",
      bytes: pptx([{ xml: shape("", word) }], {
        "ppt/slides/slide1.xml": `<!DOCTYPE x [<!ENTITY a "aaaa">]><p:sld>&a;${word}</p:sld>`,
      }),
      code: "broken_document",
    },
    { name: "torn.json", bytes: utf8(`{"a": "${word}"}\n{"a": 2\n`), code: "broken_document" },
    {
      name: "deep.json",
      bytes: utf8(`${"[".repeat(20_000)}"${word}"${"]".repeat(20_000)}`),
      code: "document_too_complex",
    },
    { name: "bomb.docx", bytes: bomb("word/document.xml"), code: "document_too_complex" },
    {
      name: "bomb.xlsx",
      bytes: xlsx(
        [
          {
            name: "S",
            xml: `<sheetData><row><c t="s"><v>0</v></c></row>${'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'.repeat(5_000)}</sheetData>`,
          },
        ],
        { "xl/sharedStrings.xml": `<sst><si><t>${`${word} `.repeat(12_000)}</t></si></sst>` },
      ),
      code: "document_too_complex",
    },
  ];
}

/** Refused at the door, before anything is kept. */
export const refusedFiles = (): Broken[] => [
  {
    name: "picture.png",
    bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1]),
    code: "unsupported_type",
  },
  { name: "empty.txt", bytes: new Uint8Array(), code: "empty_document" },
  { name: "half.epub", bytes: EVERY_FORMAT.epub().slice(0, 12), code: "unsupported_type" },
];
