import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

const make = async (by: Person, name: string): Promise<string> => {
  const answer = await call("POST", "/api/v1/groups", { token: by.token, json: { name } });
  expectStatus(answer, 201);
  return answer.body.group.id;
};
const join = async (by: Person, group: string, person: Person) =>
  expectStatus(
    await call("PUT", `/api/v1/groups/${group}/members/${person.userId}`, { token: by.token }),
    200,
  );
const update = (by: Person, id: string, json: Record<string, unknown>) =>
  call("PATCH", `/api/v1/documents/${id}`, { token: by.token, json });
const search = async (by: Person, query: string, more: Record<string, unknown> = {}) => {
  const answer = await call("POST", "/api/v1/search", { token: by.token, json: { query, ...more } });
  expectStatus(answer, 200);
  return answer.body;
};
const found = async (by: Person, query: string, more: Record<string, unknown> = {}): Promise<string[]> =>
  (await search(by, query, more)).results.map((hit: { document_id: string }) => hit.document_id);

describe("groups", () => {
  let admin: Person;
  beforeAll(async () => {
    admin = await register("Grouped");
  });

  test("are made, renamed, listed with how many are in them, and deleted", async () => {
    const person = await colleague(admin, "member");
    const id = await make(admin, "Finance");
    await join(admin, id, person);
    await join(admin, id, person);
    const renamed = await call("PATCH", `/api/v1/groups/${id}`, {
      token: admin.token,
      json: { name: " Finance & Law " },
    });
    expect(renamed.body.group).toMatchObject({ id, name: "Finance & Law", members: 1 });
    const list = await call("GET", "/api/v1/groups", { token: person.token });
    expect(list.body.data.map((group: { name: string }) => group.name)).toContain("Finance & Law");
    const members = await call("GET", `/api/v1/groups/${id}/members`, { token: admin.token });
    expect(members.body.data).toEqual([{ id: person.userId, email: person.email, name: null }]);
    const path = `/api/v1/groups/${id}/members/${person.userId}`;
    expectStatus(await call("DELETE", path, { token: admin.token }), 200);
    expectStatus(await call("DELETE", path, { token: admin.token }), 404);
    const deleted = await call("DELETE", `/api/v1/groups/${id}`, { token: admin.token });
    expectStatus(deleted, 200);
    expectStatus(await call("DELETE", `/api/v1/groups/${id}`, { token: admin.token }), 404);
  });

  test("have names of their own, in any capitalization, within one organization", async () => {
    await make(admin, "Sales");
    const again = await call("POST", "/api/v1/groups", { token: admin.token, json: { name: "SALES" } });
    expectStatus(again, 409);
    expect(again.body.code).toBe("name_taken");
    await make(await register("Other"), "Sales");
  });

  test.each([
    [{}],
    [{ name: " " }],
    [{ name: "x".repeat(101) }],
    [{ name: "a\u0000b" }],
    [{ name: "a", id: 1 }],
  ])("are not made from %j", async (json) => {
    expectStatus(await call("POST", "/api/v1/groups", { token: admin.token, json }), 400);
  });

  test("take in no stranger and are not found by one", async () => {
    const stranger = await register("Stranger");
    const id = await make(admin, "Private");
    expectStatus(
      await call("PUT", `/api/v1/groups/${id}/members/${stranger.userId}`, { token: admin.token }),
      404,
    );
    expectStatus(
      await call("PUT", `/api/v1/groups/${id}/members/${stranger.userId}`, { token: stranger.token }),
      404,
    );
    expectStatus(await call("GET", `/api/v1/groups/${id}/members`, { token: stranger.token }), 404);
    expectStatus(await call("DELETE", `/api/v1/groups/${id}`, { token: stranger.token }), 404);
    const { text } = await call("GET", "/api/v1/groups", { token: stranger.token });
    expect(text).not.toContain("Private");
  });
});

describe("a document that names groups", () => {
  let admin: Person;
  let insider: Person;
  let outsider: Person;
  let hr: string;
  let legal: string;
  let salaries: string;
  let open: string;

  beforeAll(async () => {
    admin = await register("Payroll");
    [insider, outsider] = [await colleague(admin, "member"), await colleague(admin, "member")];
    [hr, legal] = [await make(admin, "HR"), await make(admin, "Legal")];
    await join(admin, hr, insider);
    await join(admin, legal, outsider);
    [salaries, open] = await Promise.all([
      ready(insider, "salaries.txt", "The quokkabonus is paid to every stargazer in December.", {
        groups: [hr],
      }),
      ready(admin, "open.txt", "The canteen serves soup to every stargazer at noon."),
    ]);
  }, 60_000);

  test("is found, listed, read and cited by its members and by admins", async () => {
    for (const reader of [insider, admin]) {
      expect(await found(reader, "who gets the quokkabonus")).toContain(salaries);
      const { body } = await call("GET", `/api/v1/documents/${salaries}`, { token: reader.token });
      expect(body.document.groups).toEqual([hr]);
      const list = await call("GET", "/api/v1/documents", { token: reader.token });
      expect(list.text).toContain(salaries);
      const answer = await call("POST", "/api/v1/query/sync", {
        token: reader.token,
        json: { query: "Who is paid the quokkabonus?" },
      });
      expect(answer.text).toContain("stargazer in December");
    }
  });

  test("is nowhere for anybody else", async () => {
    const viewer = await colleague(admin, "viewer");
    for (const path of ["", "/content", "/content?format=text", "/chunks"]) {
      const hidden = await call("GET", `/api/v1/documents/${salaries}${path}`, { token: outsider.token });
      expectStatus(hidden, 404);
      expect(hidden.text).not.toMatch(/salaries|quokka/);
    }
    expectStatus(await call("DELETE", `/api/v1/documents/${salaries}`, { token: outsider.token }), 404);
    expectStatus(await call("POST", `/api/v1/documents/${salaries}/reindex`, { token: outsider.token }), 404);
    expectStatus(await update(outsider, salaries, { name: "mine.txt" }), 404);
    const list = await call("GET", "/api/v1/documents", { token: outsider.token });
    expect(list.text).not.toMatch(/salaries|quokka/);
    for (const reader of [outsider, viewer]) {
      for (const more of [
        {},
        { document_ids: [salaries] },
        { document_ids: [salaries, open] },
        { top_k: 50 },
      ]) {
        const body = await search(reader, "quokkabonus stargazer December", more);
        expect(JSON.stringify(body)).not.toMatch(/salaries|quokka/);
      }
      for (const path of ["/api/v1/query/sync", "/api/v1/query"]) {
        const { text } = await call("POST", path, {
          token: reader.token,
          json: { query: "Who is paid the bonus for every stargazer in December?" },
        });
        expect(text).not.toMatch(/salaries|quokka/);
      }
    }
  });

  test("does not show in the scores of those who may not read it", async () => {
    const twin = await register("Twin");
    const reader = await colleague(twin, "member");
    await ready(twin, "open.txt", "The canteen serves soup to every stargazer at noon.");
    const query = "stargazer quokkabonus soup";
    const [with_, without] = [await search(outsider, query), await search(reader, query)];
    const scores = (body: any) => [
      body.results.map((hit: any) => hit.scores),
      body.retrieval.off_topic_ratio,
    ];
    expect(scores(with_)).toEqual(scores(without));
    expect(scores(await search(insider, query))).not.toEqual(scores(without));
  });

  test("is not even guessed at through a misspelling", async () => {
    const body = await search(outsider, "quokkabonuss");
    expect(body.results).toEqual([]);
    expect(await found(insider, "quokkabonuss")).toContain(salaries);
  });

  test("row level security hides it in every table, without any WHERE", async () => {
    for (const table of [
      "documents",
      "chunks",
      "chunk_vec",
      "segments",
      "chunk_lex",
      "org_terms",
      "org_corpus",
    ]) {
      const rows = async (person: Person) => {
        const [{ rows }] = await tenantBatch(ctxFor(person, "member"), (db) => [
          db.execute(sql.raw(`select groups from kalamna.${table} where groups is not null`)),
        ]);
        return rows.length;
      };
      expect(await rows(outsider), table).toBe(0);
      expect(await rows(insider), table).toBeGreaterThan(0);
    }
  });

  test("a person who joins sees it at the next request, and one who leaves does not", async () => {
    const guest = await colleague(admin, "member");
    expect(await found(guest, "quokkabonus")).not.toContain(salaries);
    await join(admin, hr, guest);
    expect(await found(guest, "quokkabonus")).toContain(salaries);
    await call("DELETE", `/api/v1/groups/${hr}/members/${guest.userId}`, { token: admin.token });
    expect(await found(guest, "quokkabonus")).not.toContain(salaries);
  });

  test("groups do not lift the access level: an external member of the group sees nothing internal", async () => {
    const guest = await colleague(admin, "member", "external");
    await join(admin, hr, guest);
    expect(await found(guest, "quokkabonus")).not.toContain(salaries);
    expectStatus(await call("GET", `/api/v1/documents/${salaries}`, { token: guest.token }), 404);
  });

  test("cannot be uploaded for groups that the uploader is in none of, or that do not exist", async () => {
    const upload = (groups: unknown) =>
      call("POST", "/api/v1/documents", {
        token: outsider.token,
        json: { name: "x.txt", content: `For others ${crypto.randomUUID()}`, groups },
      });
    expectStatus(await upload([hr]), 403);
    const foreign = await upload([await make(await register(), "Foreign")]);
    expectStatus(foreign, 400);
    expect(foreign.body.errors[0].path).toBe("groups");
    expectStatus(await upload([]), 400);
    expectStatus(await upload(["hr"]), 400);
    expectStatus(await upload([hr, legal]), 202);
  });

  test("comes in as a form as well", async () => {
    const form = new FormData();
    form.set("groups", `${legal}, ${hr}`);
    form.set("file", new Blob(["A form for both of us."]), "form.txt");
    const answer = await call("POST", "/api/v1/documents", { token: outsider.token, body: form });
    expectStatus(answer, 202);
    expect(answer.body.document.groups).toEqual([hr, legal].sort());
  });

  test("does not keep others from having the same bytes for themselves", async () => {
    const content = `Same bytes ${crypto.randomUUID()}`;
    const [mine, theirs] = [
      await ready(insider, "a.txt", content, { groups: [hr] }),
      await ready(outsider, "b.txt", content),
    ];
    expect(theirs).not.toBe(mine);
    const again = await call("POST", "/api/v1/documents", {
      token: insider.token,
      json: { name: "c.txt", content, groups: [hr] },
    });
    expectStatus(again, 200);
    const shared = await update(insider, mine, { groups: null });
    expectStatus(shared, 409);
    expect(shared.body.code).toBe("duplicate_document");
  });
});

describe("changing a document", () => {
  let admin: Person;
  let owner: Person;
  let other: Person;
  let group: string;
  beforeAll(async () => {
    admin = await register("Labels");
    [owner, other] = [await colleague(admin, "member"), await colleague(admin, "member")];
    group = await make(admin, "Editors");
    await join(admin, group, owner);
  });

  test("is for its owner and admins: name and metadata", async () => {
    const id = await ready(owner, "draft.txt", "A draft about narwhals.", { metadata: { stage: "draft" } });
    const changed = await update(owner, id, { name: "final.txt", metadata: { stage: "final" } });
    expectStatus(changed, 200);
    expect(changed.body.document).toMatchObject({ name: "final.txt", metadata: { stage: "final" } });
    expect(await found(other, "narwhals", { metadata: { stage: "final" } })).toEqual([id]);
    expect(await found(other, "narwhals", { metadata: { stage: "draft" } })).toEqual([]);
    expectStatus(await update(other, id, { name: "stolen.txt" }), 403);
    expectStatus(await update(admin, id, { name: "approved.txt" }), 200);
  });

  test("moves its passages and statistics with it: groups, access level and back", async () => {
    const id = await ready(owner, "plan.txt", "The plan mentions a zeppelin.");
    const guest = await colleague(admin, "member", "external");
    const ratio = async (by: Person) => (await search(by, "zeppelin")).retrieval.off_topic_ratio;
    const before = await ratio(other);
    expect(await found(other, "zeppelin")).toEqual([id]);

    expectStatus(await update(owner, id, { groups: [group] }), 200);
    expect(await found(other, "zeppelin")).toEqual([]);
    expect(await found(owner, "zeppelin")).toEqual([id]);

    expectStatus(await update(owner, id, { access_level: "external" }), 200);
    expect(await found(guest, "zeppelin")).toEqual([]);
    expectStatus(await update(owner, id, { groups: null }), 200);
    expect(await found(guest, "zeppelin")).toEqual([id]);

    expectStatus(await update(owner, id, { access_level: "internal" }), 200);
    expect(await found(guest, "zeppelin")).toEqual([]);
    expect(await ratio(other)).toBe(before);
    const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`select term, access, groups, df from kalamna.org_terms t where df <= 0
                     union all
                     select 0, c.access, c.groups, c.chunks from kalamna.org_corpus c
                      where c.chunks <> (select count(*) from kalamna.chunk_lex l
                                          where l.access = c.access and l.groups is not distinct from c.groups)`),
    ]);
    expect(rows).toEqual([]);
  });

  test("while it is being read, its passages come out with the new readers", async () => {
    const { body } = await call("POST", "/api/v1/documents", {
      token: owner.token,
      json: { name: "race.txt", content: "The race is run by an ocelot." },
    });
    const { id } = body.document;
    expectStatus(await update(owner, id, { groups: [group] }), 200);
    await ready(owner, "after.txt", "Something that is read after the race.");
    await expect.poll(() => found(owner, "ocelot"), { timeout: 10_000 }).toEqual([id]);
    expect(await found(other, "ocelot")).toEqual([]);
  });

  test("cannot put it where the owner would not see it", async () => {
    const id = await ready(owner, "own.txt", "Something about an axolotl.");
    const closed = await make(admin, "Closed");
    const hidden = await update(owner, id, { groups: [closed] });
    expectStatus(hidden, 403);
    expect(await found(owner, "axolotl")).toEqual([id]);
    expectStatus(await update(owner, id, { groups: [crypto.randomUUID()] }), 403);
    expectStatus(await update(admin, id, { groups: [crypto.randomUUID()] }), 400);
    const guest = await colleague(admin, "member", "external");
    const theirs = await ready(guest, "guest.txt", "A guest wrote about an aardvark.", {
      access_level: "external",
    });
    expectStatus(await update(guest, theirs, { access_level: "internal" }), 403);
  });

  test.each([
    ["nothing", {}],
    ["an empty list of groups", { groups: [] }],
    ["too many groups", { groups: Array.from({ length: 21 }, () => crypto.randomUUID()) }],
    ["another field", { created_by: null }],
    ["an empty name", { name: "  " }],
    ["nested metadata", { metadata: { a: {} } }],
  ])("%s is refused", async (_, json) => {
    const id = crypto.randomUUID();
    expectStatus(await update(owner, id, json), 400);
  });
});

test("a group that is deleted leaves its documents to admins, never to everybody", async () => {
  const admin = await register("Fail closed");
  const [member, both] = [await colleague(admin, "member"), await colleague(admin, "member")];
  const [going, staying] = [await make(admin, "Going"), await make(admin, "Staying")];
  await join(admin, going, member);
  await join(admin, staying, both);
  const [only, shared] = [
    await ready(member, "only.txt", "Only the going group knows of the pangolin.", { groups: [going] }),
    await ready(admin, "shared.txt", "Two groups know of the wombat.", { groups: [going, staying] }),
  ];
  const content = `A key knows of the okapi ${crypto.randomUUID()}.`;
  await ready(admin, "twin.txt", content, { groups: [staying] });
  const { rows: twin } = await baseCtx().ports.db.execute<{ id: string }>(sql`
    insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level, groups)
    select org_id, 'restricted-twin.txt', content_type, bytes, sha256, access_level, ${`{${going},${staying}}`}::uuid[]
      from kalamna.documents where org_id = ${admin.orgId} and name = 'twin.txt' returning id`);
  const key = await call("POST", "/api/v1/api-keys", {
    token: admin.token,
    json: { name: "bot", scopes: ["documents:read"], groups: [going] },
  });
  const seenByKey = (id: string) => call("GET", `/api/v1/documents/${id}`, { token: key.body.key });
  expectStatus(await seenByKey(only), 200);
  const deleted = await call("DELETE", `/api/v1/groups/${going}`, { token: admin.token });
  expect(deleted.body.deleted).toMatchObject({ name: "Going", members: 1, documents: 2 });
  for (const id of [only, shared, twin[0]!.id]) expectStatus(await seenByKey(id), 404);
  expect(await found(member, "pangolin")).toEqual([]);
  expect(await found(both, "pangolin")).toEqual([]);
  expect(await found(admin, "pangolin")).toEqual([only]);
  expect(await found(both, "wombat")).toEqual([shared]);
  expectStatus(await call("GET", `/api/v1/documents/${only}`, { token: member.token }), 404);
  expectStatus(await update(admin, only, { groups: null }), 200);
  expect(await found(both, "pangolin")).toEqual([only]);
}, 60_000);
