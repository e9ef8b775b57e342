/** Documents that their uploader's own system knows by a name. */
import { expect, test } from "vitest";
import { call, expectStatus, finished, register } from "../support/api.ts";

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
