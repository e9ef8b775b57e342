/** Documents of every format, each with a word of its own; some change, some go, some come twice. */
import { lines, pdf } from "../fixtures/pdf.ts";
import { docx, paragraph, pptx, shape, sheetRows, xlsx, zip } from "../fixtures/zip.ts";
import { type Broken, brokenFiles } from "./broken.ts";

export type Version = {
  bytes: Uint8Array<ArrayBufferLike>;
  /** In no other version of any document. */
  word: string;
};

export type Planned = {
  name: string;
  lane: "ingest" | "ingest-bulk";
  /** The uploader's own name for it; without one its bytes are its identity. */
  externalId?: string;
  versions: Version[];
  /** What its owner must be told, when nobody can read it. */
  code?: string;
  deleted: boolean;
  /** Its reading is stopped right after the upload; it is asked for again in the end. */
  cancelled?: boolean;
  /** Comes in a batch, not alone. */
  inBulk?: boolean;
  /** Has the bytes of this other document and no identity: the same document. */
  sameAs?: string;
};

export type Roll = (limit: number) => number;

const SYLLABLES = [
  "ba",
  "ke",
  "li",
  "mo",
  "nu",
  "ra",
  "ve",
  "zi",
  "do",
  "fu",
  "ga",
  "pe",
  "ti",
  "so",
  "wu",
  "ja",
];

/** A word that no stemmer shortens and that looks like no other: its number in syllables, and an end of its own. */
export function wordOf(number: number): string {
  let rest = (number * 40_503 + 977) % 65_536;
  let word = "";
  for (let at = 0; at < 4; at++) {
    word += SYLLABLES[rest % 16];
    rest = Math.floor(rest / 16);
  }
  return `q${word}x`;
}

const COMMON =
  "harbour tide crane ferry sailor lantern anchor storm ledger cargo winter bridge signal morning captain rope".split(
    " ",
  );

function sentence(roll: Roll): string {
  const words = Array.from({ length: 8 + roll(8) }, () => COMMON[roll(COMMON.length)]);
  return `The ${words.join(" ")}.`;
}

/** Sentences that many documents share, so that vectors are reused across them. */
const HOUSE_RULES =
  "Every visitor signs the ledger at the gate, wears a vest on the quay and leaves before the evening signal. The crane is never passed while it carries cargo.";

const paragraphs = (word: string, roll: Roll): string[] => [
  `${word} is the name of this one. ${sentence(roll)}`,
  HOUSE_RULES,
  `${sentence(roll)} ${sentence(roll)} Remember ${word}.`,
];

const utf8 = (text: string) => new TextEncoder().encode(text);

type Make = (word: string, roll: Roll) => Uint8Array<ArrayBufferLike>;

const FORMATS: Record<string, Make> = {
  md: (word, roll) => utf8(`# About ${word}\n\n${paragraphs(word, roll).join("\n\n## More\n\n")}\n`),
  txt: (word, roll) => utf8(`${paragraphs(word, roll).join("\n\n")}\n`),
  html: (word, roll) =>
    utf8(
      `<!doctype html><title>${word}</title><main><h1>Notes</h1>${paragraphs(word, roll)
        .map((text) => `<p>${text}</p>`)
        .join("")}</main>`,
    ),
  csv: (word, roll) =>
    utf8(
      `port,note\n${paragraphs(word, roll)
        .map((text, at) => `${at},"${text}"\n`)
        .join("")}`,
    ),
  json: (word, roll) => utf8(JSON.stringify(paragraphs(word, roll).map((note, at) => ({ at, note })))),
  pdf: (word, roll) =>
    pdf(paragraphs(word, roll).map((text) => lines(text.match(/.{1,70}(?: |$)/g) ?? [text]))),
  docx: (word, roll) =>
    docx(
      paragraphs(word, roll)
        .map((text) => paragraph(text))
        .join(""),
    ),
  pptx: (word, roll) =>
    pptx(paragraphs(word, roll).map((text) => ({ xml: shape("title", word) + shape("", text) }))),
  xlsx: (word, roll) =>
    xlsx([
      {
        name: "Notes",
        xml: sheetRows([["At", "Note"], ...paragraphs(word, roll).map((text, at) => [at, text])]),
      },
    ]),
  epub: (word, roll) =>
    zip([
      { name: "mimetype", content: "application/epub+zip", stored: true },
      {
        name: "META-INF/container.xml",
        content: '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
      },
      {
        name: "book.opf",
        content: `<package xmlns:dc="d"><metadata><dc:title>${word}</dc:title></metadata><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>`,
      },
      {
        name: "a.xhtml",
        content: `<html xmlns="http://www.w3.org/1999/xhtml"><body>${paragraphs(word, roll)
          .map((text) => `<p>${text}</p>`)
          .join("")}</body></html>`,
      },
    ]),
  eml: (word, roll) =>
    utf8(
      `From: Fenn <fenn@harbour.test>\r\nTo: crew@harbour.test\r\nSubject: ${word}\r\nDate: Mon, 2 Mar 2026 08:00:00 +0000\r\nContent-Type: text/plain\r\n\r\n${paragraphs(word, roll).join("\r\n\r\n")}\r\n`,
    ),
};

/** Sections enough to be embedded by several messages. */
function large(word: string, sections: number, roll: Roll): Uint8Array {
  const parts = Array.from(
    { length: sections },
    (_, at) =>
      `## Section ${at}\n\nNumber ${at} of the book. ${sentence(roll)} ${sentence(roll)} ${sentence(roll)}`,
  );
  return utf8(`# Book\n\n${word} opens it.\n\n${parts.join("\n\n")}\n\n## End\n\nIt closes with ${word}.\n`);
}

/** `count` documents of which a tenth is replaced while it is read, and fewer are broken, deleted, large or there twice. */
export function corpus(seed: number, count: number, roll: Roll): Planned[] {
  let words = seed * 3_000;
  const nextWord = () => wordOf(words++);
  const formats = Object.keys(FORMATS);
  const some = (share: number) => Math.max(1, Math.round(count * share));
  const broken = shuffled(brokenFiles(nextWord()), roll).slice(0, Math.max(6, Math.min(20, some(1 / 15))));
  const planned: Planned[] = broken.map((file) => fromBroken(file, roll));

  const larges = some(0.014);
  const duplicates = some(1 / 30);
  const good = count - broken.length - duplicates;
  for (let at = 0; at < good; at++) {
    const format = formats[at % formats.length] as string;
    const isLarge = at < larges;
    const make: Make = isLarge
      ? (word) => large(word, at === 0 ? 560 : 320, roll)
      : (FORMATS[format] as Make);
    const isReplaced = at % 10 === 3;
    const isDeleted = at % 20 === 7;
    const isIdentified = isReplaced || isLarge || at % 3 === 0;
    const versions = Array.from({ length: isReplaced ? 2 : 1 }, () => {
      const word = nextWord();
      return { word, bytes: make(word, roll) };
    });
    planned.push({
      name: `${at}.${isLarge ? "md" : format}`,
      lane: roll(2) === 0 ? "ingest" : "ingest-bulk",
      ...(isIdentified ? { externalId: `shelf/${at}` } : {}),
      versions,
      deleted: isDeleted,
      ...(at % 20 === 14 ? { cancelled: true } : {}),
    });
  }
  const twice = shuffled(
    planned.filter((one) => !one.externalId && !one.deleted && !one.cancelled && !one.code),
    roll,
  ).slice(0, duplicates);
  const simple = planned.filter((one) => one.versions.length === 1 && !one.deleted && !one.cancelled);
  for (const one of shuffled(simple, roll).slice(0, some(0.25))) if (!twice.includes(one)) one.inBulk = true;
  planned.push(...twice.map((one) => ({ ...one, name: `copy-of-${one.name}`, sameAs: one.name })));
  return shuffled(planned, roll);
}

/** Three more for the bulk lane, with words that {@link corpus} leaves alone. */
export const lateDocuments = (seed: number, roll: Roll): Planned[] =>
  [0, 1, 2].map((at) => {
    const word = wordOf(seed * 3_000 + 2_900 + at);
    const bytes = FORMATS.md?.(word, roll) ?? new Uint8Array();
    return { name: `late-${at}.md`, lane: "ingest-bulk", versions: [{ word, bytes }], deleted: false };
  });

function fromBroken({ name, bytes, code }: Broken, roll: Roll): Planned {
  const lane = roll(2) === 0 ? "ingest" : "ingest-bulk";
  return { name, lane, versions: [{ bytes, word: "" }], code, deleted: false };
}

export function shuffled<T>(list: readonly T[], roll: Roll): T[] {
  const left = [...list];
  for (let at = left.length - 1; at > 0; at--) {
    const other = roll(at + 1);
    [left[at], left[other]] = [left[other] as T, left[at] as T];
  }
  return left;
}
