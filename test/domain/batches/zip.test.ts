/** Zips read from front to back, in whatever form and in whatever pieces they come. */
import { describe, expect, test } from "vitest";
import { type ZipEntry, zipEntries } from "../../../src/domain/batches/zip-entries.ts";
import { type StreamedPart, streamedZip } from "../../fixtures/streamed-zip.ts";
import { zip } from "../../fixtures/zip.ts";

const inPieces = (bytes: Uint8Array, size: number) => {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
};

async function textOf({ data }: ZipEntry): Promise<string> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let piece = await data.next(); piece; piece = await data.next()) pieces.push(piece);
  return new Blob(pieces).text();
}

async function contents(bytes: Uint8Array, size = 1_000): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const entry of zipEntries(inPieces(bytes, size)))
    found.push([entry.header.path, await textOf(entry)]);
  return found;
}

const noise = (length: number) =>
  Array.from({ length }, (_, at) => String.fromCharCode(33 + ((at * 7919 + (at >> 3)) % 90))).join("");

const FORMS: [string, Partial<StreamedPart>][] = [
  ["deflated, sizes in front", {}],
  ["deflated, sizes behind", { sizes: "behind" }],
  ["deflated, sizes behind without signature", { sizes: "behind, unsigned" }],
  ["deflated, sizes behind in 64 bits", { sizes: "behind, 64 bits" }],
  ["deflated, sizes in front and behind", { sizes: "in front and behind" }],
  ["deflated, zip64", { sizes: "extra field" }],
  ["stored, sizes in front", { stored: true }],
  ["stored, sizes behind", { stored: true, sizes: "behind" }],
  ["stored, sizes behind in 64 bits", { stored: true, sizes: "behind, 64 bits" }],
  ["stored, zip64", { stored: true, sizes: "extra field" }],
];

describe.each(FORMS)("%s", (_, form) => {
  test.each([1, 7, 1_000, 1_000_000])("in pieces of %i bytes", async (size) => {
    const texts = [
      "",
      "x",
      noise(3_000),
      `PK\u0007\u0008${noise(20)}PK\u0003\u0004PK\u0007`,
      "a".repeat(9_000),
    ];
    const parts = texts.map((content, at) => ({ name: `${at}.txt`, content, ...form }));
    expect(await contents(streamedZip(parts), size)).toEqual(texts.map((text, at) => [`${at}.txt`, text]));
  });

  test("what nobody reads is passed over, begun or not", async () => {
    const parts = ["a", "b", "c"].map((name) => ({ name, content: noise(200_000), ...form }));
    const names: string[] = [];
    for await (const { header, data, place } of zipEntries(inPieces(streamedZip(parts), 5_000))) {
      names.push(header.path);
      if (place === 2) expect((await data.next())?.length).toBeGreaterThan(0);
    }
    expect(names).toEqual(["a", "b", "c"]);
  });

  test("a file whose checksum is wrong is said to be damaged, and the next one is read where that is possible", async () => {
    const bytes = streamedZip([
      { name: "bad", content: noise(500), crc: 7, ...form },
      { name: "good", content: "fine", ...form },
    ]);
    const found: string[] = [];
    const reading = (async () => {
      for await (const entry of zipEntries(inPieces(bytes, 100)))
        found.push(await textOf(entry).catch((error) => error.code));
    })();
    if (!form.sizes?.startsWith("behind")) {
      await reading;
      return expect(found).toEqual(["broken_document", "fine"]);
    }
    // Where stored data ends is known by its checksum alone.
    const code = form.stored ? "cut_off" : "broken_document";
    await expect(reading).rejects.toMatchObject({ code: form.stored ? expect.any(String) : code });
    expect(found).toEqual([code]);
  });
});

test("a zip without files is read", async () => {
  expect(await contents(zip([]))).toEqual([]);
});

test("a zip64 whose directory ends with records of its own is read", async () => {
  const parts: StreamedPart[] = [{ name: "a.txt", content: "x", sizes: "extra field" }];
  expect(await contents(streamedZip(parts, { zip64: true }), 7)).toEqual([["a.txt", "x"]]);
});

test("a directory that does not end is not read for ever", async () => {
  const record = new Uint8Array(46 + 65_535);
  record.set([0x50, 0x4b, 1, 2]);
  record.set([0xff, 0xff], 32);
  const endless = new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(record.slice()) });
  await expect(zipEntries(endless).next()).rejects.toMatchObject({ code: "broken_document" });
});

test("names are UTF-8, said or not, or of code page 437", async () => {
  const found = await contents(
    streamedZip([
      { name: "قائمة.txt", content: "1", utf8: true },
      { name: "Müller.txt", content: "2" },
      { name: Uint8Array.of(0x4d, 0x81, 0x6c, 0x6c, 0x65, 0x72), content: "3" },
    ]),
  );
  expect(found.map(([name]) => name)).toEqual(["قائمة.txt", "Müller.txt", "Müller"]);
});

test.each([
  ["not a zip", new TextEncoder().encode("%PDF-1.7 and more"), "unsupported_type"],
  ["nothing", new Uint8Array(0), "unsupported_type"],
  [
    "an archive cut off in a file",
    streamedZip([{ name: "a", content: noise(9_000) }]).slice(0, 200),
    "cut_off",
  ],
  ["an archive cut off in a header", streamedZip([{ name: "a", content: "x" }]).slice(0, 12), "cut_off"],
  ["an archive without a directory", streamedZip([{ name: "a", content: "x" }], { whole: false }), "cut_off"],
  [
    "an archive cut off in its directory",
    streamedZip([{ name: "a", content: "x" }]).slice(0, -10),
    "cut_off",
  ],
  [
    "an archive with something else in its directory",
    streamedZip([{ name: "a", content: "x" }]).map((byte, at, all) => (at === all.length - 22 ? 0 : byte)),
    "broken_document",
  ],
  [
    "10,001 files",
    streamedZip(Array.from({ length: 10_001 }, (_, at) => ({ name: `${at}`, content: "" }))),
    "too_large",
  ],
])("%s ends with a reason", async (_, bytes, code) => {
  await expect(contents(bytes, 64 * 1024)).rejects.toMatchObject({ code });
});

describe("a bomb", () => {
  const zeros = new Uint8Array(40 * 1024 * 1024);

  test("is refused before it is unpacked, and what follows is read", async () => {
    const bytes = streamedZip([
      { name: "bomb", content: zeros },
      { name: "good", content: "fine" },
    ]);
    const found: [string, number][] = [];
    for await (const { header, data } of zipEntries(inPieces(bytes, 10_000))) {
      let size = 0;
      try {
        for (let piece = await data.next(); piece; piece = await data.next()) size += piece.length;
      } catch (error) {
        expect(error).toMatchObject({ code: "document_too_complex" });
      }
      found.push([header.path, size]);
    }
    expect(found[0]?.[1]).toBeLessThan(10 * 1024 * 1024);
    expect(found[1]).toEqual(["good", 4]);
  });
});

test("an encrypted file and one of an unknown method are passed over", async () => {
  const bytes = streamedZip([
    { name: "locked", content: noise(500), encrypted: true },
    { name: "locked, sizes behind", content: noise(500), encrypted: true, sizes: "behind" },
    { name: "bzip2", content: noise(500), method: 12 },
    { name: "bzip2, sizes behind", content: noise(500), method: 12, sizes: "behind" },
    { name: "good", content: "fine" },
  ]);
  const names: string[] = [];
  for await (const { header } of zipEntries(inPieces(bytes, 100))) names.push(header.path);
  expect(names).toEqual(["locked", "locked, sizes behind", "bzip2", "bzip2, sizes behind", "good"]);
});
