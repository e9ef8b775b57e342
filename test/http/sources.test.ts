import { describe, expect, test, vi } from "vitest";
import { type Answer, call, expectStatus, finished, type Person, register } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { colleague } from "../support/people.ts";
import { html, newSite } from "../support/sites.ts";

const add = (person: Person, json: unknown, path = "documents") =>
  call("POST", `/api/v1/${path}`, { token: person.token, json });

async function added(person: Person, json: unknown): Promise<string> {
  const answer = await add(person, json);
  expectStatus(answer, 202);
  return answer.body.source.id;
}

/** Waits until the queue has brought the source's run to an end. */
const over = (person: Person, id: string): Promise<any> =>
  vi.waitUntil(
    async () => {
      const { body } = await call("GET", `/api/v1/sources/${id}`, { token: person.token });
      return ["idle", "failed"].includes(body.source?.status) ? body.source : undefined;
    },
    { timeout: 20_000, interval: 100 },
  );

const pages = async (person: Person, id: string): Promise<Record<string, any>> => {
  const answer = await call("GET", `/api/v1/sources/${id}/pages?limit=200`, { token: person.token });
  expectStatus(answer, 200);
  return Object.fromEntries(
    answer.body.data.map((page: any) => [page.url.replace(/^https?:\/\/[^/]+/, ""), page]),
  );
};
const states = async (person: Person, id: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(await pages(person, id)).map(([path, page]) => [
      path,
      page.failure ? `${page.state}: ${page.failure.code}` : page.state,
    ]),
  );
const search = async (person: Person, query: string): Promise<Answer> => {
  const answer = await call("POST", "/api/v1/search", { token: person.token, json: { query } });
  expectStatus(answer, 200);
  return answer;
};

describe("a single address", () => {
  test("is accepted at once, fetched later, and then found by search", async () => {
    const person = await register();
    const site = await newSite({
      "/ferry": html("The ferry", "The ferry to Skarn leaves at a quarter past seven from the eastern pier."),
    });
    const answer = await add(person, { url: `${site.origin}/ferry#top`, metadata: { team: "travel" } });
    expectStatus(answer, 202);
    expect(answer.headers.get("location")).toBe(`/api/v1/sources/${answer.body.source.id}`);
    expect(answer.body).toMatchObject({
      duplicate: false,
      source: { kind: "url", status: "running", url: `${site.origin}/ferry`, document_id: null },
    });
    const source = await over(person, answer.body.source.id);
    expect(source).toMatchObject({ status: "idle", failure: null, pages: { fetched: 1 } });
    const document = await finished(person, source.document_id);
    expect(document).toMatchObject({
      status: "ready",
      name: "The ferry",
      title: "The ferry",
      url: `${site.origin}/ferry`,
      source_id: source.id,
      metadata: { team: "travel" },
      access_level: "internal",
      created_by: person.userId,
    });
    const found = await search(person, "when does the ferry to Skarn leave?");
    expect(found.body.results[0].document_id).toBe(document.id);
  });
});

/** A small site with everything that crawlers stumble over. */
const harbour = () =>
  newSite({
    "/robots.txt": "User-agent: *\nDisallow: /private/\n\nUser-agent: otherbot\nDisallow: /\n",
    "/": html("Harbour", "The harbour office opens at eight and closes at five on weekdays.", [
      "/ferries",
      "/piers?sort=name#list",
      "/old",
      "/missing",
      "/private/plans",
      "/hidden",
      "/twin",
      "/photo.jpg",
      "/logo",
      "/feed",
      "/empty",
      "https://elsewhere.example/",
      "mailto:harbour@example.com",
      "javascript:void(0)",
      "tel:123",
      "http://user:password@127.0.0.1/",
    ]),
    "/ferries": html(
      "Ferries",
      "Four ferries a day sail to Skarn; the last one leaves at nine in the evening.",
      ["/", "/ferries/skarn", "/ferries/skarn#times"],
    ),
    "/ferries/skarn": html(
      "Skarn line",
      "The Skarn line is served by the Tarnholt, built in nineteen eighty-one.",
      ["/ferries", "/deep"],
      '<link rel="canonical" href="/skarn">',
    ),
    "/skarn": html(
      "Skarn line",
      "The Skarn line is served by the Tarnholt, built in nineteen eighty-one.",
      ["/deep"],
      '<link rel="canonical" href="/skarn">',
    ),
    "/deep": html("Deep", "Deep below the pier lies the old anchor of the Tarnholt.", ["/deeper"]),
    "/deeper": html("Deeper", "Deeper still lies the chain of that anchor."),
    "/piers?sort=name": html("Piers", "There are seven piers, and the eastern one is the longest of them."),
    "/old": { status: 301, headers: { location: "/ferries" } },
    "/private/plans": html("Plans", "The plans for the secret pier."),
    "/hidden": html(
      "Hidden",
      "A page that nobody should find.",
      ["/behind-hidden"],
      '<meta name="robots" content="noindex">',
    ),
    "/behind-hidden": html("Behind", "The page behind the hidden page tells of the lighthouse keeper."),
    "/twin": html("Harbour", "The harbour office opens at eight and closes at five on weekdays."),
    "/logo": { headers: { "content-type": "image/png" }, body: "\x89PNG" },
    "/feed": { headers: { "content-type": "application/rss+xml" }, body: "<rss></rss>" },
    "/empty": { body: "<!doctype html><html><body><div id=app></div><script>start()</script></body></html>" },
    "/photo.jpg": { headers: { "content-type": "image/jpeg" }, body: "\xff\xd8" },
  });

describe("a crawl", () => {
  test("visits every page once, and each ends with a reason", async () => {
    const person = await register();
    const site = await harbour();
    const id = await added(person, { crawl: { url: site.origin, depth: 3 }, access_level: "external" });
    expect(await over(person, id)).toMatchObject({ kind: "crawl", status: "idle", limit_reached: false });
    expect(await states(person, id)).toEqual({
      "/": "fetched",
      "/ferries": "fetched",
      "/piers?sort=name": "fetched",
      "/old": "skipped: redirected",
      "/missing": "gone: gone",
      "/private/plans": "disallowed: disallowed",
      "/hidden": "skipped: noindex",
      "/behind-hidden": "fetched",
      "/twin": "skipped: same_text",
      "/logo": "skipped: unsupported_type",
      "/feed": "skipped: unsupported_type",
      "/empty": "failed: empty_document",
      "/ferries/skarn": "skipped: canonical",
      "/skarn": "fetched",
      "/deep": "fetched",
    });
    const paths = await site.paths();
    expect(paths.toSorted()).toEqual([...new Set([...paths, "/ferries"]), "/ferries"].toSorted());
    expect(paths).not.toContain("/private/plans");
    const seen = await site.seen();
    expect(seen.filter(({ path }) => path === "/robots.txt")).toHaveLength(1);
    expect(new Set(seen.map(({ headers }) => headers["user-agent"]))).toEqual(new Set(["Kalamna/1.0"]));
    const documents = await call("GET", "/api/v1/documents", { token: person.token });
    expect(documents.body.data.map((each: any) => each.name).toSorted()).toEqual([
      "Behind",
      "Deep",
      "Ferries",
      "Harbour",
      "Piers",
      "Skarn line",
    ]);
    expect(new Set(documents.body.data.map((each: any) => each.access_level))).toEqual(new Set(["external"]));
  });
});

describe("a crawl goes no further than", () => {
  /** A calendar without end: every day links to the next, and to itself in another guise. */
  const calendar = () =>
    newSite({
      "/": html("Calendar", "Every day of the harbour has a page of its own.", ["/day/1", "/news/1"]),
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, n) => [
          `/day/${n}`,
          html(`Day ${n}`, `On day number ${n} the tide was ${n} feet.`, [
            `/day/${n + 1}`,
            `/day/${n + 1}#x`,
          ]),
        ]),
      ),
      "/news/1": html("News", "The news of the harbour is that there is none.", ["/news/secret/2"]),
      "/news/secret/2": html("Secret", "The secret news of the harbour."),
    });

  test("its depth", async () => {
    const person = await register();
    const site = await calendar();
    const id = await added(person, { crawl: { url: site.origin, depth: 2 } });
    await over(person, id);
    expect(Object.keys(await states(person, id)).toSorted()).toEqual([
      "/",
      "/day/1",
      "/day/2",
      "/news/1",
      "/news/secret/2",
    ]);
  });

  test("its limit, and says that there was more", async () => {
    const person = await register();
    const site = await calendar();
    const id = await added(person, { crawl: { url: site.origin, depth: 5, limit: 3 } });
    expect(await over(person, id)).toMatchObject({ limit_reached: true, pages: { fetched: 3 } });
    expect(await site.paths()).toHaveLength(3);
  });

  test("what it includes and does not exclude, and its host", async () => {
    const person = await register();
    const site = await calendar();
    const id = await added(person, {
      crawl: { url: site.origin, depth: 2, include: ["/news/", "/day/2"], exclude: ["/news/secret/"] },
    });
    await over(person, id);
    expect(Object.keys(await states(person, id))).toEqual(["/", "/news/1"]);
  });

  test("its host, unless it may", async () => {
    const person = await register();
    const other = await newSite({ "/there": html("There", "The other harbour lies across the bay.") });
    const site = await newSite({
      "/": html("Here", "This harbour lies on this side.", [`${other.origin}/there`]),
    });
    const near = await added(person, { crawl: { url: site.origin } });
    await over(person, near);
    expect(Object.keys(await states(person, near))).toEqual(["/"]);
    const far = await added(person, { crawl: { url: site.origin, same_host: false } });
    await over(person, far);
    expect(await states(person, far)).toEqual({ "/": "fetched", "/there": "fetched" });
  });
});

describe("a sitemap", () => {
  const urlset = (...paths: string[]) =>
    `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x">${paths
      .map(
        (path) =>
          `<url><loc>{origin}${path}</loc><image:image><image:loc>{origin}/x.png</image:loc></image:image></url>`,
      )
      .join("\n")}</urlset>`;
  const page = (n: number) => html(`Page ${n}`, `Page number ${n} tells of pier number ${n}.`, ["/linked"]);

  test("is an index, packed, or plain lines, and brings every page it lists and none it does not", async () => {
    const person = await register();
    const site = await newSite({
      "/sitemap.xml": `<sitemapindex><sitemap><loc>{origin}/one.xml.gz</loc></sitemap><sitemap><loc>{origin}/two.txt</loc></sitemap></sitemapindex>`,
      "/two.txt": "{origin}/2\n\n{origin}/3?a=1&b=2\nnot an address\n",
      "/linked": html("Linked", "This page is linked and not listed."),
      "/1": page(1),
      "/2": page(2),
      "/3?a=1&b=2": page(3),
    });
    await site.set({
      "/one.xml.gz": {
        body: urlset("/1", "/2"),
        gzip: "file",
        headers: { "content-type": "application/gzip" },
      },
    });
    const id = await added(person, { sitemap: `${site.origin}/sitemap.xml` });
    expect(await over(person, id)).toMatchObject({ kind: "sitemap", status: "idle", pages: { fetched: 3 } });
    expect(await states(person, id)).toEqual({
      "/sitemap.xml": "fetched",
      "/one.xml.gz": "fetched",
      "/two.txt": "fetched",
      "/1": "fetched",
      "/2": "fetched",
      "/3?a=1&b=2": "fetched",
    });
  });

  test("is found through robots.txt when only the site is named", async () => {
    const person = await register();
    const site = await newSite({
      "/robots.txt": "User-agent: *\nDisallow: /2\nSitemap: {origin}/maps/all.xml\n",
      "/maps/all.xml": urlset("/", "/1", "/2"),
      "/": page(0),
      "/1": page(1),
      "/2": page(2),
    });
    const id = await added(person, { sitemap: { url: site.origin } });
    expect(await over(person, id)).toMatchObject({ pages: { fetched: 2, disallowed: 1 } });
    expect(await states(person, id)).toEqual({
      "/robots.txt": "fetched",
      "/": "fetched",
      "/maps/all.xml": "fetched",
      "/1": "fetched",
      "/2": "disallowed: disallowed",
    });
  });

  test.each([
    [
      "defines entities",
      '<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "b">]><urlset><url><loc>{origin}/&a;</loc></url></urlset>',
      "broken_document",
    ],
    ["is a page", html("Not found", "This page says that nothing was found, with 200."), "broken_document"],
    ["is cut off", "<urlset><url><loc", "broken_document"],
    ["is packed and damaged", { base64: btoa("\x1f\x8bnonsense") }, "broken_document"],
    [
      "lists other hosts only",
      "<urlset><url><loc>https://elsewhere.example/</loc></url></urlset>",
      "broken_document",
    ],
  ])("that %s fails with a reason", async (_, body, code) => {
    const person = await register();
    const site = await newSite({ "/sitemap.xml": body });
    const id = await added(person, { sitemap: `${site.origin}/sitemap.xml` });
    expect(await over(person, id)).toMatchObject({ status: "failed", failure: { code } });
  });

  test("that unpacks to gigabytes fails with a reason", async () => {
    const person = await register();
    const site = await newSite({ "/sitemap.xml": { does: "bomb", megabytes: 3_000 } });
    const id = await added(person, { sitemap: `${site.origin}/sitemap.xml` });
    expect(await over(person, id)).toMatchObject({ status: "failed", failure: { code: "too_large" } });
  });
});

describe("what an address gives", () => {
  const document = async (person: Person, url: string, more: object = {}) => {
    const source = await over(person, await added(person, { url, ...more }));
    expect(source.failure).toBeNull();
    return finished(person, source.document_id);
  };
  const textOf = async (person: Person, id: string) =>
    (await call("GET", `/api/v1/documents/${id}/content?format=text`, { token: person.token })).text;

  test("is decoded as its server says where the page does not", async () => {
    const person = await register();
    const body = new Uint8Array([
      ...new TextEncoder().encode("<!doctype html><title>Menu</title><main><p>Today: cr"),
      0xe8,
      ...new TextEncoder().encode("me br"),
      0xfb,
      ...new TextEncoder().encode("l"),
      0xe9,
      ...new TextEncoder().encode("e</p></main>"),
    ]);
    const page = {
      base64: btoa(String.fromCharCode(...body)),
      headers: { "content-type": "text/html; charset=ISO-8859-1" },
    };
    const site = await newSite({ "/menu": page });
    const { id } = await document(person, `${site.origin}/menu`);
    expect(await textOf(person, id)).toContain("crème brûlée");
  });

  test("may be a file of any format we read, called as its server calls it", async () => {
    const person = await register();
    const csv = "berth,boat\n1,Tarnholt\n2,Marisol\n3,Fenn\n";
    const site = await newSite({
      "/export?id=7": {
        body: csv,
        headers: { "content-type": "text/csv", "content-disposition": 'attachment; filename="berths.csv"' },
      },
    });
    expect(await document(person, `${site.origin}/export?id=7`)).toMatchObject({
      name: "berths.csv",
      content_type: "text/csv",
      status: "ready",
    });
  });

  test("is called what its address ends with, also when that is badly written", async () => {
    const person = await register();
    const page = { body: "High water is at nine.", headers: { "content-type": "text/plain" } };
    const site = await newSite({ "/tides%zz.txt": page });
    expect(await document(person, `${site.origin}/tides%zz.txt`)).toMatchObject({ name: "tides%zz.txt" });
  });

  test("is the main part of the page, with the title and canonical address it names", async () => {
    const person = await register();
    const site = await newSite({
      "/a?utm_source=mail": html(
        "Tides",
        "The tide turns at six in the morning and again at noon, says the table on the wall of the office.",
        ["/subscribe"],
        '<link rel="canonical" href="/a">',
      ),
    });
    const read = await document(person, `${site.origin}/a?utm_source=mail`, { metadata: { team: "ops" } });
    expect(read).toMatchObject({
      title: "Tides",
      url: `${site.origin}/a?utm_source=mail`,
      metadata: { team: "ops", canonical_url: `${site.origin}/a` },
    });
  });

  test("is called what its uploader calls it, also when it does not begin like a page", async () => {
    const person = await register();
    const site = await newSite({ "/x": "Plain words, <b>then</b> a tag, and a boat called Tarnholt." });
    expect(await document(person, `${site.origin}/x`, { name: "Boats" })).toMatchObject({
      name: "Boats.html",
      content_type: "text/html",
    });
  });

  test("belongs to the external id it is given, wherever the page moves", async () => {
    const person = await register();
    const site = await newSite({
      "/old": html("Old", "The old page tells of the old pier."),
      "/new": html("New", "The new page tells of the new pier."),
    });
    const old = await document(person, `${site.origin}/old`, { external_id: "pier-7" });
    const source = await over(
      person,
      await added(person, { url: `${site.origin}/new`, external_id: "pier-7" }),
    );
    const moved = await vi.waitUntil(
      async () => {
        const read = await finished(person, source.document_id);
        return read.published_version === 2 ? read : undefined;
      },
      { timeout: 10_000 },
    );
    expect(moved).toMatchObject({
      id: old.id,
      external_id: "pier-7",
      name: "New",
      url: `${site.origin}/new`,
    });
    expect(Object.keys(await pages(person, source.id))).toEqual(["/new"]);
  });
});

describe("the same address", () => {
  test("is one source for the same readers, and another for others", async () => {
    const person = await register();
    const site = await newSite({ "/a": html("A", "Alpha is the first pier.") });
    const url = `${site.origin}/a`;
    const first = await added(person, { url });
    await over(person, first);
    const again = await add(person, { url: `${url}#fragment` }, "sources");
    expect(again.body).toMatchObject({ duplicate: true, source: { id: first, run: 2 } });
    await over(person, first);
    expect(await added(person, { url, access_level: "external" })).not.toBe(first);
    const ten = await Promise.all(
      Array.from({ length: 10 }, () => add(person, { url: `${site.origin}/b` }, "sources")),
    );
    expect(new Set(ten.map(({ body }) => body.source.id)).size).toBe(1);
  });
});

describe("a source is refused", () => {
  test.each([
    ["a sitemap", { sitemap: "" }, "sitemap.url: must not be empty"],
    ["a crawl without a beginning", { crawl: { depth: 2 } }, "crawl.url: is missing"],
    [
      "a setting that is none",
      { crawl: { url: "https://a.example/", dept: 1 } },
      'crawl: does not have "dept"',
    ],
  ])("in words that name what is wrong with %s", async (_, json, detail) => {
    const answer = await add(await register(), json);
    expectStatus(answer, 400);
    expect(answer.body.detail).toBe(detail);
  });

  test.each([
    ["two kinds at once", { url: "https://example.com/", crawl: "https://example.com/" }, 400],
    ["another scheme", { url: "ftp://example.com/" }, 400],
    ["a script", { url: "javascript:alert(1)" }, 400],
    ["a password", { url: "https://user:password@example.com/" }, 400],
    ["nothing that is an address", { crawl: "the harbour" }, 400],
    ["too deep", { crawl: { url: "https://example.com/", depth: 6 } }, 400],
    ["too many", { crawl: { url: "https://example.com/", limit: 5_001 } }, 400],
    ["an unknown setting", { crawl: { url: "https://example.com/", dept: 1 } }, 400],
    ["every minute", { url: "https://example.com/", refresh_every: 1 }, 400],
    ["an external id for many", { crawl: "https://example.com/", external_id: "x" }, 400],
    ["an unknown group", { url: "https://example.com/", groups: [crypto.randomUUID()] }, 400],
    ["a private address", { url: "http://192.168.0.1/" }, 422],
    ["the cloud's metadata", { sitemap: "http://169.254.169.254/latest/" }, 422],
    ["a name inside a network", { crawl: "http://wiki.corp/" }, 422],
  ])("that gives %s", async (_, json, status) => {
    const person = await register();
    for (const path of ["documents", "sources"]) expectStatus(await add(person, json, path), status);
    const list = await call("GET", "/api/v1/sources", { token: person.token });
    expect(list.body.data).toEqual([]);
  });
});

describe("sources and their pages are seen and changed by", () => {
  const owned = async (person: Person, json: object = {}) => {
    const site = await newSite({ "/a": html("A", "Alpha is the first pier.") });
    const id = await added(person, { url: `${site.origin}/a`, ...json });
    await over(person, id);
    return id;
  };
  const ids = async (token: string): Promise<string[]> =>
    (await call("GET", "/api/v1/sources", { token })).body.data.map((source: any) => source.id);

  test("those who may read their documents, and their owner and admins", async () => {
    const admin = await register();
    const [member, other, guest, viewer] = await Promise.all([
      colleague(admin, "member"),
      colleague(admin, "member"),
      colleague(admin, "member", "external"),
      colleague(admin, "viewer"),
    ]);
    const internal = await owned(member);
    const open = await owned(member, { access_level: "external" });
    expect((await ids(admin.token)).toSorted()).toEqual([internal, open].toSorted());
    expect(await ids(guest.token)).toEqual([open]);
    expectStatus(await call("GET", `/api/v1/sources/${internal}/pages`, { token: guest.token }), 404);
    expectStatus(await call("GET", "/api/v1/sources", { token: viewer.token }), 403);
    expectStatus(await add(viewer, { url: "https://example.com/" }), 403);
    for (const [method, path, json] of [
      ["POST", `/${open}/refresh`],
      ["POST", `/${open}/pause`],
      ["PATCH", `/${open}`, { refresh_every: 60 }],
      ["DELETE", `/${open}?documents=delete`],
    ] as const) {
      const change = (token: string) =>
        call(method, `/api/v1/sources${path}`, { token, ...(json ? { json } : {}) });
      expectStatus(await change(other.token), 403);
    }
    expect((await call("GET", `/api/v1/sources/${open}`, { token: other.token })).body.source.status).toBe(
      "idle",
    );
    expectStatus(await call("POST", `/api/v1/sources/${open}/pause`, { token: admin.token }), 200);
  });

  test("an external member and a key, who add what they may", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member", "external");
    expectStatus(await add(guest, { url: "https://example.com/", access_level: "internal" }), 403);
    const answer = await add(guest, { url: "https://public.example.com/" });
    expect(answer.body.source.access_level).toBe("external");
    const { key } = await apiKey(admin, ["documents:read", "documents:write"]);
    const connector = { ...admin, token: key };
    const id = await owned(connector);
    const document = (await over(connector, id)).document_id;
    expectStatus(await call("DELETE", `/api/v1/documents/${document}`, { token: key }), 200);
    const reader = await apiKey(admin, ["documents:read"]);
    expectStatus(await call("POST", `/api/v1/sources/${id}/refresh`, { token: reader.key }), 403);
  });

  test("nobody of another organization", async () => {
    const id = await owned(await register());
    const stranger = await register();
    expect(await ids(stranger.token)).toEqual([]);
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/pages"],
      ["POST", "/refresh"],
      ["POST", "/pause"],
      ["DELETE", "?documents=delete"],
    ] as const) {
      expectStatus(await call(method, `/api/v1/sources/${id}${path}`, { token: stranger.token }), 404);
    }
  });

  test("its group only, and by admins once the group is gone", async () => {
    const admin = await register();
    const member = await colleague(admin, "member");
    const group = (await call("POST", "/api/v1/groups", { token: admin.token, json: { name: "board" } })).body
      .group;
    const id = await owned(admin, { groups: [group.id] });
    expect(await ids(member.token)).toEqual([]);
    await call("PUT", `/api/v1/groups/${group.id}/members/${member.userId}`, { token: admin.token });
    expect(await ids(member.token)).toEqual([id]);
    expectStatus(await call("DELETE", `/api/v1/groups/${group.id}`, { token: admin.token }), 200);
    expect(await ids(member.token)).toEqual([]);
    expect((await call("GET", `/api/v1/sources/${id}`, { token: admin.token })).body.source.groups).toEqual(
      [],
    );
  });
});

test("a deleted source leaves its documents, or takes them along", async () => {
  const person = await register();
  const site = await harbour();
  for (const [choice, left] of [
    ["keep", 2],
    ["delete", 0],
  ] as const) {
    const id = await added(person, { crawl: { url: site.origin, depth: 1, include: ["/ferries"] } });
    await over(person, id);
    const answer = await call("DELETE", `/api/v1/sources/${id}?documents=${choice}`, { token: person.token });
    expectStatus(answer, 200);
    if (choice === "keep") expect(answer.body.deleted).toMatchObject({ id, pages: 2 });
    else expect(answer.body.deletion).toMatchObject({ target: id, status: "done", documents: 2 });
    expectStatus(await call("GET", `/api/v1/sources/${id}`, { token: person.token }), 404);
    const { data } = (await call("GET", "/api/v1/documents", { token: person.token })).body;
    expect(data).toHaveLength(left);
    for (const document of data) {
      expect(document.source_id).toBeNull();
      await call("DELETE", `/api/v1/documents/${document.id}`, { token: person.token });
    }
  }
  expect((await search(person, "ferries to Skarn")).body.results).toEqual([]);
});
