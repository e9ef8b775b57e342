/** What of a changed document is embedded, and what is known already. */
import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import { expectStatus, type Person, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { type Rig, rig } from "../support/rigged.ts";

let person: Person;
let worker: Rig;
beforeEach(async () => {
  person = await register();
  worker = rig();
});

const put = async (content: string, name = "book.md", external_id = "book") => {
  const answer = await worker.call("POST", "/api/v1/documents", {
    token: person.token,
    json: { name, content, external_id },
  });
  expectStatus(answer, 202);
  return answer.body.document.id as string;
};
const document = async (id: string) =>
  (await worker.call("GET", `/api/v1/documents/${id}`, { token: person.token })).body.document;
/** Embeds nothing more and returns what was embedded since the last call. */
const taken = () => worker.embedded.splice(0);

const chapter = (n: number, words = "The ferry leaves the northern harbour at dawn.") =>
  `## Chapter ${n}\n\n${Array.from({ length: 12 }, (_, at) => `${words} Sentence ${n}.${at}.`).join(" ")}`;
const chapters = (count: number) => Array.from({ length: count }, (_, n) => chapter(n));

describe("a new version of a long document", () => {
  test("embeds the changed chapter only", async () => {
    const text = chapters(40);
    const id = await put(text.join("\n\n"));
    await worker.drain();
    const first = await document(id);
    expect(first.delta).toEqual({ reused: 0, embedded: first.counts.chunks });
    expect(taken()).toHaveLength(first.counts.chunks);

    text[20] = chapter(20, "The ferry does not leave at all.");
    await put(text.join("\n\n"));
    await worker.drain();
    const second = await document(id);
    const again = taken();
    expect(second).toMatchObject({ status: "ready", published_version: 2 });
    expect(again.length).toBeLessThanOrEqual(2);
    expect(again.every((piece) => piece.includes("does not leave"))).toBe(true);
    expect(second.delta).toEqual({ reused: second.counts.chunks - again.length, embedded: again.length });
  });

  test("that is the same embeds nothing", async () => {
    const id = await put(chapters(5).join("\n\n"));
    await worker.drain();
    taken();
    await worker.call("POST", `/api/v1/documents/${id}/reindex`, { token: person.token });
    await worker.drain();
    const { counts, delta } = await document(id);
    expect(taken()).toEqual([]);
    expect(delta).toEqual({ reused: counts.chunks, embedded: 0 });
  });
});

test("equal passages of one document are embedded once", async () => {
  const same = "Boilerplate that stands on every page of the manual. ".repeat(12);
  const id = await put(Array.from({ length: 10 }, () => `# Terms\n\n${same}`).join("\n\n"));
  await worker.drain();
  expect(taken()).toHaveLength(1);
  expect(await document(id)).toMatchObject({ counts: { chunks: 10 }, delta: { reused: 9, embedded: 1 } });
});

test("what another document of the organization says in the same words is not embedded again", async () => {
  await put(chapters(3).join("\n\n"));
  await worker.drain();
  taken();
  const id = await put(`${chapters(3).join("\n\n")}\n\n${chapter(99)}`, "other.md", "other");
  await worker.drain();
  expect(taken()).toHaveLength(1);
  expect(await document(id)).toMatchObject({ counts: { chunks: 4 }, delta: { reused: 3, embedded: 1 } });
});

describe("the count is exact", () => {
  test("when the first try breaks off half way: what it had embedded is kept", async () => {
    const id = await put(chapters(150).join("\n\n"));
    const job = worker.sent.shift();
    const embedder = worker.runtime.ports.embedders.default;
    let calls = 0;
    const breaking = offer({
      ...embedder,
      embed: (texts: readonly string[], signal: AbortSignal) =>
        ++calls > 1 ? Promise.reject(new AppError("embedder_unavailable")) : embedder.embed(texts, signal),
    });
    // The second call fails; what the first has made was stored on the trip before it.
    expect(await worker.deliver(job, { with: { embedders: breaking } })).toMatchObject({ retried: true });
    taken();
    await worker.deliver(job, { attempts: 2 });
    const { counts, delta, status } = await document(id);
    expect(status).toBe("ready");
    expect(taken()).toHaveLength(counts.chunks - 100);
    expect(delta).toEqual({ reused: 0, embedded: counts.chunks });
  });

  test("when several messages embed it, out of order and twice", async () => {
    const text = chapters(320);
    const id = await put(text.join("\n\n"));
    await worker.deliver(worker.sent.shift());
    const [message] = worker.sent.splice(0);
    const { counts } = await document(id);
    const ranges = [];
    for (let from = 0; from < counts.chunks; from += 110)
      ranges.push({ ...message!, from, to: Math.min(counts.chunks, from + 110) });
    for (const job of [ranges[2], ranges[0], ranges[2], ranges[1], ranges[0]]) await worker.deliver(job);
    expect(taken()).toHaveLength(counts.chunks);
    expect(await document(id)).toMatchObject({
      status: "ready",
      delta: { reused: 0, embedded: counts.chunks },
    });

    text.splice(3, 0, chapter(1000), chapter(1000));
    await put(text.join("\n\n"));
    await worker.drain();
    const second = await document(id);
    expect(taken()).toHaveLength(1);
    expect(second.delta).toEqual({ reused: second.counts.chunks - 1, embedded: 1 });
  });

  test("when equal passages lie in the ranges of different messages, delivered at once", async () => {
    const text = chapters(310);
    text[305] = text[2]!;
    text[306] = text[2]!;
    const id = await put(text.join("\n\n"));
    await worker.deliver(worker.sent.shift());
    const [message] = worker.sent.splice(0);
    const { counts } = await document(id);
    const half = Math.ceil(counts.chunks / 2);
    await Promise.all(
      [
        { ...message!, from: half, to: counts.chunks },
        { ...message!, from: 0, to: half },
      ].map((job) => worker.deliver(job)),
    );
    expect(await document(id)).toMatchObject({
      status: "ready",
      delta: { reused: 2, embedded: counts.chunks - 2 },
    });
    expect(taken()).toHaveLength(counts.chunks - 2);
  });
});

describe("what a document says is not learned by uploading a guess", () => {
  const upload = async (token: string, labels: object) => {
    const json = {
      name: "guess.txt",
      content: "The code of the safe is 4711.",
      external_id: crypto.randomUUID(),
    };
    const answer = await worker.call("POST", "/api/v1/documents", { token, json: { ...json, ...labels } });
    expectStatus(answer, 202);
    await worker.drain();
    return (await document(answer.body.document.id)).delta;
  };
  const known = { reused: 1, embedded: 0 };
  const fresh = { reused: 0, embedded: 1 };

  test("by somebody who reads external documents only", async () => {
    await upload(person.token, { access_level: "internal" });
    const { key } = await apiKey(person, ["documents:read", "documents:write"], { access: "external" });
    expect(await upload(key, {})).toEqual(fresh);
    expect(await upload(key, {})).toEqual(known);
    expect(await upload(person.token, { access_level: "internal" })).toEqual(known);
  });

  test("by somebody outside its groups", async () => {
    const made = await Promise.all(
      ["Board", "Works"].map((name) =>
        worker.call("POST", "/api/v1/groups", { token: person.token, json: { name } }),
      ),
    );
    const [board, works] = made.map(({ body }) => body.group.id as string);
    await upload(person.token, { groups: [board, works] });
    expect(await upload(person.token, {})).toEqual(fresh);
    expect(await upload(person.token, { groups: [board] })).toEqual(known);
    expect(await upload(person.token, { groups: [board, works] })).toEqual(known);
  });

  test("by somebody in one of its groups, for another", async () => {
    const made = await Promise.all(
      ["Board", "Works"].map((name) =>
        worker.call("POST", "/api/v1/groups", { token: person.token, json: { name } }),
      ),
    );
    const [board, works] = made.map(({ body }) => body.group.id as string);
    await upload(person.token, { groups: [board] });
    expect(await upload(person.token, { groups: [board, works] })).toEqual(fresh);
    expect(await upload(person.token, { groups: [works] })).toEqual(known);
  });
});
