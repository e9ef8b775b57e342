/** What an uploader may find out before uploading. */
import { beforeAll, describe, expect, test } from "vitest";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { apiKey, bearer } from "../support/credentials.ts";
import { colleague } from "../support/people.ts";

let person: Person;
beforeAll(async () => {
  person = await register();
});

const GUIDE = `# Guide\n\n${"The pier is closed on Mondays. ".repeat(30)}\n\n# Fares\n\n${"Children and dogs travel free. ".repeat(30)}A crossing costs four crowns.`;

function inspect(token: string, name: string, content: string) {
  const body = new FormData();
  body.set("file", new Blob([content]), name);
  return call("POST", "/api/v1/documents/inspect", { token, body });
}

describe("a dry run", () => {
  test("says what a file would become and keeps nothing of it", async () => {
    const answer = await inspect(person.token, "guide.md", GUIDE);
    expectStatus(answer, 200);
    expect(answer.body.inspection).toMatchObject({
      name: "guide.md",
      format: "markdown",
      title: "Guide",
      chunks: 2,
      duplicate_of: null,
      embedding: { chunks: 2 },
    });
    const list = await call("GET", "/api/v1/documents", { token: person.token });
    expect(list.body.data).toEqual([]);
  });

  test("knows what is there already, and which passages are embedded already", async () => {
    const id = await ready(person, "guide.md", GUIDE);
    const same = await inspect(person.token, "copy.md", GUIDE);
    expect(same.body.inspection).toMatchObject({
      duplicate_of: { id, status: "ready" },
      embedding: { chunks: 0, tokens: 0 },
    });
    const changed = await inspect(person.token, "guide.md", GUIDE.replace("four", "five"));
    expect(changed.body.inspection).toMatchObject({ duplicate_of: null, embedding: { chunks: 1 } });
    const stranger = await register();
    const theirs = await inspect(stranger.token, "guide.md", GUIDE);
    expect(theirs.body.inspection).toMatchObject({ duplicate_of: null, embedding: { chunks: 2 } });
  });

  test("fails as the upload would", async () => {
    expect((await inspect(person.token, "a.png", "\u0089PNG\r\n\u001a\n\0\0\0")).body.code).toBe(
      "unsupported_type",
    );
    expect((await inspect(person.token, "a.txt", "")).body.code).toBe("empty_document");
    expect((await inspect(person.token, "a.txt", " \n … \n")).body.code).toBe("empty_document");
    const noFile = await call("POST", "/api/v1/documents/inspect", { token: person.token, json: {} });
    expectStatus(noFile, 400);
    const two = new FormData();
    for (const name of ["a.txt", "b.txt"]) two.append("file", new Blob(["The pier is closed."]), name);
    const answer = await call("POST", "/api/v1/documents/inspect", { token: person.token, body: two });
    expectStatus(answer, 400);
    expect(answer.body.detail).toBe("Send one file a request.");
  });
});

describe("looking up external ids", () => {
  test("tells which are there, of one's own organization and as far as one may see", async () => {
    const put = (external_id: string, access_level: string) =>
      call("POST", "/api/v1/documents", {
        token: person.token,
        json: { name: `${external_id}.md`, content: external_id, external_id, access_level },
      });
    const open = await put("open", "external");
    await put("closed", "internal");
    const { key } = await apiKey(person, ["documents:read"], { access: "external" });
    const ask = (headers: Record<string, string>) =>
      call("POST", "/api/v1/documents/lookup", {
        headers,
        json: { external_ids: ["open", "closed", "none"] },
      });
    const admin = await ask(bearer(person.token));
    expect(admin.body.data.map((row: { external_id: string }) => row.external_id).sort()).toEqual([
      "closed",
      "open",
    ]);
    const outside = await ask(bearer(key));
    expectStatus(outside, 200);
    expect(outside.body.data).toEqual([
      expect.objectContaining({ external_id: "open", id: open.body.document.id, version: 1, failure: null }),
    ]);
    expect((await ask(bearer((await register()).token))).body.data).toEqual([]);
    const many = Array.from({ length: 1_001 }, (_, at) => `id-${at}`);
    const tooMany = await call("POST", "/api/v1/documents/lookup", {
      token: person.token,
      json: { external_ids: many },
    });
    expectStatus(tooMany, 400);
  });

  test("is not for viewers", async () => {
    const viewer = await colleague(person, "viewer");
    const answer = await call("POST", "/api/v1/documents/lookup", {
      token: viewer.token,
      json: { external_ids: ["open"] },
    });
    expectStatus(answer, 403);
  });
});
