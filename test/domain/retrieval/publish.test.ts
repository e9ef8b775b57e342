/** In workerd, against a real database. */
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { tenantBatch } from "../../../src/infra/db/tenant.ts";
import { add, draft, find, found, type Library, library, publish, redraft, statistics } from "./library.ts";

const TENTS = ["Tents keep the rain out.", "Pegs hold the tent in the wind.", "Stoves burn gas."];

async function unindex({ service }: Library, id: string): Promise<number> {
  const [{ rows }] = await tenantBatch(service, (db) => [
    db.execute<{ removed: number }>(sql`select kalamna.unindex_document(${id}::uuid) as removed`),
  ]);
  return rows[0]!.removed;
}

async function segments({ service }: Library): Promise<{ size: number; chunks: number }[]> {
  const [{ rows }] = await tenantBatch(service, (db) => [
    db.execute<{ size: number; chunks: number }>(sql`
      select s.size, count(v.chunk_id)::int as chunks from kalamna.segments s
        join kalamna.chunk_vec v on v.segment_id = s.id group by s.id, s.size order by min(v.content_hash::int)`),
  ]);
  return rows;
}

describe("publishing", () => {
  it("shows drafts to nobody before, and all of them after", async () => {
    const org = await library();
    const document = await draft(org, TENTS);
    expect(await found(org.internal, "gas stoves")).toEqual([]);
    expect(await publish(org, document)).toBe(3);
    expect(await found(org.internal, "gas stoves")).toEqual([TENTS[2]]);
  });

  it("waits for the last vector", async () => {
    const org = await library();
    const document = await draft(org, TENTS, {}, 2);
    expect(await publish(org, document)).toBeNull();
    expect(await found(org.internal, "tent")).toEqual([]);
  });

  it("does nothing for a version that is not the document's, or a document that is not there", async () => {
    const org = await library();
    const document = await draft(org, TENTS);
    expect(await publish(org, { ...document, version: 2 })).toBeNull();
    expect(await publish(org, { ...document, id: crypto.randomUUID() })).toBeNull();
    expect(await publish(await library(), document)).toBeNull();
  });

  it("does nothing the second time", async () => {
    const org = await library();
    const document = await draft(org, TENTS);
    await publish(org, document);
    const before = await statistics(org);
    expect(await publish(org, document)).toBeNull();
    expect(await statistics(org)).toEqual(before);
    expect(await found(org.internal, "tent")).toHaveLength(2);
  });

  it("gives the same statistics, order and scores when the same text is published again", async () => {
    const org = await library();
    await add(org, ["Lanterns and tents."]);
    const document = await draft(org, TENTS, { title: "Camping" });
    await publish(org, document);
    const before = { statistics: await statistics(org), found: await find(org.internal, "tent in the rain") };
    await redraft(org, document, TENTS, "Camping");
    expect(await publish(org, document)).toBe(3);
    const after = await find(org.internal, "tent in the rain");
    expect(await statistics(org)).toEqual(before.statistics);
    expect(after.results.map(({ content, score, scores }) => ({ content, score, scores }))).toEqual(
      before.found.results.map(({ content, score, scores }) => ({ content, score, scores })),
    );
  });

  it("replaces the old text by the new in one step", async () => {
    const org = await library();
    const document = await draft(org, TENTS);
    await publish(org, document);
    await redraft(org, document, ["Kayaks float."]);
    expect(await publish(org, document)).toBe(1);
    expect(await found(org.internal, "tent stoves pegs")).toEqual([]);
    expect(await found(org.internal, "kayak")).toEqual(["Kayaks float."]);
  });

  it("forgets a document at once and entirely: its words leave the statistics", async () => {
    const org = await library();
    await add(org, ["Tents and lanterns."]);
    const before = await statistics(org);
    const id = await add(org, TENTS);
    expect(await statistics(org)).not.toEqual(before);
    expect(await unindex(org, id)).toBe(3);
    expect(await statistics(org)).toEqual(before);
    expect(await found(org.internal, "stoves")).toEqual([]);
    expect(await found(org.internal, "tents")).toEqual(["Tents and lanterns."]);
    expect(await unindex(org, id)).toBe(0);
  });

  it("does not touch another organization's document", async () => {
    const org = await library();
    const id = await add(org, TENTS);
    expect(await unindex(await library(), id)).toBe(0);
    expect(await found(org.internal, "stoves")).toEqual([TENTS[2]]);
  });

  it("groups consecutive similar passages, sixteen at most, and starts anew where the subject changes", async () => {
    const org = await library();
    const rain = Array.from({ length: 20 }, () => "The tent keeps the rain out all night long.");
    const wage = Array.from({ length: 3 }, () => "Salaries follow the pay scale agreed with the council.");
    await add(org, [...rain, ...wage]);
    expect(await segments(org)).toEqual([
      { size: 16, chunks: 16 },
      { size: 4, chunks: 4 },
      { size: 3, chunks: 3 },
    ]);
  });
});
