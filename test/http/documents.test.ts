import { describe, expect, test } from "vitest";
import { originalKey } from "../../src/infra/files/port.ts";
import { zip } from "../fixtures/zip.ts";
import {
  call,
  expectStatus,
  fetchWorker,
  finished,
  type Person,
  ready,
  register,
  runtime,
  uploadText,
} from "../support/api.ts";
import { colleague } from "../support/people.ts";

const form = (
  fields: Record<string, string>,
  file?: { name: string; content: string | Uint8Array<ArrayBuffer> },
) => {
  const data = new FormData();
  if (file) data.set("file", new File([file.content], file.name));
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
const post = (person: Person, body: FormData) =>
  call("POST", "/api/v1/documents", { token: person.token, body });
const stored = (person: Person, sha256: string) =>
  runtime().ports.files.open(originalKey(person.orgId, sha256));
const sha = async (text: string) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

describe("an uploaded document", () => {
  test("is accepted at once, read later, and then found by search", async () => {
    const person = await register();
    const answer = await call("POST", "/api/v1/documents", {
      token: person.token,
      json: {
        name: "keeper.md",
        content: "# Lighthouse\n\nThe lighthouse keeper is called Marisol Fenn.",
        metadata: { year: 2026 },
      },
    });
    expectStatus(answer, 202);
    expect(answer.headers.get("location")).toBe(`/api/v1/documents/${answer.body.document.id}`);
    expect(answer.body).toMatchObject({
      duplicate: false,
      document: {
        name: "keeper.md",
        status: "pending",
        access_level: "internal",
        content_type: "text/markdown",
        metadata: { year: 2026 },
      },
    });
    const document = await finished(person, answer.body.document.id);
    expect(document).toMatchObject({ status: "ready", failure: null, counts: { chunks: 1 } });
    expect(Object.keys(document.step_ms)).toEqual(expect.arrayContaining(["extract", "embed"]));
    const found = await call("POST", "/api/v1/search", {
      token: person.token,
      json: { query: "who keeps the lighthouse?" },
    });
    expectStatus(found, 200);
    expect(found.body.results[0]).toMatchObject({
      document_id: document.id,
      content: expect.stringContaining("Marisol Fenn"),
    });
  });

  test("comes as a form, its fields before or after the file", async () => {
    const person = await register();
    const data = form(
      { access_level: "external", metadata: '{"team":"ops"}' },
      { name: "C:\\docs\\harbour.txt", content: "The harbour closes at dusk." },
    );
    const answer = await post(person, data);
    expectStatus(answer, 202);
    expect(answer.body.document).toMatchObject({
      name: "harbour.txt",
      access_level: "external",
      metadata: { team: "ops" },
    });
    expect((await finished(person, answer.body.document.id)).status).toBe("ready");
  });

  test.each(["ملاحظات.md", "配送 2026.md", "Terms – 2026.md", "Größe.md", "😀.md"])(
    "comes as a browser's form under the name %s",
    async (name) => {
      const person = await register();
      const head = `content-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/markdown`;
      const answer = await call("POST", "/api/v1/documents", {
        token: person.token,
        headers: { "content-type": "multipart/form-data; boundary=b" },
        body: `--b\r\n${head}\r\n\r\n# Notes\n\nThe shed opens at nine.\r\n--b--\r\n`,
      });
      expectStatus(answer, 202);
      expect(answer.body.document.name).toBe(name);
    },
  );

  test("gives back its bytes, its text and its chunks", async () => {
    const person = await register();
    const content = "Nine bells.\r\nTen bells.";
    const id = await ready(person, "bells ünïcode.txt", content);
    const original = await call("GET", `/api/v1/documents/${id}/content`, { token: person.token });
    expectStatus(original, 200);
    expect(original.text).toBe(content);
    expect(original.headers.get("content-disposition")).toBe(
      "attachment; filename*=UTF-8''bells%20%C3%BCn%C3%AFcode.txt",
    );
    expect(original.headers.get("content-length")).toBe(String(content.length));
    const text = (await call("GET", `/api/v1/documents/${id}/content?format=text`, { token: person.token }))
      .text;
    const chunks = await call("GET", `/api/v1/documents/${id}/chunks`, { token: person.token });
    expect(chunks.body.data).toHaveLength(1);
    const [chunk] = chunks.body.data;
    expect(text.slice(chunk.start, chunk.end)).toBe(chunk.content);
  });

  test("is streamed through in parts when it is large, and arrives whole", async () => {
    const person = await register();
    const line = "The tide table of the northern harbour, line after line after line.\n";
    const content = line.repeat(Math.ceil((11 * 1024 * 1024) / line.length));
    const answer = await post(person, form({}, { name: "tides.txt", content }));
    expectStatus(answer, 202);
    expect(answer.body.document).toMatchObject({ bytes: content.length, sha256: await sha(content) });
    expect((await stored(person, answer.body.document.sha256))?.size).toBe(content.length);
    await call("DELETE", `/api/v1/documents/${answer.body.document.id}`, { token: person.token });
  });
});

describe("the same bytes", () => {
  test("are the same document, whatever they are called", async () => {
    const person = await register();
    const id = await ready(person, "a.txt", "The same words.");
    const again = await call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "b.txt", content: "The same words." },
    });
    expectStatus(again, 200);
    expect(again.body).toMatchObject({ duplicate: true, document: { id, name: "a.txt" } });
    const list = await call("GET", "/api/v1/documents", { token: person.token });
    expect(list.body.data).toHaveLength(1);
  });

  test("uploaded ten times at once are still one document", async () => {
    const person = await register();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        call("POST", "/api/v1/documents", {
          token: person.token,
          json: { name: `${n}.txt`, content: "Many hands." },
        }),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.document.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  });

  test("in another organization are another document", async () => {
    const [ours, theirs] = await Promise.all([register(), register()]);
    const a = await uploadText(ours, "a.txt", "Common knowledge.");
    const b = await uploadText(theirs, "a.txt", "Common knowledge.");
    expect(a).not.toBe(b);
  });

  test("uploaded by an external member do not reveal the internal document", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    await ready(admin, "secret.txt", "The safe is behind the painting.", { access_level: "internal" });
    const answer = await call("POST", "/api/v1/documents", {
      token: guest.token,
      json: { name: "mine.txt", content: "The safe is behind the painting." },
    });
    expectStatus(answer, 202);
    expect(answer.body).toMatchObject({
      duplicate: false,
      document: { access_level: "external", name: "mine.txt" },
    });
  });

  test("of a failed document start it again", async () => {
    const person = await register();
    const id = await uploadText(person, "blank.txt", " \n ");
    expect(await finished(person, id)).toMatchObject({
      status: "failed",
      failure: { code: "empty_document", retryable: false },
    });
    const again = await call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "blank.txt", content: " \n " },
    });
    expect(again.body).toMatchObject({ duplicate: true, document: { id, status: "pending", version: 2 } });
    expect((await finished(person, id)).status).toBe("failed");
  });
});

describe("an upload is refused and leaves nothing behind when", () => {
  const nothingStored = async (person: Person, content: string) => {
    expect(await stored(person, await sha(content))).toBeNull();
    expect((await call("GET", "/api/v1/documents", { token: person.token })).body.data).toEqual([]);
  };

  test("it is empty", async () => {
    const person = await register();
    for (const answer of [
      await call("POST", "/api/v1/documents", { token: person.token, json: { name: "a.txt", content: "" } }),
      await post(person, form({}, { name: "a.txt", content: "" })),
    ]) {
      expectStatus(answer, 422);
      expect(answer.body.code).toBe("empty_document");
    }
    await nothingStored(person, "");
  });

  test("it is an archive, and the answer says where those go", async () => {
    const archive = zip([{ name: "beach.jpg", content: "" }]);
    const answer = await post(
      await register(),
      form({}, { name: "all.zip", content: Uint8Array.from(archive) }),
    );
    expectStatus(answer, 415);
    expect(answer.body.detail).toContain("POST /api/v1/documents/bulk");
  });

  test("its type is not supported, and the answer lists what is", async () => {
    const person = await register();
    const png = "\x89PNG\r\n\x1a\n0000000000000000";
    const bytes = Uint8Array.from(png, (c) => c.charCodeAt(0));
    const answer = await post(person, form({}, { name: "picture.txt", content: bytes }));
    expectStatus(answer, 415);
    expect(answer.body.code).toBe("unsupported_type");
    expect(answer.body.supported.map(({ label }: { label: string }) => label)).toContain("PDF");
    expect((await call("GET", "/api/v1/documents", { token: person.token })).body.data).toEqual([]);
    const listing = await runtime().ports.files.open(originalKey(person.orgId, await digest(bytes)));
    expect(listing).toBeNull();
  });

  test("it is larger than a file may be", async () => {
    const person = await register();
    const content = "x".repeat(51 * 1024 * 1024);
    const answer = await post(person, form({}, { name: "huge.txt", content }));
    expectStatus(answer, 413);
    expect(answer.body.detail).toContain("50 MB");
    await nothingStored(person, content);
  });

  test.each([
    ["access_level", { access_level: "secret" }],
    ["metadata", { metadata: "{" }],
    ["metadata", { metadata: JSON.stringify({ nested: { no: 1 } }) }],
    ["metadata", { metadata: JSON.stringify({ long: "x".repeat(5000) }) }],
    ["name", { name: " " }],
  ])("the field %s is wrong", async (path, fields) => {
    const person = await register();
    const content = `A file with a wrong field ${JSON.stringify(fields)}`;
    const answer = await post(person, form(fields as Record<string, string>, { name: "a.txt", content }));
    expectStatus(answer, 400);
    expect(answer.body.errors[0].path).toContain(path);
    await nothingStored(person, content);
  });

  test("the form has no file, two files or no end", async () => {
    const person = await register();
    expectStatus(await post(person, form({ name: "x" })), 400);
    const two = form({}, { name: "a.txt", content: "first of two" });
    two.set("second", new File(["second of two"], "b.txt"));
    expectStatus(await post(person, two), 400);
    const cut = await fetchWorker("/api/v1/documents", {
      method: "POST",
      headers: { authorization: `Bearer ${person.token}`, "content-type": "multipart/form-data; boundary=b" },
      body: '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf a fi',
    });
    expect(cut.status).toBe(400);
    await nothingStored(person, "first of two");
    await nothingStored(person, "half a fi");
  });

  test("an external member asks for an internal document", async () => {
    const guest = await colleague(await register(), "member", "external");
    const answer = await call("POST", "/api/v1/documents", {
      token: guest.token,
      json: { name: "a.txt", content: "Mine.", access_level: "internal" },
    });
    expectStatus(answer, 403);
    await nothingStored(guest, "Mine.");
  });
});

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
    .map((b) => b.toString(16).padStart(2, "0"))
    .join("");
}

describe("listing", () => {
  test("goes newest first, page by page, without gaps or repeats", async () => {
    const person = await register();
    for (let n = 0; n < 5; n++) await uploadText(person, `${n}.txt`, `Document number ${n}.`);
    const names: string[] = [];
    let cursor = "";
    do {
      const answer = await call("GET", `/api/v1/documents?limit=2${cursor && `&cursor=${cursor}`}`, {
        token: person.token,
      });
      expectStatus(answer, 200);
      names.push(...answer.body.data.map(({ name }: { name: string }) => name));
      cursor = answer.body.next_cursor;
    } while (cursor);
    expect(names).toEqual(["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"]);
  });

  test("finds by a part of the name, and takes LIKE's signs as they are written", async () => {
    const person = await register();
    await ready(person, "Returns policy.txt", "Boots come back within thirty days.");
    await ready(person, "100% wool.txt", "Wash at thirty degrees.");
    const named = async (name: string) =>
      (
        await call("GET", `/api/v1/documents?name=${encodeURIComponent(name)}`, { token: person.token })
      ).body.data.map((document: { name: string }) => document.name);
    expect(await named("RETURNS")).toEqual(["Returns policy.txt"]);
    expect(await named("0%")).toEqual(["100% wool.txt"]);
    expect(await named("%")).toEqual(["100% wool.txt"]);
    expect(await named("_")).toEqual([]);
    expect(await named("\\")).toEqual([]);
  });

  test("filters by status and refuses a cursor it did not make", async () => {
    const person = await register();
    await ready(person, "a.txt", "Readable words.");
    const failed = await call("GET", "/api/v1/documents?status=failed", { token: person.token });
    expect(failed.body.data).toEqual([]);
    for (const query of ["cursor=xyz", "cursor=WzEsMl0", "limit=0", "status=lost"]) {
      expectStatus(await call("GET", `/api/v1/documents?${query}`, { token: person.token }), 400);
    }
  });
});

describe("deleting", () => {
  test("removes document, chunks and file, and search finds nothing at once", async () => {
    const person = await register();
    const id = await ready(person, "gone.txt", "The vanishing cabinet stands upstairs.");
    const answer = await call("DELETE", `/api/v1/documents/${id}`, { token: person.token });
    expectStatus(answer, 200);
    expect(answer.body.deleted).toEqual({
      id,
      name: "gone.txt",
      versions: 1,
      chunks: 1,
      drafts: 0,
      files: 1,
      bytes: 38,
      deleted_at: expect.stringMatching(/^20.*Z$/),
    });
    const found = await call("POST", "/api/v1/search", {
      token: person.token,
      json: { query: "vanishing cabinet" },
    });
    expect(found.body.results).toEqual([]);
    expectStatus(await call("GET", `/api/v1/documents/${id}`, { token: person.token }), 404);
    expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: person.token }), 404);
    expect(await stored(person, await sha("The vanishing cabinet stands upstairs."))).toBeNull();
  });

  test("keeps a file that another document still needs", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    const content = "Shared between two documents.";
    const first = await ready(admin, "one.txt", content, { access_level: "internal" });
    const second = await ready(guest, "two.txt", content);
    expect(second).not.toBe(first);
    const gone = await call("DELETE", `/api/v1/documents/${first}`, { token: admin.token });
    expect(gone.body.deleted.files).toBe(0);
    const left = await call("GET", `/api/v1/documents/${second}/content`, { token: guest.token });
    expect(left.text).toBe(content);
  });

  test("does not tell that a hidden document has the same bytes", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    const content = "Whoever guesses this text word for word learns nothing.";
    const hidden = await ready(admin, "hidden.txt", content, { access_level: "internal" });
    const own = await ready(guest, "own.txt", content);
    const gone = await call("DELETE", `/api/v1/documents/${own}`, { token: guest.token });
    expect(gone.body.deleted.files).toBe(1);
    const kept = await call("GET", `/api/v1/documents/${hidden}/content`, { token: admin.token });
    expect(kept.text).toBe(content);
  });

  test("is for the owner and admins", async () => {
    const admin = await register();
    const [ann, bob] = await Promise.all([colleague(admin, "member"), colleague(admin, "member")]);
    const id = await ready(ann, "anns.txt", "Ann wrote this.");
    const refused = await call("DELETE", `/api/v1/documents/${id}`, { token: bob.token });
    expectStatus(refused, 403);
    expectStatus(await call("POST", `/api/v1/documents/${id}/reindex`, { token: bob.token }), 403);
    const still = await call("POST", "/api/v1/search", { token: ann.token, json: { query: "Ann wrote" } });
    expect(still.body.results).toHaveLength(1);
    expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: admin.token }), 200);
  });
});

test("reading a document again keeps the old version answering and makes each chunk once", async () => {
  const person = await register();
  const id = await ready(person, "again.txt", "The clockmaker's daughter is called Ilse.");
  const answer = await call("POST", `/api/v1/documents/${id}/reindex`, { token: person.token });
  expectStatus(answer, 202);
  expect(answer.body.document).toMatchObject({ status: "pending", version: 2 });
  const meanwhile = await call("POST", "/api/v1/search", {
    token: person.token,
    json: { query: "clockmaker" },
  });
  expect(meanwhile.body.results).toHaveLength(1);
  expect(await finished(person, id)).toMatchObject({ status: "ready", version: 2, counts: { chunks: 1 } });
  const after = await call("POST", "/api/v1/search", { token: person.token, json: { query: "clockmaker" } });
  expect(after.body.results).toHaveLength(1);
});
