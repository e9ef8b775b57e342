/** Zips: each file is a document. */
import { describe, expect, test } from "vitest";
import { streamedZip } from "../fixtures/streamed-zip.ts";
import { documentXml, docx, paragraph, zip } from "../fixtures/zip.ts";
import { call, expectStatus, register } from "../support/api.ts";
import { ended, sendLines, told } from "../support/batches.ts";

const ZIP = { "content-type": "application/zip" };
const random = (length: number) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
};
/** Much to store and little to read: a letter with a photograph. */
const letter = (text: string) =>
  zip([
    { name: "[Content_Types].xml", content: "<Types/>" },
    { name: "word/document.xml", content: documentXml(paragraph(text)) },
    { name: "word/media/photo.png", content: random(2_000_000), stored: true },
  ]);

test("files come in whatever form they are packed; folders and debris are left out, the rest says why not", async () => {
  const person = await register();
  const body = streamedZip([
    { name: "docs/", content: "", stored: true },
    { name: "docs/ferries.md", content: "Ferries leave at nine." },
    { name: "docs/streamed.txt", content: "Sizes come last.", sizes: "behind" },
    { name: "docs/letter.docx", content: docx(paragraph("A letter about trams.")), stored: true },
    { name: "__MACOSX/docs/._ferries.md", content: "junk" },
    { name: "docs/.DS_Store", content: "junk" },
    { name: "../../etc/passwd", content: "root" },
    { name: "C:\\windows\\x.txt", content: "root" },
    { name: "inner.zip", content: zip([{ name: "a.txt", content: "nested" }]) },
    { name: "locked.txt", content: "secret", encrypted: true },
    { name: "old.txt", content: "packed", method: 12 },
    { name: "empty.txt", content: "" },
    { name: "bad.txt", content: "damaged", crc: 1 },
    { name: "bomb.txt", content: new Uint8Array(30 * 1024 * 1024).fill(32) },
    { name: "last.txt", content: "The end.", sizes: "extra field" },
  ]);
  const answer = await sendLines(person, body, ZIP, "?external_id=path&access_level=external");
  expectStatus(answer, 202);
  expect(told(answer.body.results)).toEqual([
    [2, "created"],
    [3, "created"],
    [4, "created"],
    [7, "invalid_request"],
    [8, "invalid_request"],
    [9, "unsupported_type"],
    [10, "encrypted_document"],
    [11, "unsupported_type"],
    [12, "empty_document"],
    [13, "broken_document"],
    [14, "document_too_complex"],
    [15, "created"],
  ]);
  const done = await ended(person, answer.body.batch.id);
  expect(done.counts).toMatchObject({ ready: 4, refused: 8 });
  const { body: found } = await call("POST", "/api/v1/documents/lookup", {
    token: person.token,
    json: { external_ids: ["docs/ferries.md", "last.txt"] },
  });
  expect(found.data.map((row: any) => row.status)).toEqual(["ready", "ready"]);
});

test("a path that is too long to be an id, or a name, is refused with the reason", async () => {
  const person = await register();
  const deep = { name: `${"harbour/".repeat(25)}a.md`, content: "A file far down." };
  const long = { name: `${"x".repeat(501)}.md`, content: "A file with a long name." };
  const refusals = async (file: typeof deep, query = "") => {
    const { body } = await sendLines(person, streamedZip([file]), ZIP, query);
    return body.results.map(({ failure }: any) => failure && [failure.code, failure.detail]);
  };
  expect(await refusals(deep)).toEqual([null]);
  expect(await refusals(deep, "?external_id=path")).toEqual([
    ["invalid_request", "external_id: the path is longer than 200 characters."],
  ]);
  expect(await refusals(long)).toEqual([["invalid_request", expect.stringContaining("500")]]);
});

test("large files stream; sent again with its key, the archive goes on where it was", async () => {
  const person = await register();
  const key = { ...ZIP, "idempotency-key": crypto.randomUUID() };
  const parts = [
    { name: "small.txt", content: "A small one." },
    { name: "large.docx", content: letter("Trams are late.") },
    { name: "last.txt", content: "The last one." },
  ];
  const whole = streamedZip(parts);
  const broken = await sendLines(person, whole.slice(0, whole.length / 2), key);
  expectStatus(broken, 400);
  expect(broken.body).toMatchObject({ code: "cut_off" });
  const { batch_id: id } = broken.body;
  expect((await call("GET", `/api/v1/batches/${id}`, { token: person.token })).body.batch).toMatchObject({
    status: "open",
    kind: "zip",
  });
  const answer = await sendLines(person, whole, key);
  expect(answer.body.batch.id).toBe(id);
  expect(told(answer.body.results).map(([, outcome]) => outcome)).toEqual(["created", "created", "created"]);
  const other = streamedZip([parts[0]!, { name: "large.docx", content: letter("Trams are late.") }]);
  expectStatus(await sendLines(person, other, key), 409);
  expect((await ended(person, id)).counts).toMatchObject({ ready: 3, refused: 0 });
});

test("a zip in a form comes in as well", async () => {
  const person = await register();
  const form = new FormData();
  form.set("file", new Blob([streamedZip([{ name: "a.md", content: "In a form." }])]), "all.zip");
  const answer = await call("POST", "/api/v1/documents/bulk", { token: person.token, body: form });
  expectStatus(answer, 202);
  expect(told(answer.body.results)).toEqual([[1, "created"]]);
  expect((await ended(person, answer.body.batch.id)).status).toBe("completed");
});

describe("a manifest", () => {
  const manifest = (...lines: object[]) => ({
    name: "manifest.ndjson",
    content: lines.map((line) => JSON.stringify(line)).join("\n"),
  });

  test("that comes first labels the files", async () => {
    const person = await register();
    const body = streamedZip([
      manifest({ path: "a/b.md", name: "Prices.md", external_id: "p-1", metadata: { year: 2026 } }),
      { name: "a/b.md", content: "Prices rise." },
      { name: "c.md", content: "Prices fall." },
    ]);
    const answer = await sendLines(person, body, ZIP);
    expect(answer.body.results).toMatchObject([
      { line: 2, name: "Prices.md", external_id: "p-1", outcome: "created" },
      { line: 3, name: "c.md", external_id: null, outcome: "created" },
    ]);
  });

  const big = `${JSON.stringify({ path: "a.md", name: "x".repeat(400) })}\n`.repeat(10_000);

  test.each<[string, string, string, string]>([
    [
      "labels what there is none of",
      '{"path":"a.md","access_level":"secret"}',
      "invalid_request",
      "line 1: access_level",
    ],
    ["is not JSON", '{"path":"a.md"}\nand so on', "invalid_request", "line 2: "],
    [
      "has a line without end",
      `{"path":"${"a".repeat(70_000)}"}`,
      "invalid_request",
      "line 1: it is too long",
    ],
    ["is larger than we read", big, "too_large", "may have at most 4 MB"],
  ])("that %s lets nothing in", async (_, content, code, detail) => {
    const person = await register();
    const body = streamedZip([
      { name: "manifest.ndjson", content, stored: true },
      { name: "a.md", content: "x" },
    ]);
    const answer = await sendLines(person, body, ZIP);
    expect(answer.body).toMatchObject({ code, detail: expect.stringContaining("manifest.ndjson") });
    expect(answer.body.detail).toContain(detail);
    const documents = await call("GET", "/api/v1/documents", { token: person.token });
    expect(documents.body.data).toEqual([]);
  });
});
