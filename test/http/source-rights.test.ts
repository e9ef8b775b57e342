/** A source is visited by deferred work, which may do everything: what it may not do for whoever added it. */
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { call, expectStatus, finished, type Person, ready, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { baseCtx, colleague } from "../support/people.ts";
import { html, newSite } from "../support/sites.ts";

type Caller = { token: string };

async function added(caller: Caller, json: object): Promise<string> {
  const answer = await call("POST", "/api/v1/sources", { token: caller.token, json });
  expectStatus(answer, 202);
  return answer.body.source.id;
}

const over = (caller: Caller, id: string): Promise<any> =>
  vi.waitUntil(
    async () => {
      const { body } = await call("GET", `/api/v1/sources/${id}`, { token: caller.token });
      return ["idle", "failed"].includes(body.source?.status) ? body.source : undefined;
    },
    { timeout: 20_000, interval: 100 },
  );

const group = async (admin: Person): Promise<string> => {
  const answer = await call("POST", "/api/v1/groups", { token: admin.token, json: { name: "Board" } });
  expectStatus(answer, 201);
  return answer.body.group.id;
};
const document = async (person: Person, id: string) =>
  (await call("GET", `/api/v1/documents/${id}`, { token: person.token })).body.document;

const forged = () => newSite({ "/a": html("Forged", "The pay rise is nothing at all, says the forger.") });

test("a member's source takes no external id of a document that they cannot see", async () => {
  const admin = await register();
  const board = await group(admin);
  const id = await ready(admin, "pay.txt", "The pay rise is four percent.", {
    external_id: "pay",
    groups: [board],
    metadata: { owner: "board" },
  });
  const before = await document(admin, id);
  const member = await colleague(admin, "member");
  const { origin } = await forged();
  const source = await over(member, await added(member, { url: `${origin}/a`, external_id: "pay" }));
  expect(source).toMatchObject({
    status: "failed",
    document_id: null,
    failure: { code: "external_id_taken" },
  });
  expect(await document(admin, id)).toEqual(before);
});

test("nor of one that they see and may not change; an admin's does", async () => {
  const admin = await register();
  const id = await ready(admin, "pay.txt", "The pay rise is four percent.", { external_id: "pay" });
  const before = await document(admin, id);
  const member = await colleague(admin, "member");
  const { origin } = await forged();
  const mine = await over(member, await added(member, { url: `${origin}/a`, external_id: "pay" }));
  expect(mine.failure?.code).toBe("external_id_taken");
  expect(await document(admin, id)).toEqual(before);

  const theirs = await ready(member, "mine.txt", "The member keeps a list of boats.", {
    external_id: "boats",
  });
  const taken = await over(admin, await added(admin, { url: `${origin}/a`, external_id: "boats" }));
  expect(taken).toMatchObject({ status: "idle", document_id: theirs });
});

test("nor does an external key's source reach an internal document", async () => {
  const admin = await register();
  const id = await ready(admin, "pay.txt", "The pay rise is four percent.", { external_id: "pay" });
  const before = await document(admin, id);
  const { key } = await apiKey(admin, ["documents:read", "documents:write"], { access: "external" });
  const { origin } = await forged();
  const source = await over(
    { token: key },
    await added({ token: key }, { url: `${origin}/a`, external_id: "pay" }),
  );
  expect(source.failure?.code).toBe("external_id_taken");
  expect(await document(admin, id)).toEqual(before);
});

test("a key's own document goes on as its source, until the key is revoked", async () => {
  const admin = await register();
  const { id: keyId, key } = await apiKey(admin, ["documents:read", "documents:write"]);
  const caller = { token: key };
  const made = await call("POST", "/api/v1/documents", {
    token: key,
    json: { name: "boats.txt", content: "The boats are blue.", external_id: "boats" },
  });
  await finished(admin, made.body.document.id);
  const { origin } = await forged();
  const source = await over(caller, await added(caller, { url: `${origin}/a`, external_id: "boats" }));
  expect(source).toMatchObject({ status: "idle", document_id: made.body.document.id });
  const mayChange = async () => {
    const { rows } = await baseCtx().ports.db.execute(sql`
      select kalamna.enter_service(${admin.orgId}),
             kalamna.owner_may_change(null, ${keyId}, ${made.body.document.id}) as answer`);
    return rows[0]?.answer;
  };
  expect(await mayChange()).toBe(true);
  expectStatus(await call("DELETE", `/api/v1/api-keys/${keyId}`, { token: admin.token }), 200);
  expect(await mayChange()).toBe(false);
});

test("what an admin has hidden from the source's owner, new labels of the source do not show them", async () => {
  const admin = await register();
  const board = await group(admin);
  const member = await colleague(admin, "member");
  const { origin } = await forged();
  const source = await over(member, await added(member, { url: `${origin}/a` }));
  await finished(admin, source.document_id);
  const hidden = await call("PATCH", `/api/v1/documents/${source.document_id}`, {
    token: admin.token,
    json: { groups: [board] },
  });
  expectStatus(hidden, 200);
  const change = (who: Person) =>
    call("PATCH", `/api/v1/sources/${source.id}`, {
      token: who.token,
      json: { metadata: { a: "b" }, groups: null },
    });
  expectStatus(await change(member), 403);
  expect((await document(admin, source.document_id)).groups).toEqual([board]);
  expectStatus(await call("GET", `/api/v1/documents/${source.document_id}`, { token: member.token }), 404);
  expectStatus(await change(admin), 200);
  await over(admin, source.id);
  expect((await document(admin, source.document_id)).groups).toBeNull();
});

test.each([
  ["crawl", { crawl: { depth: 0 } }],
  ["sitemap", { sitemap: {} }],
])("a %s keeps out of the lane of people who wait, whatever it asks for", async (kind, json) => {
  const admin = await register();
  const { origin } = await newSite({
    "/a": html("One page", "One page of a crawl."),
    "/sitemap.xml": "<urlset><url><loc>{origin}/a</loc></url></urlset>",
  });
  const url = kind === "crawl" ? `${origin}/a` : `${origin}/sitemap.xml`;
  const source = await over(
    admin,
    await added(admin, { [kind]: { url, ...(json as any)[kind] }, lane: "ingest" }),
  );
  expect(source.status).toBe("idle");
  const { body } = await call("GET", "/api/v1/documents", { token: admin.token });
  expect(body.data.map((each: any) => each.lane)).toEqual(["ingest-bulk"]);
});

test("a source stops with whoever set it up, until an admin lets it go on", async () => {
  const admin = await register();
  const member = await colleague(admin, "member");
  const { key, id: keyId } = await apiKey(admin, ["documents:read", "documents:write"]);
  const { origin } = await newSite({ "/a": html("A", "One."), "/b": html("B", "Two.") });
  const sources = [
    await added(member, { url: `${origin}/a`, refresh_every: 60 }),
    await added({ token: key }, { url: `${origin}/b`, refresh_every: 60 }),
  ];
  for (const id of sources) await over(admin, id);
  const paths = [`/api/v1/employees/${member.userId}`, `/api/v1/api-keys/${keyId}`];
  for (const path of paths)
    expect((await call("DELETE", path, { token: admin.token })).status).toBeLessThan(300);
  for (const id of sources) {
    const { body } = await call("GET", `/api/v1/sources/${id}`, { token: admin.token });
    expect(body.source).toMatchObject({
      status: "paused",
      next_run_at: null,
      failure: { code: "forbidden" },
    });
    const resumed = await call("POST", `/api/v1/sources/${id}/resume`, { token: admin.token });
    expectStatus(resumed, 200);
    expect(resumed.body.source).toMatchObject({ status: "idle", failure: null });
  }
});
