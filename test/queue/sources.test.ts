/** What happens to a source over time, message by message: refreshes, failures, lost and doubled messages. */
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { AppError } from "../../src/errors.ts";
import { systemBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { sweep } from "../../src/queue/sweep.ts";
import { expectStatus, type Person, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { baseCtx, ctxFor } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";
import { queueAway, type Rig, rig } from "../support/rigged.ts";
import { html, newSite, type Site } from "../support/sites.ts";
import { storedKeys } from "../support/stored.ts";

let person: Person;
let world: Rig;
beforeEach(async () => {
  person = await register();
  world = rig();
});

const ask = async (method: string, path: string, json?: unknown, wanted = 200): Promise<any> => {
  const answer = await world.call(method, `/api/v1/${path}`, {
    token: person.token,
    ...(json === undefined ? {} : { json }),
  });
  expectStatus(answer, wanted);
  return answer.body;
};
const source = async (id: string) => (await ask("GET", `sources/${id}`)).source;
const add = async (json: unknown): Promise<string> => (await ask("POST", "documents", json, 202)).source.id;
const pages = async (id: string): Promise<any[]> => (await ask("GET", `sources/${id}/pages`)).data;
const states = async (id: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await pages(id)).map((page) => [
      page.url.replace(/^https?:\/\/[^/]+/, ""),
      page.failure ? `${page.state}: ${page.failure.code}` : page.state,
    ]),
  );
const run = (statement: ReturnType<typeof sql>) =>
  tenantBatch(ctxFor(person), (db) => [db.execute(statement)]);
/** No pause that a page or a source keeps is still ahead. */
const letTimePass = () =>
  run(sql`update kalamna.source_pages set not_before = null where not_before is not null`);

/** Delivers everything, time passing in between, until nothing is left. */
async function settle(): Promise<void> {
  for (let count = 0; world.sent.length > 0; count++) {
    expect(count).toBeLessThan(200);
    await letTimePass();
    expect((await world.deliver(world.sent.shift())).acked).toBe(true);
  }
}
async function refresh(id: string): Promise<any> {
  await ask("POST", `sources/${id}/refresh`, undefined, 202);
  await settle();
  return source(id);
}
const documentOf = async (id: string) =>
  (await ask("GET", `documents/${(await source(id)).document_id}`)).document;
const found = async (query: string): Promise<string[]> =>
  (await ask("POST", "search", { query })).results.map((result: any) => result.content);

const PIER = "The eastern pier is two hundred metres long and was built of oak.";

describe("refreshed, a page", () => {
  test("that its server calls unchanged is not read again", async () => {
    const site = await newSite({ "/pier": { headers: { etag: '"v1"' }, body: html("Pier", PIER) } });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    const before = await documentOf(id);
    expect(before).toMatchObject({ status: "ready", version: 1 });
    expect(await refresh(id)).toMatchObject({ status: "idle", run: 2, pages: { unchanged: 1 } });
    const asked = (await site.seen()).filter(({ path }) => path === "/pier");
    expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"v1"']);
    expect(await documentOf(id)).toEqual(before);
  });

  test("that is asked about by date where there is no etag", async () => {
    const since = "Sat, 21 Nov 2026 06:00:00 GMT";
    const site = await newSite({
      "/pier": { headers: { "last-modified": since }, body: html("Pier", PIER) },
    });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    await refresh(id);
    expect((await site.seen()).at(-1)?.headers["if-modified-since"]).toBe(since);
    expect(await states(id)).toEqual({ "/pier": "unchanged" });
  });

  test("whose bytes differ and whose text does not makes no new version", async () => {
    const token = (value: string) => html("Pier", PIER, [], `<meta name="csrf-token" content="${value}">`);
    const site = await newSite({ "/pier": token("one") });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    await site.set({ "/pier": token("two") });
    expect(await refresh(id)).toMatchObject({ pages: { unchanged: 1 } });
    expect(await documentOf(id)).toMatchObject({ version: 1 });
  });

  test("that is a file with the same bytes is unchanged, and nothing is stored beside them", async () => {
    const body = "port,height\n".padEnd(6 * 1024 * 1024, "Hull,4\n");
    const site = await newSite({ "/tides.csv": { body, headers: { "content-type": "text/csv" } } });
    /** The visits only: what such a file says is nothing to this. */
    const visits = async () => {
      for (let job = world.sent.shift(); job; job = world.sent.shift())
        if (job.kind === "source.step") await world.deliver(job);
    };
    const id = await add({ url: `${site.origin}/tides.csv` });
    await visits();
    const stored = await storedKeys(person.orgId);
    await ask("POST", `sources/${id}/refresh`, undefined, 202);
    await letTimePass();
    await visits();
    expect(await states(id)).toEqual({ "/tides.csv": "unchanged" });
    expect(stored).toEqual([expect.stringContaining("/sha256/")]);
    expect(await storedKeys(person.orgId)).toEqual(stored);
  });

  test("that says something else is a new version of the same document", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    const before = await documentOf(id);
    await site.set({ "/pier": html("New pier", "The eastern pier was rebuilt of granite last winter.") });
    expect(await refresh(id)).toMatchObject({ pages: { fetched: 1 } });
    expect(await documentOf(id)).toMatchObject({
      id: before.id,
      version: 2,
      status: "ready",
      name: "New pier",
    });
    expect((await found("what is the eastern pier built of?")).join()).toContain("granite");
    expect((await found("what is the eastern pier built of?")).join()).not.toContain("oak");
  });

  test("that is not there any more keeps its document, and says so", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    await site.set({ "/pier": null });
    for (let time = 0; time < 3; time++) {
      expect(await refresh(id)).toMatchObject({
        status: "failed",
        failure: { code: "gone", detail: "The page is not there (404)." },
      });
    }
    expect((await found("pier")).join()).toContain("oak");
    await site.set({ "/pier": html("Pier", PIER) });
    expect(await refresh(id)).toMatchObject({ status: "idle", failure: null, pages: { unchanged: 1 } });
  });

  test("takes its document along when the source wants that: the second time, or at once when it says so", async () => {
    const site = await newSite({
      "/pier": html("Pier", PIER),
      "/shed": html("Shed", "The shed on the pier holds nets and lamps."),
    });
    const pier = await add({ url: `${site.origin}/pier`, on_gone: "delete" });
    const shed = await add({ url: `${site.origin}/shed`, on_gone: "delete" });
    await settle();
    await site.set({ "/pier": null, "/shed": { status: 410 } });
    await refresh(pier);
    await refresh(shed);
    expect((await found("pier")).join()).toContain("oak");
    expect((await found("nets and lamps")).join()).not.toContain("nets");
    expect((await refresh(pier)).document_id).toBeNull();
    expect((await found("pier")).join()).not.toContain("oak");
  });

  test("whose document somebody deleted stays away, until somebody adds it again", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const url = `${site.origin}/pier`;
    const id = await add({ url });
    await settle();
    await ask("DELETE", `documents/${(await source(id)).document_id}`);
    await refresh(id);
    expect(await states(id)).toEqual({ "/pier": "skipped: deleted" });
    await refresh(id);
    expect(await states(id)).toEqual({ "/pier": "skipped: deleted" });
    expect(await add({ url })).toBe(id);
    await settle();
    expect(await states(id)).toEqual({ "/pier": "fetched" });
    expect((await found("pier")).join()).toContain("oak");
  });

  test("that has moved takes its document along to the new address", async () => {
    const site = await newSite({
      "/": html("Start", "Where it all starts.", ["/old"]),
      "/old": html("Pier", PIER),
    });
    const id = await add({ crawl: site.origin });
    await settle();
    const before = (await pages(id)).find(({ url }) => url.endsWith("/old")).document_id;
    await site.set({ "/old": { status: 301, headers: { location: "/new" } }, "/new": html("Pier", PIER) });
    await refresh(id);
    expect(await states(id)).toEqual({
      "/": "unchanged",
      "/old": "skipped: redirected",
      "/new": "fetched",
    });
    expect((await pages(id)).map(({ document_id }) => document_id === before)).toEqual([false, false, true]);
    expect((await ask("GET", `documents/${before}`)).document).toMatchObject({
      version: 1,
      url: `${site.origin}/new`,
    });
    expect((await ask("GET", "documents")).data).toHaveLength(2);
    expect((await found("pier oak")).filter((text) => text.includes("oak"))).toHaveLength(1);
  });

  test.each([
    ["keep", 1],
    ["delete", 0],
  ])("that asks not to be found any more, under on_gone %s: %i documents left", async (on_gone, left) => {
    const site = await newSite({ "/": html("Pier", PIER) });
    const id = await add({ crawl: site.origin, on_gone });
    await settle();
    await site.set({ "/": html("Pier", PIER, [], '<meta name="robots" content="noindex">') });
    await refresh(id);
    expect(await states(id)).toEqual({ "/": "skipped: noindex" });
    expect((await ask("GET", "documents")).data).toHaveLength(left);
  });

  test("takes the labels its source has been given", async () => {
    const site = await newSite({ "/pier": { headers: { etag: '"v1"' }, body: html("Pier", PIER) } });
    const id = await add({ url: `${site.origin}/pier`, metadata: { kind: "old" } });
    await settle();
    await ask("PATCH", `sources/${id}`, { access_level: "external", metadata: { kind: "new" } });
    await settle();
    expect(await documentOf(id)).toMatchObject({
      access_level: "external",
      metadata: { kind: "new" },
      version: 1,
    });
  });

  test("is taken from readers its source no longer lets in before anything is visited", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const id = await add({ url: `${site.origin}/pier`, access_level: "external" });
    await settle();
    await ask("POST", `sources/${id}/pause`);
    await ask("PATCH", `sources/${id}`, { access_level: "internal" });
    expect(await documentOf(id)).toMatchObject({ access_level: "internal", version: 1 });
    await ask("PATCH", `sources/${id}`, { access_level: "external" });
    expect(await documentOf(id)).toMatchObject({ access_level: "internal" });
  });

  test("is taken from them before the answer comes, also where there are very many", async () => {
    const site = await newSite({ "/": html("Pier", PIER) });
    const id = await add({ crawl: site.origin, access_level: "external" });
    await settle();
    await baseCtx().ports.db.execute(sql`
      with made as (
        insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level, url, source_id, created_by)
        select org_id, 'page', 'text/html', 1, lpad(to_hex(n), 64, '0'), 'external', url || n, id, created_by
          from kalamna.sources, generate_series(1, 250) n where id = ${id}
        returning *)
      insert into kalamna.source_pages (org_id, source_id, url, run, state, document_id)
      select org_id, source_id, url, 1, 'fetched', id from made`);
    await ask("PATCH", `sources/${id}`, { access_level: "internal" });
    const [{ rows }] = await run(sql`
      select access_level, count(*)::int as documents from kalamna.documents group by access_level`);
    expect(rows).toEqual([{ access_level: "internal", documents: 251 }]);
  });

  test.each([
    ["is not there any more", null],
    ["is broken", { status: 403 }],
    ["asks not to be found", html("Pier", PIER, [], '<meta name="robots" content="noindex">')],
  ])("that %s hands its source's new labels to the document it left", async (_, page) => {
    const site = await newSite({ "/": html("Pier", PIER) });
    const id = await add({ crawl: site.origin, access_level: "external" });
    await settle();
    const [{ document_id: left }] = await pages(id);
    await site.set({ "/": page });
    await ask("PATCH", `sources/${id}`, { access_level: "internal" });
    await settle();
    expect((await ask("GET", `documents/${left}`)).document).toMatchObject({ access_level: "internal" });
  });
});

describe("a page that cannot be had now", () => {
  const page = { does: "flaky", body: html("Pier", PIER) } as const;

  test("is asked again when its host says so, and not before", async () => {
    const site = await newSite({ "/pier": { ...page, status: 429, headers: { "retry-after": "1200" } } });
    const id = await add({ url: `${site.origin}/pier` });
    await world.deliver(world.sent.shift());
    const [waits] = await pages(id);
    expect(waits).toMatchObject({ state: "queued", failure: { code: "fetch_failed" } });
    expect(waits.failure.detail).toContain("429");
    await world.deliver(world.sent.shift());
    expect(await site.paths()).toEqual(["/pier"]);
    const [{ rows }] = await run(sql`
      select extract(epoch from not_before - now())::int as seconds from kalamna.source_pages`);
    expect(rows[0]?.seconds).toBeGreaterThan(1_100);
    await settle();
    expect(await source(id)).toMatchObject({ status: "idle", failure: null, pages: { fetched: 1 } });
  });

  test("has failed after four tries, with the last reason", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const site = await newSite({ "/pier": { ...page, status: 503, failures: 99 } });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    expect(await source(id)).toMatchObject({
      status: "failed",
      failure: { code: "fetch_failed", detail: "The address answers 503." },
    });
    expect(await site.paths()).toHaveLength(4);
    expect(warned.mock.calls.flat().join("\n")).toMatch(/"job":"source.step".*"code":"fetch_failed"/);
    warned.mockRestore();
  });

  test("has failed when every Worker that read it died of it", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const id = await add({ url: `${site.origin}/pier` });
    await run(sql`update kalamna.source_pages set attempt = 4`);
    await settle();
    expect(await states(id)).toEqual({ "/pier": "failed: ingestion_timeout" });
    expect(await site.paths()).toEqual([]);
  });

  test.each([
    [
      "wants to be left alone for hours",
      { status: 503, headers: { "retry-after": "86400" } },
      "fetch_failed",
    ],
    ["is for others", { status: 403, body: "no" }, "fetch_failed"],
    ["is empty", { body: "" }, "empty_document"],
    ["is a picture", { headers: { "content-type": "image/png" }, body: "\x89PNG" }, "unsupported_type"],
    ["is a picture that calls itself a page", { base64: "iVBORw0KGgoAAAANSUhEUg==" }, "unsupported_type"],
    ["is larger than any page", { does: "bomb", megabytes: 9 }, "too_large"],
    ["unpacks to more than we take", { does: "bomb", megabytes: 4_000 }, "too_large"],
    [
      "leads into a private network",
      { status: 302, headers: { location: "http://10.0.0.1/" } },
      "url_refused",
    ],
    [
      "leads to the cloud's metadata",
      { status: 301, headers: { location: "http://169.254.169.254/" } },
      "url_refused",
    ],
    ["leads out of the web", { status: 302, headers: { location: "file:///etc/passwd" } }, "url_refused"],
  ] as const)("and %s ends at once with a reason", async (_, answer, code) => {
    const site = await newSite({ "/pier": answer as never });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    expect(await source(id)).toMatchObject({ status: "failed", failure: { code }, document_id: null });
    expect(await site.paths()).toHaveLength(1);
  });

  test("because its connection breaks is tried again", async () => {
    const site = await newSite({ "/pier": { does: "cut", body: "<!doctype html><p>The eas" } });
    const id = await add({ url: `${site.origin}/pier` });
    await world.deliver(world.sent.shift());
    expect(await states(id)).toEqual({ "/pier": "queued: fetch_failed" });
    await site.set({ "/pier": html("Pier", PIER) });
    await settle();
    expect(await states(id)).toEqual({ "/pier": "fetched" });
  });
});

describe("robots.txt", () => {
  const three = {
    "/": html("Start", PIER, ["/a", "/b"]),
    "/a": html("A", "Alpha is the first pier."),
    "/b": html("B", "Beta is the second pier."),
  };

  test("that is not there allows everything", async () => {
    const site = await newSite(three);
    const id = await add({ crawl: site.origin });
    await settle();
    expect(await states(id)).toEqual({ "/": "fetched", "/a": "fetched", "/b": "fetched" });
  });

  test("that cannot be read keeps us away, for now", async () => {
    const site = await newSite({ ...three, "/robots.txt": { status: 503 } });
    const id = await add({ url: `${site.origin}/a` });
    await world.deliver(world.sent.shift());
    const [waits] = await pages(id);
    expect(waits).toMatchObject({ state: "queued", failure: { code: "fetch_failed" } });
    expect(waits.failure.detail).toContain("robots.txt");
    await site.set({ "/robots.txt": "" });
    await run(sql`update kalamna.source_hosts set robots_at = robots_at - interval '2 minutes'`);
    await settle();
    expect(await states(id)).toEqual({ "/a": "fetched" });
    expect(await site.paths()).toEqual(["/a"]);
  });

  test("is obeyed by single addresses, too, and where a redirect leads to another host", async () => {
    const site = await newSite({ "/robots.txt": "User-agent: Kalamna\nDisallow: /a\n", ...three });
    const other = await newSite({ "/go": { status: 302, headers: { location: `${site.origin}/a` } } });
    const direct = await add({ url: `${site.origin}/a` });
    const around = await add({ url: `${other.origin}/go` });
    await settle();
    for (const id of [direct, around]) {
      expect(await source(id)).toMatchObject({ status: "failed", failure: { code: "disallowed" } });
    }
  });

  test("that asks for a pause between pages gets it, in another message", async () => {
    const site = await newSite({ ...three, "/robots.txt": "User-agent: *\nCrawl-delay: 20\n" });
    const id = await add({ crawl: site.origin });
    await world.deliver(world.sent.shift());
    await world.deliver(world.sent.shift());
    expect(await site.paths()).toEqual(["/"]);
    const [{ rows }] = await run(sql`
      select url, extract(epoch from not_before - now())::int as seconds from kalamna.source_pages
       where state = 'queued' order by place`);
    expect(rows.map(({ seconds }) => Math.round(Number(seconds) / 10) * 10)).toEqual([20, 40]);
    await settle();
    expect(await states(id)).toEqual({ "/": "fetched", "/a": "fetched", "/b": "fetched" });
  });

  test("pages of one host are asked for one after the other, with a pause between", async () => {
    const site = await newSite(three);
    const [one, two] = [await add({ url: `${site.origin}/a` }), await add({ url: `${site.origin}/b` })];
    const [first, second] = world.sent.splice(0);
    await Promise.all([world.deliver(first), world.deliver(second)]);
    await settle();
    expect([await states(one), await states(two)]).toEqual([{ "/a": "fetched" }, { "/b": "fetched" }]);
    const asked = (await site.seen()).filter(({ path }) => path !== "/robots.txt");
    expect(Math.abs(asked[1]!.at - asked[0]!.at)).toBeGreaterThan(150);
  });
});

describe("a run's messages", () => {
  const five = async (): Promise<Site> =>
    newSite({
      "/": html("Start", PIER, ["/1", "/2", "/3", "/4"]),
      ...Object.fromEntries(
        [1, 2, 3, 4].map((n) => [`/${n}`, html(`Page ${n}`, `Page number ${n} tells of pier number ${n}.`)]),
      ),
    });

  test("delivered twice, at once or later, visit each page once", async () => {
    const site = await five();
    const id = await add({ crawl: site.origin });
    const [job] = world.sent.splice(0);
    const deliveries = await Promise.all([world.deliver(job), world.deliver(job), world.deliver(job)]);
    expect(deliveries.every(({ acked }) => acked)).toBe(true);
    await settle();
    await world.deliver(job);
    expect((await site.paths()).toSorted()).toEqual(["/", "/1", "/2", "/3", "/4"]);
    expect(await source(id)).toMatchObject({ status: "idle", run: 1, pages: { fetched: 5 } });
    expect((await ask("GET", "documents")).data).toHaveLength(5);
  });

  test("of an earlier run do nothing", async () => {
    const site = await five();
    const id = await add({ crawl: site.origin });
    const [old] = world.sent.splice(0);
    await world.deliver(old);
    await settle();
    await ask("POST", `sources/${id}/refresh`, undefined, 202);
    await world.deliver(old);
    expect(await source(id)).toMatchObject({ status: "running", run: 2, pages: { queued: 5 } });
    await settle();
    expect(await source(id)).toMatchObject({ status: "idle", run: 2, pages: { unchanged: 5 } });
  });

  test("that are lost are sent again by the sweeper", async () => {
    const site = await five();
    const id = await add({ crawl: site.origin });
    world.sent.length = 0;
    await sweep(world.runtime, () => undefined);
    expect(world.sent.filter((job) => "source_id" in job && job.source_id === id)).toEqual([]);
    await run(sql`update kalamna.sources set updated_at = now() - interval '3 minutes'`);
    await sweep(world.runtime, () => undefined);
    world.sent.splice(
      0,
      world.sent.length,
      ...world.sent.filter((job) => "source_id" in job && job.source_id === id),
    );
    expect(world.sent).toHaveLength(1);
    await settle();
    expect(await source(id)).toMatchObject({ status: "idle", pages: { fetched: 5 } });
  });

  test("that cannot be sent are sent by the sweeper: the source was accepted all the same", async () => {
    const site = await newSite({ "/pier": { body: html("Pier", PIER) } });
    const { runtime } = world;
    const away = appWith(() => ({ ...runtime, ports: { ...runtime.ports, jobs: queueAway } }));
    const answer = await away.call("POST", "/api/v1/documents", {
      token: person.token,
      json: { url: `${site.origin}/pier` },
    });
    expectStatus(answer, 202);
    const { id } = answer.body.source;
    await run(sql`update kalamna.sources set updated_at = now() - interval '3 minutes'`);
    await sweep(runtime, () => undefined);
    await settle();
    expect(await source(id)).toMatchObject({ status: "idle", pages: { fetched: 1 } });
  });

  test("end their source with a reason when storage stays away", async () => {
    const site = await five();
    const id = await add({ crawl: site.origin });
    const [job] = world.sent.splice(0);
    const { files } = world.runtime.ports;
    const broken = { ...files, store: () => Promise.reject(new Error("away")) };
    expect((await world.deliver(job, { with: { files: broken } })).retried).toBe(true);
    expect((await world.deliver(job, { with: { files: broken } })).retried).toBe(true);
    await world.deliver(job, { queue: "kalamna-dead-letters" });
    expect(await source(id)).toMatchObject({ status: "failed", failure: { code: "ingestion_timeout" } });
    expect(new Set(Object.values(await states(id)))).toEqual(new Set(["failed: ingestion_timeout"]));
  });

  test("end their source at once for what no other try would mend", async () => {
    const site = await newSite({ "/": html("Pier", PIER) });
    const id = await add({ crawl: site.origin });
    const { files } = world.runtime.ports;
    const detail = "Storage takes nothing of yours.";
    const refusing = { ...files, store: () => Promise.reject(new AppError("forbidden", { detail })) };
    expect(await world.deliver(world.sent.shift(), { with: { files: refusing } })).toEqual({
      acked: true,
      retried: false,
    });
    expect(await source(id)).toMatchObject({ status: "failed", failure: { code: "forbidden", detail } });
  });
});

test("an organization that is full ends the run, and every page says so", async () => {
  const site = await newSite({
    "/": html("Start", PIER, ["/1", "/2"]),
    "/1": html("One", "Page number one tells of pier number one."),
    "/2": html("Two", "Page number two tells of pier number two."),
  });
  await setQuota(person, { documents: 1 });
  const id = await add({ crawl: site.origin });
  await settle();
  expect(await source(id)).toMatchObject({
    status: "failed",
    failure: { code: "quota_full" },
    pages: { fetched: 1, failed: 2, queued: 0 },
  });
});

test("a sitemap of ten thousand pages is listed in one message, a few seconds", async () => {
  const urls = Array.from({ length: 10_000 }, (_, n) => `{origin}/some/path/of/average/length/page-${n}`);
  const site = await newSite({
    "/robots.txt": "User-agent: *\nCrawl-delay: 30\n",
    "/list.txt": urls.join("\n"),
  });
  const id = await add({ sitemap: `${site.origin}/list.txt` });
  const started = performance.now();
  await world.deliver(world.sent.shift());
  // Comparing row by row took 15 s; looking each up takes 1.4.
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(await source(id)).toMatchObject({ status: "running", pages: { queued: 10_000 } });
  await ask("DELETE", `sources/${id}`);
});

describe("a schedule", () => {
  test("starts the next run when it is due, and not before", async () => {
    const site = await newSite({ "/pier": { headers: { etag: '"v1"' }, body: html("Pier", PIER) } });
    const id = await add({ url: `${site.origin}/pier`, refresh_every: 60 });
    await settle();
    const { next_run_at, finished_at } = await source(id);
    const minutes = (Date.parse(next_run_at) - Date.parse(finished_at)) / 60_000;
    expect(minutes).toBeGreaterThan(56);
    expect(minutes).toBeLessThan(64);
    await sweep(world.runtime, () => undefined);
    expect(await source(id)).toMatchObject({ status: "idle", run: 1 });
    await run(sql`update kalamna.sources set next_run_at = now()`);
    await Promise.all([sweep(world.runtime, () => undefined), sweep(world.runtime, () => undefined)]);
    expect(await source(id)).toMatchObject({ status: "running", run: 2, next_run_at: null });
    await settle();
    expect(await source(id)).toMatchObject({ status: "idle", pages: { unchanged: 1 } });
  });

  test("can be changed and ended", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const id = await add({ url: `${site.origin}/pier` });
    await settle();
    expect(await source(id)).toMatchObject({ refresh_every: null, next_run_at: null });
    expect((await ask("PATCH", `sources/${id}`, { refresh_every: 30 })).source.next_run_at).not.toBeNull();
    expect((await ask("PATCH", `sources/${id}`, { refresh_every: null })).source.next_run_at).toBeNull();
    expect(world.sent).toEqual([]);
  });

  test("waits while the source is paused; what was in line goes on afterwards", async () => {
    const site = await newSite({ "/pier": html("Pier", PIER) });
    const id = await add({ url: `${site.origin}/pier`, refresh_every: 60 });
    expect((await ask("POST", `sources/${id}/pause`)).source.status).toBe("paused");
    await settle();
    expect(await site.paths()).toEqual([]);
    await ask("POST", `sources/${id}/refresh`, undefined, 409);
    expect((await ask("POST", `sources/${id}/resume`)).source.status).toBe("running");
    await settle();
    expect(await source(id)).toMatchObject({ status: "idle", pages: { fetched: 1 } });
    await ask("POST", `sources/${id}/pause`);
    await run(sql`update kalamna.sources set next_run_at = now()`);
    await sweep(world.runtime, () => undefined);
    expect(await source(id)).toMatchObject({ status: "paused", run: 1 });
    expect((await ask("POST", `sources/${id}/resume`)).source).toMatchObject({ status: "idle" });
  });

  test("the sweeper sees when, and nothing of what", async () => {
    await add({ url: (await newSite()).origin });
    await expect(
      systemBatch(baseCtx(), (db) => [db.execute(sql`select url from kalamna.sources`)]),
    ).rejects.toThrow();
  });
});
