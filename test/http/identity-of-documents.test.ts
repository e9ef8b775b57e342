/** Documents that their uploader's own system knows by a name. */
import { describe, expect, test } from "vitest";
import { call, expectStatus, finished, type Person, ready, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { colleague } from "../support/people.ts";

test("the same external id with other bytes is a new version of the same document", async () => {
  const person = await register();
  const put = (content: string, more: object = {}) =>
    call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "page.md", content, external_id: "cms-7", ...more },
    });
  const first = await put("Fares rise in May.");
  expectStatus(first, 202);
  expect(first.body).toMatchObject({ outcome: "created", duplicate: false });
  const { id } = first.body.document;
  expect(await finished(person, id)).toMatchObject({ status: "ready", version: 1, published_version: 1 });

  const again = await put("Fares rise in May.", { metadata: { team: "rail" } });
  expectStatus(again, 200);
  expect(again.body).toMatchObject({ outcome: "unchanged", document: { id, metadata: { team: "rail" } } });

  const second = await put("Fares rise in June.");
  expectStatus(second, 202);
  expect(second.body).toMatchObject({ outcome: "replaced", document: { id, version: 2 } });
  expect(await finished(person, id)).toMatchObject({ status: "ready", published_version: 2 });
  const chunks = await call("GET", `/api/v1/documents/${id}/chunks`, { token: person.token });
  expect(chunks.body.data.map((chunk: { content: string }) => chunk.content)).toEqual([
    "Fares rise in June.",
  ]);
});

test("two external ids are two documents, even with equal bytes", async () => {
  const person = await register();
  const put = (external_id: string) =>
    call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "a.md", content: "The same.", external_id },
    });
  const [one, two] = [await put("one"), await put("two")];
  expectStatus(two, 202);
  expect(one.body.document.id).not.toBe(two.body.document.id);
});

test("what two documents say in the same words is found once, and the reader's own is the one", async () => {
  const admin = await register();
  const guest = await colleague(admin, "member", "external");
  const text = "The lighthouse keeper is called Marisol Fenn.";
  await ready(admin, "inside.txt", text, { external_id: "inside", access_level: "internal" });
  const open = await ready(admin, "outside.txt", text, { external_id: "outside", access_level: "external" });
  await ready(admin, "other.txt", "The lighthouse stands on a rock.");
  const search = async (as: Person) =>
    (await call("POST", "/api/v1/search", { token: as.token, json: { query: "lighthouse keeper" } })).body
      .results;
  expect((await search(admin)).map(({ content }: { content: string }) => content)).toEqual([
    text,
    "The lighthouse stands on a rock.",
  ]);
  expect(await search(guest)).toMatchObject([{ document_id: open, content: text }]);
});

describe("an external id", () => {
  const put = (as: { token: string }, content: string, more: object = {}) =>
    call("POST", "/api/v1/documents", {
      token: as.token,
      json: { name: "page.md", content, external_id: "cms-7", ...more },
    });

  test("that a document has which the caller may not see is taken, and no more is said", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    const first = await put(admin, "The safe is behind the painting.", { access_level: "internal" });
    for (const content of ["The safe is behind the painting.", "Something else."]) {
      const answer = await put(guest, content);
      expectStatus(answer, 409);
      expect(answer.body.code).toBe("external_id_taken");
      expect(answer.text).not.toContain(first.body.document.id);
    }
    expect(await finished(admin, first.body.document.id)).toMatchObject({ version: 1, status: "ready" });
  });

  test("of a colleague's document changes nothing of it: neither bytes, nor labels, nor readers", async () => {
    const admin = await register();
    const [ann, bob] = [await colleague(admin, "member"), await colleague(admin, "member")];
    const first = await put(ann, "Ann wrote this.", { metadata: { by: "ann" } });
    const { id } = first.body.document;
    await finished(admin, id);
    expectStatus(await put(bob, "Bob wrote this."), 403);
    expectStatus(await put(bob, "Ann wrote this.", { metadata: { by: "bob" } }), 403);
    expectStatus(await put(bob, "Bob wrote this.", { access_level: "external" }), 403);
    const { key } = await apiKey(admin, ["documents:write"]);
    expectStatus(await put({ token: key }, "Software wrote this."), 403);
    const { body } = await call("GET", `/api/v1/documents/${id}`, { token: admin.token });
    expect(body.document).toMatchObject({ version: 1, metadata: { by: "ann" }, access_level: "internal" });
  });

  test("in another organization is another document's", async () => {
    const [one, other] = [await put(await register(), "Ours."), await put(await register(), "Theirs.")];
    expectStatus(other, 202);
    expect(other.body.document.id).not.toBe(one.body.document.id);
  });

  test("used ten times at once with the same bytes makes one document", async () => {
    const person = await register();
    const answers = await Promise.all(Array.from({ length: 10 }, () => put(person, "Many hands.")));
    expect(new Set(answers.map(({ body }) => body.document.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.outcome === "created")).toHaveLength(1);
    expect(answers.filter(({ body }) => body.outcome === "unchanged")).toHaveLength(9);
  });

  test("brings name and labels along, and what is not said stays", async () => {
    const person = await register();
    const { id } = (await put(person, "Fares rise.", { metadata: { a: 1, b: 2 } })).body.document;
    await finished(person, id);
    const same = await put(person, "Fares rise.", { metadata: { b: 2, a: 1 } });
    expect(same.body).toMatchObject({ outcome: "unchanged", document: { version: 1 } });
    const named = await put(person, "Fares rise.", { name: "fares.md" });
    expect(named.body).toMatchObject({
      outcome: "unchanged",
      document: { id, name: "fares.md", metadata: { a: 1, b: 2 } },
    });
    const opened = await put(person, "Fares fall.", { access_level: "external" });
    expect(opened.body).toMatchObject({
      outcome: "replaced",
      document: { access_level: "external", name: "page.md", metadata: { a: 1, b: 2 } },
    });
  });

  test.each(["", " ", "x".repeat(201), "a\u0000b", "line\nbreak"])(
    "is refused as %j",
    async (external_id) => {
      expectStatus(await put(await register(), "Fares rise.", { external_id }), 400);
    },
  );
});

describe("when bytes and readers change together", () => {
  const put = (as: Person, content: string, more: object) =>
    call("POST", "/api/v1/documents", {
      token: as.token,
      json: { name: "tariff.md", content, external_id: "tariff", ...more },
    });
  const find = async (as: Person): Promise<string[]> =>
    (
      await call("POST", "/api/v1/search", { token: as.token, json: { query: "what is the tariff" } })
    ).body.results.map(({ content }: { content: string }) => content);

  test("new readers never meet the old text", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    const { id } = (await put(admin, "The secret tariff is 5.", { access_level: "internal" })).body.document;
    await finished(admin, id);
    await put(admin, "The public tariff is 9.", { access_level: "external" });
    // Whether the queue has been there or not.
    expect((await find(guest)).join()).not.toContain("secret");
    await finished(admin, id);
    expect(await find(guest)).toEqual(["The public tariff is 9."]);
  });

  test("old readers never meet the new text, and a refused change of readers replaces nothing", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    const { id } = (await put(guest, "The public tariff is 9.", {})).body.document;
    await finished(admin, id);
    const refused = await put(guest, "The secret tariff is 5.", { groups: [crypto.randomUUID()] });
    expect([400, 403]).toContain(refused.status);
    expect(
      (await call("GET", `/api/v1/documents/${id}`, { token: admin.token })).body.document,
    ).toMatchObject({
      version: 1,
      groups: null,
    });
    await put(admin, "The secret tariff is 5.", { access_level: "internal" });
    await finished(admin, id);
    expect(await find(guest)).toEqual([]);
    expect(await find(admin)).toEqual(["The secret tariff is 5."]);
  });
});
