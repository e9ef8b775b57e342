/** In workerd, against a real database. */
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { SearchInput } from "../../../src/domain/retrieval/search.ts";
import { tenantBatch } from "../../../src/infra/db/tenant.ts";
import { offer } from "../../../src/infra/embedder/offer.ts";
import type { Embedders } from "../../../src/infra/embedder/port.ts";
import { add, find, found, library } from "./library.ts";

/** A context whose vector arm decides alone or together with the words. */
const weighing = <C extends { ports: { embedders: Embedders } }>(ctx: C, fusionWeight: number): C => ({
  ...ctx,
  ports: { ...ctx.ports, embedders: offer({ ...ctx.ports.embedders.default, fusionWeight }) },
});

describe("search", () => {
  it("returns the passage with its place in the document", async () => {
    const org = await library();
    const id = await add(org, ["Intro.", "The warranty lasts two years."], {
      name: "Terms.pdf",
      metadata: { year: 2026 },
    });
    const { results, retrieval } = await find(org.internal, "how long is the warranty");
    expect(results[0]).toMatchObject({
      document_id: id,
      document_name: "Terms.pdf",
      content: "The warranty lasts two years.",
      page: 2,
      heading: ["Chapter", "Part 1"],
      start: 1000,
      end: 1029,
      version: 1,
      ordinal: 1,
      access_level: "internal",
      metadata: { year: 2026 },
      score: 1,
    });
    expect(results[0]!.scores.lexical).toBeGreaterThan(0);
    expect(retrieval).toMatchObject({
      mode: "lexical",
      embedding_model: "offline-hash-768",
      paths: { lexical: "exact", vector: "exact" },
      off_topic: false,
    });
    expect(retrieval.candidates.vector).toBe(2);
  });

  it("finds other forms of a word, and a misspelt one", async () => {
    const org = await library();
    await add(org, ["Refunds are paid within ten days.", "Boots need wax."]);
    expect((await found(org.internal, "when was my purchase refunded?"))[0]).toMatch(/^Refunds/);
    expect(await found(org.internal, "refumds")).toEqual(["Refunds are paid within ten days."]);
  });

  it("finds the Arabic passage for an Arabic question", async () => {
    const org = await library();
    await add(org, ["Tents carry a warranty of two years.", "مدة ضمان الخيام سنتان من تاريخ الشراء."]);
    const { results, retrieval } = await find(org.internal, "كم مدة الضمان؟");
    expect(results.map(({ content }) => content)).toEqual(["مدة ضمان الخيام سنتان من تاريخ الشراء."]);
    expect(retrieval.off_topic).toBe(false);
  });

  it("prefers the passage whose neighbours speak of the same", async () => {
    const org = await library();
    await add(org, ["Nothing to see.", "Kayak rental.", "Nothing to say."]);
    await add(org, ["The kayak has a hatch.", "Kayak rentals.", "A kayak weighs little."]);
    const { results } = await find(org.internal, "kayak rental");
    expect(results.slice(0, 2).map(({ content }) => content)).toEqual(["Kayak rentals.", "Kayak rental."]);
    expect(results[0]!.scores.lexical).toBeGreaterThan(results[1]!.scores.lexical);
  });

  it("tells what two documents say word for word once, and then goes on to the next passage", async () => {
    const org = await library();
    await add(org, ["Kayak rental is by the hour."], { access: "external" });
    await add(org, ["Kayak rental is by the hour."]);
    await add(org, ["Kayak rental needs a deposit and a signature."]);
    expect(await found(org.internal, "kayak rental", { top_k: 2 })).toEqual([
      "Kayak rental is by the hour.",
      "Kayak rental needs a deposit and a signature.",
    ]);
  });

  it("goes deeper when copies alone would fill the first look", async () => {
    const org = await library();
    for (let copies = 0; copies < 12; copies++) await add(org, ["Kayak rental is by the hour."]);
    const other = "A deposit and a signature are needed by whoever takes a kayak.";
    await add(org, [other]);
    expect(await found(org.internal, "kayak rental", { top_k: 2 })).toEqual([
      "Kayak rental is by the hour.",
      other,
    ]);
  });

  it("understands a follow-up in the light of the question before it", async () => {
    const org = await library();
    await add(org, ["The lantern costs 40 euros.", "The stove costs 90 euros."]);
    const history = [{ role: "user" as const, content: "Tell me about the lantern." }];
    expect((await found(org.internal, "what does it cost", { history }))[0]).toMatch(/lantern/);
  });

  it("says when the documents do not speak of the question", async () => {
    const org = await library();
    await add(org, ["The lantern costs 40 euros.", "The stove costs 90 euros and the tent 300."]);
    const answer = await find(org.internal, "Who won the football match against Portugal yesterday?");
    expect(answer.retrieval.off_topic).toBe(true);
    expect((await find(org.internal, "how much is the stove")).retrieval.off_topic).toBe(false);
  });

  describe("in documents that are all about one subject", () => {
    const many = (say: (n: number) => string, name: (n: number) => string) =>
      Array.from({ length: 62 }, (_, n) => [name(n), say(n)] as const);
    it.each([
      [
        "named after it",
        many(
          (n) => `Refunds for orders of kind ${n} are paid within ${n} days.`,
          (n) => `Refund ${n}.txt`,
        ),
      ],
      [
        "named otherwise",
        many(
          (n) => `Customers of shop ${n} get their refund by bank transfer.`,
          (n) => `Note ${n}`,
        ),
      ],
    ])("takes its name for the subject and not for nothing: %s", async (_, documents) => {
      const org = await library();
      for (const [name, text] of documents) await add(org, [text], { name });
      const isOffTopic = async (query: string) => (await find(org.internal, query)).retrieval.off_topic;
      for (const query of ["How long do refunds take?", "When will I receive my refund?", "refund period"]) {
        expect([query, await isOffTopic(query)]).toEqual([query, false]);
      }
      for (const query of ["Who won the football match against Portugal?", "How do I cook rice?"]) {
        expect([query, await isOffTopic(query)]).toEqual([query, true]);
      }
    });
  });

  it("answers a question without words, and one to an empty library, with nothing", async () => {
    const org = await library();
    expect((await find(org.internal, "lantern")).results).toEqual([]);
    await add(org, ["The lantern costs 40 euros."]);
    const { results, retrieval } = await find(org.internal, "?!");
    expect(results).toEqual([]);
    expect(retrieval.off_topic).toBe(true);
  });
});

describe("what a reader may see", () => {
  it("never includes another organization's passages, in either arm", async () => {
    const [ours, theirs] = [await library(), await library()];
    await add(ours, ["The lantern costs 40 euros."]);
    await add(theirs, ["The lantern costs 40 euros, their price."]);
    for (const weight of [0, 0.5, 1]) {
      expect(await found(weighing(ours.internal, weight), "lantern")).toEqual([
        "The lantern costs 40 euros.",
      ]);
    }
  });

  it("never includes internal passages for an external reader, in either arm", async () => {
    const org = await library();
    await add(org, ["Lantern margin is 60 percent."], { access: "internal" });
    await add(org, ["The lantern costs 40 euros."], { access: "external" });
    for (const weight of [0, 0.5, 1]) {
      expect(await found(weighing(org.external, weight), "lantern margin")).toEqual([
        "The lantern costs 40 euros.",
      ]);
      expect(await found(weighing(org.internal, weight), "the lantern margin")).toHaveLength(2);
      expect(await found(weighing(org.external, weight), "lantern", { access_level: "internal" })).toEqual(
        [],
      );
    }
  });

  it("is all an external reader's scores depend on: internal documents change no figure", async () => {
    const org = await library();
    await add(org, ["The lantern costs 40 euros.", "The stove costs 90 euros."], { access: "external" });
    const asked = ["lantern costs", "lantren", "margin percent of the stove"];
    const ask = async () =>
      Promise.all(
        asked.map(async (query) => {
          const { results, retrieval } = await find(org.external, query);
          return { results, retrieval: { ...retrieval, ms: 0 } };
        }),
      );
    const before = await ask();
    await add(org, ["Lantren margin percent.", "Lantern margin is 60 percent.", "Stove margin."], {
      access: "internal",
    });
    expect(await ask()).toEqual(before);
  });

  it("does not depend on what another organization writes", async () => {
    const [ours, theirs] = [await library(), await library()];
    await add(ours, ["The lantern costs 40 euros.", "The stove costs 90 euros."]);
    const before = (await find(ours.internal, "lantern costs")).results;
    await add(
      theirs,
      Array.from({ length: 30 }, (_, at) => `Lantern ${at} costs.`),
    );
    expect((await find(ours.internal, "lantern costs")).results).toEqual(before);
  });

  it("follows a document whose access level changes, and its statistics follow too", async () => {
    const org = await library();
    const id = await add(org, ["The lantern costs 40 euros."], { access: "internal" });
    expect(await found(org.external, "lantern")).toEqual([]);
    const move = (level: "internal" | "external") =>
      tenantBatch(org.service, (db) => [
        db.execute(
          sql`select kalamna.reaccess_document(${id}::uuid, ${level === "internal" ? 1 : 0}::smallint, null)`,
        ),
        db.execute(sql`update kalamna.documents set access_level = ${level} where id = ${id}::uuid`),
      ]);
    await move("external");
    const { results } = await find(org.external, "lantern");
    expect(results.map(({ access_level }) => access_level)).toEqual(["external"]);
    expect(results[0]!.scores.lexical).toBeGreaterThan(0);
    await move("internal");
    expect(await found(org.external, "lantern")).toEqual([]);
    expect(await found(org.internal, "lantern")).toHaveLength(1);
  });
});

describe("filters", () => {
  it("lose no rows: the one passage of the named document is found among hundreds that match better", async () => {
    const org = await library();
    await add(
      org,
      Array.from({ length: 300 }, () => "Lantern lantern lantern."),
    );
    await add(
      org,
      Array.from({ length: 300 }, () => "Lantern lantern."),
      { access: "external" },
    );
    const id = await add(org, ["Among much else that is said here at length there is one lantern."], {
      access: "external",
      metadata: { shelf: 7, room: "north" },
    });
    const expected = ["Among much else that is said here at length there is one lantern."];
    for (const weight of [0, 0.5, 1]) {
      const ctx = weighing(org.internal, weight);
      expect(await found(ctx, "lantern lantern", { document_ids: [id] })).toEqual(expected);
      expect(await found(ctx, "lantern lantern", { metadata: { shelf: 7 } })).toEqual(expected);
      expect(await found(ctx, "lantern", { metadata: { shelf: 7 }, access_level: "external" })).toEqual(
        expected,
      );
      expect(await found(ctx, "lantern", { metadata: { shelf: 7 }, access_level: "internal" })).toEqual([]);
      expect(await found(ctx, "lantern", { document_ids: [crypto.randomUUID()] })).toEqual([]);
    }
    expect(await found(org.internal, "lantern", { top_k: 50, access_level: "external" })).toHaveLength(50);
  });

  it("finds nothing for another organization's document id", async () => {
    const [ours, theirs] = [await library(), await library()];
    const id = await add(theirs, ["The lantern."]);
    await add(ours, ["The lantern."]);
    expect(await found(ours.internal, "lantern", { document_ids: [id] })).toEqual([]);
  });
});

describe("at size", () => {
  const words = ["lantern", "stove", "kayak", "tent", "boots", "rope", "axe", "map", "flask", "saw"];
  const passages = Array.from(
    { length: 600 },
    (_, at) => `Item ${at}: ${words[at % 10]} of ${words[(at * 7 + 3) % 10]} kind number ${at}.`,
  );

  it("routes through segments to the same nearest passages as reading all vectors", async () => {
    const org = await library();
    const id = await add(org, passages);
    const vectors = weighing(org.internal, 1);
    const routed = await find(vectors, passages[321]!);
    expect(routed.retrieval.paths.vector).toBe("segments");
    expect(routed.results[0]!.content).toBe(passages[321]);
    const [{ rows }] = await tenantBatch(org.service, (db) => [
      db.execute<{ content: string }>(sql`
        select c.content from kalamna.chunk_vec v join kalamna.chunks c on c.id = v.chunk_id
         where v.document_id = ${id}::uuid order by v.embedding <=> (
           select x.embedding from kalamna.chunk_vec x join kalamna.chunks y on y.id = x.chunk_id
            where y.content = ${passages[321]!} and y.org_id = ${org.orgId}::uuid) limit 8`),
    ]);
    const exact = new Set(rows.map(({ content }) => content));
    expect(routed.results.filter(({ content }) => exact.has(content)).length).toBeGreaterThanOrEqual(7);
  });

  it("looks up the rarest words instead of reading everything, and finds the same", async () => {
    const org = await library();
    await add(org, passages);
    const query = "kayak number 321";
    const exact = await found(org.internal, query, { top_k: 3 });
    // What statistics of a large organization look like, without its twenty thousand chunks.
    await tenantBatch(org.service, (db) => [
      db.execute(sql`update kalamna.org_corpus set chunks = 30000 where chunks > 0`),
    ]);
    const { results, retrieval } = await find(org.internal, query, { top_k: 3 });
    expect(retrieval.paths.lexical).toBe("terms");
    expect(results.map(({ content }) => content)).toEqual(exact);
  });
});

describe("SearchInput", () => {
  it("fills in what is not said and refuses what cannot be meant", () => {
    expect(SearchInput.parse({ query: " tent " })).toMatchObject({ query: "tent", top_k: 8, history: [] });
    for (const bad of [
      { query: "" },
      { query: "x".repeat(4001) },
      { query: "x", top_k: 0 },
      { query: "x", top_k: 51 },
      { query: "x", document_ids: ["no id"] },
      { query: "x", document_ids: Array(101).fill(crypto.randomUUID()) },
      { query: "x", metadata: { nested: { a: 1 } } },
      { query: "x", access_level: "secret" },
      { query: "x", history: Array(21).fill({ role: "user", content: "?" }) },
      { query: "x", history: [{ role: "system", content: "obey" }] },
    ]) {
      expect(SearchInput.safeParse(bad).success, JSON.stringify(bad).slice(0, 80)).toBe(false);
    }
  });
});
