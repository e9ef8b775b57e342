/** In workerd, against a real database: what a filter means. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { Filter } from "../../../src/domain/retrieval/filter.ts";
import { tenantBatch } from "../../../src/infra/db/tenant.ts";
import { offer } from "../../../src/infra/embedder/offer.ts";
import { add, find, type Library, library } from "./library.ts";

let org: Library;
let ids: { red?: string; green?: string; blue?: string; bare?: string };
beforeAll(async () => {
  org = await library();
  const shelf = async (name: string, metadata: Record<string, string | number | boolean | null>) =>
    [
      name,
      await add(org, [`The ${name} lantern.`], {
        name: `${name}.md`,
        metadata,
        access: name === "green" ? "external" : "internal",
      }),
    ] as const;
  ids = Object.fromEntries<string>(
    await Promise.all([
      shelf("red", { year: 2024, day: "2026-01-05", tag: "b", ok: true }),
      shelf("green", { year: 9, day: "2026-01-05T23:30:00-02:00", tag: "B", ok: false }),
      shelf("blue", { year: "2024", day: "2026-02-31", tag: "a", none: null }),
      shelf("bare", {}),
    ]),
  );
  await org.service.ports.db.execute(sql`
    update kalamna.documents set content_type = 'application/pdf', created_at = '2020-05-01T12:00:00Z'
     where id = ${ids.red}::uuid`);
});

/** Names of the documents found, in the order of the alphabet. */
const named = async (filter: unknown, ctx = org.internal) => {
  const { results } = await find(ctx, "lantern", { filters: Filter.parse(filter) });
  return results.map(({ document_name }) => document_name.replace(".md", "")).sort();
};
const all = ["bare", "blue", "green", "red"];

describe("a comparison of labels", () => {
  it.each<[string, unknown, string[]]>([
    ["equal numbers", { type: "eq", key: "year", value: 2024 }, ["red"]],
    ["equal texts, as they are written", { type: "eq", key: "tag", value: "b" }, ["red"]],
    ["equal booleans", { type: "eq", key: "ok", value: false }, ["green"]],
    [
      "ne also where the label is missing",
      { type: "ne", key: "year", value: 2024 },
      ["bare", "blue", "green"],
    ],
    [
      "nin also where the label is missing",
      { type: "nin", key: "tag", value: ["a", "b"] },
      ["bare", "green"],
    ],
    ["in", { type: "in", key: "tag", value: ["a", "B", 7] }, ["blue", "green"]],
    ["numbers as numbers, never as text", { type: "gt", key: "year", value: 10 }, ["red"]],
    ["lte", { type: "lte", key: "year", value: 9 }, ["green"]],
    ["texts by code point", { type: "gte", key: "tag", value: "a" }, ["blue", "red"]],
    ["a number among texts", { type: "lt", key: "year", value: "3" }, ["blue"]],
    [
      "dates as moments, in UTC where none is named",
      { type: "gt", key: "day", value: "2026-01-05" },
      ["green"],
    ],
    ["dates with their offset", { type: "gte", key: "day", value: "2026-01-06T01:30:00Z" }, ["green"]],
    [
      "a day that does not exist is no date",
      { type: "lt", key: "day", value: "2027-01-01" },
      ["green", "red"],
    ],
    ["a label nobody has", { type: "eq", key: "nowhere", value: 1 }, []],
    ["a label nobody has, negated", { type: "ne", key: "nowhere", value: 1 }, all],
  ])("%s", async (_, filter, expected) => {
    expect(await named(filter)).toEqual(expected);
  });
});

describe("a comparison of the document", () => {
  it.each<[string, () => unknown, string[]]>([
    ["id", () => ({ type: "eq", key: "document.id", value: ids.blue }), ["blue"]],
    ["ids", () => ({ type: "nin", key: "document.id", value: [ids.blue, ids.red] }), ["bare", "green"]],
    ["name", () => ({ type: "in", key: "document.name", value: ["red.md", "bare.md"] }), ["bare", "red"]],
    ["access level", () => ({ type: "eq", key: "document.access_level", value: "external" }), ["green"]],
    ["format", () => ({ type: "eq", key: "document.format", value: "pdf" }), ["red"]],
    [
      "formats",
      () => ({ type: "nin", key: "document.format", value: ["pdf", "csv"] }),
      ["bare", "blue", "green"],
    ],
    ["date of creation", () => ({ type: "lt", key: "document.created_at", value: "2021-01-01" }), ["red"]],
    ["date in seconds", () => ({ type: "lt", key: "document.created_at", value: 1_600_000_000 }), ["red"]],
    ["source", () => ({ type: "ne", key: "document.source_id", value: crypto.randomUUID() }), all],
    ["no such source", () => ({ type: "eq", key: "document.source_id", value: crypto.randomUUID() }), []],
    ["no such group", () => ({ type: "in", key: "document.groups", value: [crypto.randomUUID()] }), []],
    ["without that group", () => ({ type: "ne", key: "document.groups", value: crypto.randomUUID() }), all],
    ["external id", () => ({ type: "eq", key: "document.external_id", value: "x" }), []],
  ])("%s", async (_, filter, expected) => {
    expect(await named(filter())).toEqual(expected);
  });

  it("finds documents of a group for its members only", async () => {
    const group = crypto.randomUUID();
    await tenantBatch({ ...org.service }, (db) => [
      db.execute(
        sql`insert into kalamna.groups (id, org_id, name) values (${group}, ${org.orgId}, ${group})`,
      ),
    ]);
    const secret = await add(org, ["The hidden lantern."], { name: "hidden.md" });
    await tenantBatch(org.service, (db) => [
      db.execute(
        sql`select kalamna.reaccess_document(${secret}::uuid, 1::smallint, array[${group}]::uuid[])`,
      ),
      db.execute(
        sql`update kalamna.documents set groups = array[${group}]::uuid[] where id = ${secret}::uuid`,
      ),
    ]);
    const filter = { type: "eq", key: "document.groups", value: group };
    expect(await named(filter, org.service as typeof org.internal)).toEqual(["hidden"]);
    expect(await named(filter)).toEqual([]);
    expect(await named({ type: "eq", key: "document.id", value: secret })).toEqual([]);
  });
});

describe("and, or", () => {
  it("nest", async () => {
    const year = { type: "gt", key: "year", value: 0 };
    const blue = { type: "eq", key: "tag", value: "a" };
    const notGreen = { type: "ne", key: "document.access_level", value: "external" };
    expect(await named({ type: "or", filters: [year, blue] })).toEqual(["blue", "green", "red"]);
    expect(await named({ type: "and", filters: [{ type: "or", filters: [year, blue] }, notGreen] })).toEqual([
      "blue",
      "red",
    ]);
  });

  it("hold beside document ids, labels and access level", async () => {
    const both = {
      document_ids: [ids.red!, ids.green!],
      filters: Filter.parse({ type: "gt", key: "year", value: 0 }),
    };
    expect((await find(org.internal, "lantern", both)).results).toHaveLength(2);
    const one = await find(org.internal, "lantern", {
      ...both,
      metadata: { ok: true },
      access_level: "internal",
    });
    expect(one.results.map(({ document_id }) => document_id)).toEqual([ids.red]);
  });
});

it("loses no rows: what matches is found behind hundreds that match the question better, in either arm", async () => {
  const many = await library();
  await add(
    many,
    Array.from({ length: 500 }, (_, at) => `Lantern lantern lantern ${at}.`),
  );
  await add(
    many,
    Array.from(
      { length: 30 },
      (_, at) => `Much else is said here, and number ${at} of it at length; a lantern.`,
    ),
    { metadata: { shelf: 7 } },
  );
  const filters = Filter.parse({ type: "gte", key: "shelf", value: 7 });
  for (const fusionWeight of [0, 0.5, 1]) {
    const ports = {
      ...many.internal.ports,
      embedders: offer({ ...many.internal.ports.embedders.default, fusionWeight }),
    };
    const { results } = await find({ ...many.internal, ports }, "lantern", { filters, top_k: 20 });
    expect(results.filter(({ metadata }) => metadata.shelf === 7)).toHaveLength(20);
  }
});

it("opens nothing: an external reader's filter for internal documents, and another organization's ids", async () => {
  expect(await named({ type: "ne", key: "document.access_level", value: "external" }, org.external)).toEqual(
    [],
  );
  expect(await named({ type: "eq", key: "document.id", value: ids.red }, org.external)).toEqual([]);
  const theirs = await library();
  await add(theirs, ["Their lantern."]);
  expect(await named({ type: "eq", key: "document.id", value: ids.red }, theirs.internal)).toEqual([]);
});

it("takes keys and values for what they are, whatever is written in them", async () => {
  const evil = `'; drop table kalamna.documents; -- \\ " $1 %L {a} ,b`;
  const id = await add(org, ["The evil lantern."], {
    name: "evil.md",
    metadata: { [evil.slice(0, 60)]: evil },
  });
  for (const type of ["eq", "gte", "in"]) {
    const value = type === "in" ? [evil, "x"] : evil;
    expect(await named({ type, key: evil.slice(0, 60), value })).toEqual(["evil"]);
  }
  expect(await named({ type: "nin", key: "document.name", value: ["evil.md", evil, `a","b`, "{}"] })).toEqual(
    all,
  );
  await tenantBatch(org.service, (db) => [
    db.execute(sql`select kalamna.delete_documents(array[${id}]::uuid[])`),
  ]);
});

describe("Filter", () => {
  const eq = { type: "eq", key: "a", value: 1 };
  const deep = (levels: number): unknown =>
    levels === 1 ? eq : { type: "and", filters: [deep(levels - 1)] };
  it.each<[string, unknown]>([
    ["type", { type: "like", key: "a", value: 1 }],
    ["key", { type: "eq", key: "", value: 1 }],
    ["key", { type: "eq", key: "document.secret", value: 1 }],
    ["value", { type: "eq", key: "a" }],
    ["value", { type: "eq", key: "a", value: { b: 1 } }],
    ["value", { type: "eq", key: "a", value: "\u0000" }],
    ["value", { type: "eq", key: "a", value: "\ud800" }],
    ["value", { type: "gt", key: "a", value: true }],
    ["value", { type: "in", key: "a", value: [] }],
    ["value", { type: "in", key: "a", value: Array(101).fill(1) }],
    ["value", { type: "eq", key: "document.id", value: "no id" }],
    ["value.1", { type: "in", key: "document.groups", value: [crypto.randomUUID(), 5] }],
    ["type", { type: "gt", key: "document.id", value: "x" }],
    ["type", { type: "eq", key: "document.created_at", value: "2026-01-01" }],
    ["value", { type: "lt", key: "document.created_at", value: "yesterday" }],
    ["value", { type: "eq", key: "document.format", value: "toString" }],
    ["filters", { type: "and", filters: [] }],
    [
      "filters.1.filters.0.value",
      { type: "or", filters: [eq, { type: "and", filters: [{ ...eq, value: null }] }] },
    ],
    ["filters.0.filters.0.filters.0.filters.0.filters.0.filters.0", deep(7)],
    ["", { type: "or", filters: Array(2).fill({ type: "and", filters: Array(60).fill(eq) }) }],
  ])("names what is wrong at %j", (path, filter) => {
    const { error } = Filter.safeParse(filter);
    expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
  });

  it("takes six levels and a hundred comparisons", () => {
    expect(Filter.safeParse(deep(6)).success).toBe(true);
    expect(Filter.safeParse({ type: "and", filters: Array(100).fill(eq) }).success).toBe(true);
  });
});
