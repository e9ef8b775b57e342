import { describe, expect, test, vi } from "vitest";
import { type Answer, call, expectStatus, finished, type Person, register } from "../support/api.ts";
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
