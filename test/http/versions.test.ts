/** A document over time, as its owner and its readers see it. The test delivers the messages itself. */
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ports } from "../../src/context.ts";
import { AppError } from "../../src/errors.ts";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import { expectStatus, type Person, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { colleague, ctxFor } from "../support/people.ts";
import { gate, type Rig, rig } from "../support/rigged.ts";

let person: Person;
let worker: Rig;
beforeEach(async () => {
  person = await register();
  worker = rig();
});

const ask = (method: string, path: string, json?: unknown, as: { token: string } = person) =>
  worker.call(method, `/api/v1/documents${path}`, { token: as.token, ...(json ? { json } : {}) });
const upload = async (content: string, labels: object = {}, as: { token: string } = person) => {
  const answer = await ask("POST", "", { name: "fares.md", content, ...labels }, as);
  expectStatus(answer, 202);
  return answer.body.document.id as string;
};
const ready = async (content: string, labels: object = {}, as: { token: string } = person) => {
  const id = await upload(content, labels, as);
  await worker.drain();
  return id;
};
const document = async (id: string) => (await ask("GET", `/${id}`)).body.document;
const found = async (query: string, as: { token: string } = person): Promise<string[]> => {
  const answer = await worker.call("POST", "/api/v1/search", { token: as.token, json: { query } });
  expectStatus(answer, 200);
  return answer.body.results.map(({ content }: { content: string }) => content);
};
const versionsOf = async (id: string, query = "") => {
  const answer = await ask("GET", `/${id}/versions${query}`);
  expectStatus(answer, 200);
  return answer.body;
};
const rows = async (table: string): Promise<number> => {
  const [{ rows: found }] = await tenantBatch(ctxFor(person), (db) => [
    db.execute<{ n: number }>(sql.raw(`select count(*)::int as n from kalamna.${table}`)),
  ]);
  return found[0]!.n;
};
const embedding = (embed: Ports["embedders"]["default"]["embed"]): Partial<Ports> => ({
  embedders: offer({ ...worker.runtime.ports.embedders.default, embed }),
});
const down = embedding.bind(null, () => Promise.reject(new AppError("embedder_unavailable")));

describe("replacing a document's bytes", () => {
  test("makes the next version of the same document, from JSON or a form", async () => {
    const id = await ready("Fares rise in May.");
    const json = await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    expectStatus(json, 202);
    expect(json.headers.get("location")).toBe(`/api/v1/documents/${id}`);
    expect(json.body).toMatchObject({
      outcome: "replaced",
      duplicate: false,
      document: { id, name: "fares.md", version: 2, published_version: 1, status: "pending" },
    });
    await worker.drain();
    const body = new FormData();
    body.set("file", new File(["Fares rise in July."], "fares-july.txt"));
    const form = await worker.call("PUT", `/api/v1/documents/${id}/content`, { token: person.token, body });
    expectStatus(form, 202);
    expect(form.body.document).toMatchObject({ id, name: "fares-july.txt", content_type: "text/plain" });
    await worker.drain();
    expect(await document(id)).toMatchObject({ status: "ready", version: 3, published_version: 3 });
    expect(await found("when do fares rise")).toEqual(["Fares rise in July."]);
    expect((await ask("GET", "")).body.data).toHaveLength(1);
  });

  test("by the same bytes changes nothing, unless reading them had failed", async () => {
    const id = await ready("Fares rise in May.");
    const same = await ask("PUT", `/${id}/content`, { content: "Fares rise in May." });
    expectStatus(same, 200);
    expect(same.body).toMatchObject({ outcome: "unchanged", duplicate: true, document: { version: 1 } });
    expect(worker.sent).toEqual([]);
    await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    await ask("POST", `/${id}/cancel`);
    worker.sent.length = 0;
    const again = await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    expectStatus(again, 200);
    expect(again.body).toMatchObject({ outcome: "requeued", document: { status: "pending", version: 3 } });
    await worker.drain();
    expect(await found("fares")).toEqual(["Fares rise in June."]);
  });

  test("is refused where it cannot be, and leaves everything as it was", async () => {
    const [ann, bob] = [await colleague(person, "member"), await colleague(person, "member")];
    const id = await ready("Fares rise in May.", {}, ann);
    await ready("Somebody else's words.");
    const put = (json: unknown, as: { token: string } = ann) => ask("PUT", `/${id}/content`, json, as);
    expectStatus(await put({ content: "Bob was here." }, bob), 403);
    expectStatus(await put({ content: "A viewer was here." }, await colleague(person, "viewer")), 403);
    const stranger = await put({ content: "A stranger was here." }, await register());
    expectStatus(stranger, 404);
    expectStatus(await put({ content: "" }), 422);
    expectStatus(await put({ name: "x" }), 400);
    expectStatus(await put({ content: "%PDF", name: " " }), 400);
    const taken = await put({ content: "Somebody else's words." });
    expectStatus(taken, 409);
    expect(taken.body.code).toBe("duplicate_document");
    const reader = await apiKey(person, ["documents:read"]);
    expectStatus(await put({ content: "A reader was here." }, { token: reader.key }), 403);
    expect(await document(id)).toMatchObject({ version: 1, status: "ready", name: "fares.md" });
    expect(worker.sent).toEqual([]);
  });

  test("is in the audit log", async () => {
    const id = await ready("Fares rise in May.");
    await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    const log = await worker.call("GET", "/api/v1/audit?action=document.replaced", { token: person.token });
    expect(log.body.data).toHaveLength(1);
    expect(log.body.data[0].detail).toMatchObject({ name: "fares.md", bytes: 19 });
  });
});

describe("the old version answers", () => {
  const old = ["Fares rise in May."];

  test("before, while the new one is read and embedded, and until the very batch that publishes it", async () => {
    const id = await ready(old[0]!);
    await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    expect(await found("fares")).toEqual(old);
    const [reached, released] = [gate(), gate()];
    const delivery = worker.deliver(worker.sent.shift(), {
      with: embedding(async (texts, signal) => {
        reached.resolve();
        await released.promise;
        return worker.runtime.ports.embedders.default.embed(texts, signal);
      }),
    });
    await reached.promise;
    expect(await document(id)).toMatchObject({ status: "embedding", version: 2, published_version: 1 });
    expect(await found("fares")).toEqual(old);
    const answer = await worker.call("POST", "/api/v1/query/sync", {
      token: person.token,
      json: { query: "When do fares rise?" },
    });
    expect(answer.text).toContain("May");
    expect((await ask("GET", `/${id}/content`)).text).toBe(old[0]);
    expect((await ask("GET", `/${id}/content?format=text`)).text).toBe(old[0]);
    expect((await ask("GET", `/${id}/content?version=2`)).text).toBe("Fares rise in June.");
    expectStatus(await ask("GET", `/${id}/content?version=2&format=text`), 409);
    released.resolve();
    await delivery;
    expect(await found("fares")).toEqual(["Fares rise in June."]);
    expect((await ask("GET", `/${id}/content?format=text`)).text).toBe("Fares rise in June.");
    expect((await ask("GET", `/${id}/content?version=1&format=text`)).text).toBe(old[0]);
  });

  test("after the new one has failed, for good", async () => {
    const id = await ready(old[0]!);
    await ask("PUT", `/${id}/content`, { content: " \n " });
    await worker.drain();
    expect(await document(id)).toMatchObject({
      status: "failed",
      failure: { code: "empty_document" },
      version: 2,
      published_version: 1,
    });
    expect(await found("fares")).toEqual(old);
    expect((await ask("GET", `/${id}/content`)).text).toBe(old[0]);
    expect((await ask("GET", `/${id}/content?format=text`)).text).toBe(old[0]);
    expect((await versionsOf(id)).data).toMatchObject([
      {
        version: 2,
        status: "failed",
        failure: { code: "empty_document" },
        current: false,
        published_at: null,
      },
      { version: 1, status: "published", failure: null, current: true },
    ]);
  });

  test("while a replacement is itself replaced; the late messages of the one between do nothing", async () => {
    const id = await ready(old[0]!);
    await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    const second = worker.sent.shift();
    const [reached, released] = [gate(), gate()];
    const delivery = worker.deliver(second, {
      with: embedding(async (texts, signal) => {
        reached.resolve();
        await released.promise;
        return worker.runtime.ports.embedders.default.embed(texts, signal);
      }),
    });
    await reached.promise;
    expectStatus(await ask("PUT", `/${id}/content`, { content: "Fares rise in July." }), 202);
    expect(await rows("chunk_drafts")).toBe(0);
    const third = worker.sent.shift();
    released.resolve();
    await delivery;
    expect(await document(id)).toMatchObject({ status: "pending", version: 3, published_version: 1 });
    expect(await found("fares")).toEqual(old);
    await worker.deliver(third);
    await worker.deliver(second);
    await worker.deliver({ ...second!, kind: "document.embed", from: 0, to: 5 });
    expect(await found("fares")).toEqual(["Fares rise in July."]);
    expect(await document(id)).toMatchObject({ status: "ready", version: 3, published_version: 3 });
    expect((await versionsOf(id)).data.map(({ status }: { status: string }) => status)).toEqual([
      "published",
      "superseded",
      "superseded",
    ]);
    expect(await rows("chunk_drafts")).toBe(0);
  });
});

describe("the list of versions", () => {
  test("is newest first, page by page, with what each was", async () => {
    const id = await ready("Version one.");
    for (const word of ["two", "three", "four"]) {
      await ask("PUT", `/${id}/content`, { content: `Version ${word}.` });
      await worker.drain();
    }
    const first = await versionsOf(id, "?limit=3");
    expect(first.data.map(({ version }: { version: number }) => version)).toEqual([4, 3, 2]);
    expect(first.data[0]).toMatchObject({
      name: "fares.md",
      bytes: 13,
      content_type: "text/markdown",
      status: "published",
      current: true,
      counts: { chunks: 1, characters: 13 },
      delta: { reused: 0, embedded: 1 },
    });
    const rest = await versionsOf(id, `?limit=3&cursor=${first.next_cursor}`);
    expect(rest.data).toMatchObject([{ version: 1, status: "superseded", current: false }]);
    expect(rest.next_cursor).toBeNull();
    for (const query of ["?cursor=x", "?cursor=0", "?limit=0", "?cursor=9999999999"])
      expectStatus(await ask("GET", `/${id}/versions${query}`), 400);
  });

  test("remembers the ten newest that no longer answer", async () => {
    const id = await ready("Version 1.");
    for (let n = 2; n <= 14; n++) {
      await ask("PUT", `/${id}/content`, { content: n === 13 ? " " : `Version ${n}.` });
      await worker.drain();
    }
    const { data } = await versionsOf(id);
    expect(data.map(({ version }: { version: number }) => version)).toEqual([
      14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4,
    ]);
    expect(data[0]).toMatchObject({ current: true });
    expectStatus(await ask("GET", `/${id}/content?version=3`), 404);
    expectStatus(await ask("GET", `/${id}/content?version=4`), 200);
  });

  test("never forgets the version that answers, however many fail after it", async () => {
    const id = await ready("The version that answers.");
    for (let n = 1; n <= 13; n++) {
      await ask("PUT", `/${id}/content`, { content: " ".repeat(n) });
      await worker.drain();
    }
    const { data } = await versionsOf(id);
    expect(data).toHaveLength(12);
    expect(data.at(-1)).toMatchObject({ version: 1, current: true });
    expect((await ask("GET", `/${id}/content`)).text).toBe("The version that answers.");
  });

  test("shows other readers the version that answers only: the others were not written for them", async () => {
    const guest = await colleague(person, "member", "external");
    const id = await ready("The secret tariff.", { external_id: "t", access_level: "internal" });
    await ask("POST", "", {
      name: "fares.md",
      content: "The public tariff.",
      external_id: "t",
      access_level: "external",
    });
    await worker.drain();
    const seen = await ask("GET", `/${id}/versions`, undefined, guest);
    expectStatus(seen, 200);
    expect(seen.body.data).toMatchObject([{ version: 2, current: true }]);
    expectStatus(await ask("GET", `/${id}/content?version=1`, undefined, guest), 404);
    expectStatus(await ask("GET", `/${id}/content?version=1&format=text`, undefined, guest), 404);
    expect((await ask("GET", `/${id}/content`, undefined, guest)).text).toBe("The public tariff.");
    expect((await ask("GET", `/${id}/content?version=1`)).text).toBe("The secret tariff.");
  });

  test("is nothing to strangers, nor to those who may not see the document", async () => {
    const id = await ready("The secret tariff.", { access_level: "internal" });
    for (const who of [await register(), await colleague(person, "member", "external")]) {
      for (const [method, path, json] of [
        ["GET", "/versions"],
        ["GET", "/content?version=1"],
        ["POST", "/rollback", { version: 1 }],
        ["POST", "/cancel"],
        ["PUT", "/content", { content: "Mine now." }],
      ] as const) {
        const answer = await ask(method, `/${id}${path}`, json, who);
        expectStatus(answer, 404);
        expect(answer.text).not.toMatch(/tariff|fares/);
      }
    }
  });
});

describe("rolling back", () => {
  test("reads the old bytes again as a new version, from known embeddings, while the newer one answers", async () => {
    const id = await ready("Fares rise in May.");
    await ask("PUT", `/${id}/content`, { content: "Fares fall in June.", name: "new.md" });
    await worker.drain();
    worker.embedded.length = 0;
    const answer = await ask("POST", `/${id}/rollback`, { version: 1 });
    expectStatus(answer, 202);
    expect(answer.body.document).toMatchObject({ version: 3, published_version: 2, name: "fares.md" });
    expect(await found("fares")).toEqual(["Fares fall in June."]);
    await worker.drain();
    expect(await found("fares")).toEqual(["Fares rise in May."]);
    expect((await ask("GET", `/${id}/content`)).text).toBe("Fares rise in May.");
    expect((await versionsOf(id)).data).toMatchObject([
      { version: 3, current: true },
      { version: 2, status: "superseded" },
      { version: 1, status: "superseded" },
    ]);
    const log = await worker.call("GET", "/api/v1/audit?action=document.rolled_back", {
      token: person.token,
    });
    expect(log.body.data).toMatchObject([{ target: { id }, detail: { to: 1 } }]);
  });

  test("out of a failed version brings the document back", async () => {
    const id = await ready("Fares rise in May.");
    await ask("PUT", `/${id}/content`, { content: " " });
    await worker.drain();
    expectStatus(await ask("POST", `/${id}/rollback`, { version: 1 }), 202);
    await worker.drain();
    expect(await document(id)).toMatchObject({ status: "ready", published_version: 3, failure: null });
  });

  test("needs a version that is kept, a document at rest, and its owner", async () => {
    const [ann, bob] = [await colleague(person, "member"), await colleague(person, "member")];
    const id = await ready("Fares rise in May.", {}, ann);
    for (const version of [2, 2_147_483_647])
      expectStatus(await ask("POST", `/${id}/rollback`, { version }, ann), 404);
    for (const version of [0, -1, 1.5, "1", null, 3_000_000_000])
      expectStatus(await ask("POST", `/${id}/rollback`, { version }, ann), 400);
    expectStatus(await ask("POST", `/${id}/rollback`, { version: 1 }, bob), 403);
    expectStatus(await ask("POST", `/${id}/rollback`, { version: 1 }, ann), 202);
    const busy = await ask("POST", `/${id}/rollback`, { version: 1 }, ann);
    expectStatus(busy, 409);
    expect(busy.body.code).toBe("not_ready");
  });

  test("to bytes that another document has taken meanwhile is said, and changes nothing", async () => {
    const id = await ready("Fares rise in May.");
    await ask("PUT", `/${id}/content`, { content: "Fares rise in June." });
    await worker.drain();
    await ready("Fares rise in May.");
    const answer = await ask("POST", `/${id}/rollback`, { version: 1 });
    expectStatus(answer, 409);
    expect(answer.body.code).toBe("duplicate_document");
    expect(await document(id)).toMatchObject({ version: 2, status: "ready" });
  });
});

describe("cancelling", () => {
  test("ends the reading with a reason; it can be started again", async () => {
    const id = await upload("Fares rise in May.");
    const answer = await ask("POST", `/${id}/cancel`);
    expectStatus(answer, 200);
    expect(answer.body.document).toMatchObject({
      status: "failed",
      failure: { code: "cancelled", retryable: true },
      published_version: null,
    });
    await worker.drain();
    expect(await document(id)).toMatchObject({ status: "failed", failure: { code: "cancelled" } });
    expect(await found("fares")).toEqual([]);
    expectStatus(await ask("POST", `/${id}/reindex`), 202);
    await worker.drain();
    expect(await document(id)).toMatchObject({ status: "ready" });
  });

  test("while it is being embedded leaves no draft, embeds no more, and the old version goes on answering", async () => {
    const id = await ready("Fares rise in May.");
    const book = Array.from({ length: 250 }, (_, n) => `# Part ${n}\n\n${`Fares rise ${n}. `.repeat(70)}`);
    await ask("PUT", `/${id}/content`, { content: book.join("\n\n") });
    let calls = 0;
    await worker.deliver(worker.sent.shift(), {
      with: embedding(async (texts, signal) => {
        calls += 1;
        expectStatus(await ask("POST", `/${id}/cancel`), 200);
        return worker.runtime.ports.embedders.default.embed(texts, signal);
      }),
    });
    expect(calls).toBe(1);
    expect(await rows("chunk_drafts")).toBe(0);
    expect(await document(id)).toMatchObject({
      status: "failed",
      failure: { code: "cancelled" },
      published_version: 1,
    });
    expect(await found("fares")).toEqual(["Fares rise in May."]);
    expect((await ask("GET", `/${id}/content`)).text).toBe("Fares rise in May.");
  });

  test("needs something to stop, and its owner", async () => {
    const [ann, bob] = [await colleague(person, "member"), await colleague(person, "member")];
    const id = await upload("Fares rise in May.", {}, ann);
    expectStatus(await ask("POST", `/${id}/cancel`, undefined, bob), 403);
    expect(await document(id)).toMatchObject({ status: "pending" });
    expectStatus(await ask("POST", `/${id}/cancel`, undefined, ann), 200);
    const twice = await ask("POST", `/${id}/cancel`, undefined, ann);
    expectStatus(twice, 409);
    expect(twice.body.code).toBe("not_in_progress");
    const log = await worker.call("GET", "/api/v1/audit?action=document.cancelled", { token: person.token });
    expect(log.body.data).toHaveLength(1);
  });
});

describe("requeueing what has failed", () => {
  test("sends back the caller's failed documents, for one reason or all, in the bulk lane", async () => {
    const member = await colleague(person, "member");
    const blank = await ready(" \n ");
    const first = await upload("Fares rise in May.");
    const second = await upload("Fares rise in June.", {}, member);
    for (const job of worker.sent.splice(0)) {
      await worker.deliver(job, { with: down() });
      await worker.deliver(job, { queue: "kalamna-dead-letters" });
    }
    const fine = await ready("Fares never rise.");
    const requeue = (json: object, as: { token: string } = person) => {
      // Turns start at once, and not at the end of the second in which others have.
      worker.runtime.ports.pace.started.clear();
      return ask("POST", "/requeue", json, as);
    };

    const mine = await requeue({}, member);
    expectStatus(mine, 202);
    expect(mine.body).toEqual({ requeued: 1, remaining: 0 });
    expect(new Set(worker.sent.map(({ kind }) => kind))).toEqual(new Set(["bulk.turn"]));
    await worker.drain();
    expect(await document(second)).toMatchObject({ status: "ready", version: 2, lane: "ingest-bulk" });

    expect((await requeue({ code: "encrypted_document" })).body).toEqual({ requeued: 0, remaining: 0 });
    expect((await requeue({ code: "embedder_unavailable" })).body).toEqual({ requeued: 1, remaining: 0 });
    await worker.drain();
    expect(await document(first)).toMatchObject({ status: "ready", version: 2 });
    expect(await document(blank)).toMatchObject({ status: "failed", version: 1 });
    expect((await requeue({})).body).toEqual({ requeued: 1, remaining: 0 });
    expect(await document(blank)).toMatchObject({ status: "pending", version: 2 });
    expect(await document(fine)).toMatchObject({ version: 1 });

    const log = await worker.call("GET", "/api/v1/audit?action=documents.requeued", { token: person.token });
    expect(log.body.data).toHaveLength(3);
  });

  test("leaves alone what its owner stopped, unless asked for by name", async () => {
    const stopped = await upload("Fares are paused.");
    expectStatus(await ask("POST", `/${stopped}/cancel`), 200);
    expect((await ask("POST", "/requeue", {})).body).toEqual({ requeued: 0, remaining: 0 });
    expect((await ask("POST", "/requeue", { code: "cancelled" })).body).toEqual({
      requeued: 1,
      remaining: 0,
    });
  });

  test("is not for viewers, keys without the scope, or strangers' documents", async () => {
    const blank = await ready(" ");
    expectStatus(await ask("POST", "/requeue", {}, await colleague(person, "viewer")), 403);
    const reader = await apiKey(person, ["documents:read"]);
    expectStatus(await ask("POST", "/requeue", {}, { token: reader.key }), 403);
    expect((await ask("POST", "/requeue", {}, await register())).body).toEqual({ requeued: 0, remaining: 0 });
    expectStatus(await ask("POST", "/requeue", { code: "" }), 400);
    expect(await document(blank)).toMatchObject({ status: "failed" });
  });
});

describe("renaming", () => {
  test("a document without a title of its own makes it found by its new name, from known embeddings", async () => {
    const id = await ready("It leaves at dawn.", { name: "ferry.txt" });
    expect(await found("ferry")).toHaveLength(1);
    worker.embedded.length = 0;
    const answer = await ask("PATCH", `/${id}`, { name: "hovercraft.txt" });
    expectStatus(answer, 200);
    expect(answer.body.document).toMatchObject({ name: "hovercraft.txt", published_version: 1 });
    expect(await found("ferry")).toHaveLength(1);
    await worker.drain();
    expect(worker.embedded.filter((text) => text.includes("dawn"))).toEqual([]);
    expect(await found("hovercraft")).toHaveLength(1);
    expect(await found("ferry")).toEqual([]);
    expect((await document(id)).delta).toEqual({ reused: 1, embedded: 0 });
  });

  test("a document with a title, or to the name it has, reads nothing again", async () => {
    const id = await ready("<title>Ferries</title><p>They leave at dawn.</p>", { name: "a.html" });
    expect((await document(id)).title).toBe("Ferries");
    await ask("PATCH", `/${id}`, { name: "b.html" });
    const other = await ready("It leaves at dawn.", { name: "ferry.txt" });
    await ask("PATCH", `/${other}`, { name: "ferry.txt" });
    expect(worker.sent).toEqual([]);
    expect(await document(other)).toMatchObject({ version: 1, status: "ready" });
  });
});
