import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/errors.ts";
import { guardedWeb, judgeUrl } from "../../../src/infra/net/guarded-fetch.ts";
import type { WebRequest } from "../../../src/infra/net/port.ts";
import { resolveOverHttps } from "../../../src/infra/net/resolve.ts";
import { identityServer } from "../../support/identities.ts";
import type { SitePages } from "../../support/site-server.ts";
import { newSite } from "../../support/sites.ts";

const judged = (url: string, httpsOnly = false, allowLoopback = false) => {
  try {
    judgeUrl(url, httpsOnly, allowLoopback);
    return "open";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe("an address is refused when", () => {
  test.each([
    ["it is no address", "not a url"],
    ["it is empty", ""],
    ["it is relative", "//example.com/"],
    ["it is a file", "file:///etc/passwd"],
    ["it is data", "data:text/plain,hi"],
    ["it is another protocol", "gopher://example.com:70/_"],
    ["it is ftp", "ftp://example.com/"],
    ["it names a user", "https://user@example.com/"],
    ["it names a user and password", "https://user:password@example.com/"],
    ["a user hides the host", "https://example.com@127.0.0.1/"],
    ["it is this machine by name", "http://localhost/"],
    ["it is this machine by name with a final dot", "http://localhost./"],
    ["it is this machine in capitals", "http://LOCALHOST/"],
    ["it is this machine in full-width letters", "http://ｌｏｃａｌｈｏｓｔ/"],
    ["it is this machine in circled letters", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/"],
    ["it is this machine with a letter escaped", "http://%6cocalhost/"],
    ["it is a name that only resembles an address", "http://127.0.0.1.internal/"],
    ["it is below localhost", "http://app.localhost/"],
    ["it is loopback", "http://127.0.0.1/"],
    ["it is another loopback", "http://127.8.9.10/"],
    ["it is loopback, short", "http://127.1/"],
    ["it is loopback as a decimal number", "http://2130706433/"],
    ["it is loopback in octal", "http://0177.0.0.1/"],
    ["it is loopback as one octal number", "http://017700000001/"],
    ["it is loopback in hexadecimal", "http://0x7f.0.0.1/"],
    ["it is loopback as one hexadecimal number", "http://0x7f000001/"],
    ["it is loopback with a final dot", "http://127.0.0.1./"],
    ["it is loopback in full-width digits", "http://１２７.０.０.１/"],
    ["it is loopback in circled digits", "http://①②⑦.0.0.1/"],
    ["it is loopback with dots escaped", "http://127%2e0%2e0%2e1/"],
    ["it is nowhere", "http://0.0.0.0/"],
    ["it is nowhere, short", "http://0/"],
    ["it is private (10)", "http://10.0.0.1/"],
    ["it is private (172.16)", "http://172.16.0.1/"],
    ["it is private (172.31)", "http://172.31.255.255/"],
    ["it is private (192.168)", "http://192.168.1.1/"],
    ["it is carrier-grade NAT", "http://100.64.0.1/"],
    ["it is Alibaba's metadata", "http://100.100.100.200/"],
    ["it is link-local", "http://169.254.1.1/"],
    ["it is the cloud's metadata", "http://169.254.169.254/latest/meta-data/"],
    ["it is the cloud's metadata as a decimal number", "http://2852039166/"],
    ["it is the cloud's metadata in hexadecimal", "http://0xa9fea9fe/"],
    ["it is the cloud's metadata in mixed notation", "http://0xa9.254.0251.0xfe/"],
    ["it is the cloud's metadata in octal", "http://0251.0376.0251.0376/"],
    ["it is the cloud's metadata in two parts", "http://169.16689662/"],
    ["it is the cloud's metadata with a final dot", "http://169.254.169.254./"],
    ["it is the cloud's metadata with Chinese dots", "http://169。254。169。254/"],
    ["it is the cloud's metadata, IPv4-mapped", "http://[::ffff:169.254.169.254]/"],
    ["it is the cloud's metadata, IPv4-mapped in hexadecimal", "http://[::ffff:a9fe:a9fe]/"],
    ["it is the cloud's metadata through NAT64", "http://[64:ff9b::169.254.169.254]/"],
    ["it is the cloud's metadata through a local NAT64", "http://[64:ff9b:1::a9fe:a9fe]/"],
    ["it is the cloud's metadata through 6to4", "http://[2002:a9fe:a9fe::1]/"],
    ["it is the cloud's metadata behind a user", "http://example.com:80@169.254.169.254/"],
    ["a backslash hides the host", "http://169.254.169.254\\@example.com/"],
    ["a tab hides the host", "http://169.254.\t169.254/"],
    ["it is Amazon's metadata in IPv6", "http://[fd00:ec2::254]/latest/"],
    ["it is Azure's metadata", "http://168.63.129.16/"],
    ["it is Oracle's metadata", "http://192.0.0.192/"],
    ["it is Google's metadata by name", "http://metadata.google.internal/"],
    ["it is documentation", "http://192.0.2.1/"],
    ["it is benchmarking", "http://198.18.0.1/"],
    ["it is multicast", "http://224.0.0.1/"],
    ["it is reserved", "http://240.0.0.1/"],
    ["it is broadcast", "http://255.255.255.255/"],
    ["it is IPv6 loopback", "http://[::1]/"],
    ["it is IPv6 loopback in full", "http://[0:0:0:0:0:0:0:1]/"],
    ["it is IPv6 nowhere", "http://[::]/"],
    ["it is IPv4-mapped", "http://[::ffff:127.0.0.1]/"],
    ["it is IPv4-mapped in hexadecimal", "http://[::ffff:7f00:1]/"],
    ["it is IPv4-mapped and public", "http://[::ffff:8.8.8.8]/"],
    ["it is IPv4-compatible", "http://[::127.0.0.1]/"],
    ["it is IPv4-translated", "http://[::ffff:0:127.0.0.1]/"],
    ["it is NAT64", "http://[64:ff9b::7f00:1]/"],
    ["it is 6to4", "http://[2002:7f00:1::]/"],
    ["it is Teredo", "http://[2001:0:7f00:1::]/"],
    ["it is a unique local address", "http://[fd00:ec2::254]/"],
    ["it is IPv6 link-local", "http://[fe80::1]/"],
    ["it is IPv6 site-local", "http://[fec0::1]/"],
    ["it is IPv6 multicast", "http://[ff02::1]/"],
    ["it is IPv6 documentation", "http://[2001:db8::1]/"],
    ["it has a zone", "http://[fe80::1%25eth0]/"],
    ["its name has one part", "http://intranet/"],
    ["its name is a service", "http://postgres:5432/"],
    ["its name is of a network", "http://files.corp/"],
    ["its name is of a home", "http://router.lan/"],
    ["its name is of a cluster", "http://api.default.svc.cluster.local/"],
    ["its name is multicast DNS", "http://printer.local/"],
    ["its name is a reverse one", "http://1.0.0.127.in-addr.arpa/"],
    ["its port is a database's", "https://example.com:5432/"],
    ["its port is a mail server's", "https://example.com:25/"],
    ["its port is Redis's", "https://example.com:6379/"],
  ])("%s", (_, url) => {
    expect(judged(url)).toBe("url_refused");
  });

  test("it is plain http where https is demanded", () => {
    expect(judged("http://example.com/", true)).toBe("url_refused");
    expect(judged("https://example.com/", true)).toBe("open");
  });
});

test.each([
  "https://example.com/",
  "http://example.com./page?x=1#y",
  "https://login.microsoftonline.com/tenant/v2.0",
  "https://example.com:8443/",
  "https://bücher.de/",
  "https://93.184.215.14/",
  "https://[2606:4700::6810:84e5]/",
  "https://172.15.0.1/",
  "https://100.128.0.1/",
])("%s is public", (url) => {
  expect(judged(url)).toBe("open");
});

test("this machine is open to development only, and nothing else with it", () => {
  for (const url of ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]:9000/"]) {
    expect(judged(url, true, true)).toBe("open");
  }
  for (const url of [
    "http://10.0.0.1/",
    "http://169.254.169.254/",
    "http://[::ffff:127.0.0.1]/",
    "http://intranet/",
  ]) {
    expect(judged(url, false, true)).toBe("url_refused");
  }
});

describe("fetching", () => {
  const web = guardedWeb({ resolve: resolveOverHttps(`${identityServer()}/dns-query`), allowLoopback: true });
  const page = (path: string) => `${identityServer()}/web/${path}`;
  const get = async (url: string, request: Partial<WebRequest> = {}) => {
    const answer = await web.get(url, { maxBytes: 10_000, timeoutMs: 5_000, ...request });
    return { ...answer, text: await new Response(answer.body).text() };
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => "fetched",
      (error: unknown) => (error instanceof AppError ? error.code : String(error)),
    );

  test("gives the body, and where redirects ended", async () => {
    const answer = await get(page("chain?left=3"));
    expect(answer).toMatchObject({ status: 200, text: "arrived", url: page("chain?left=0") });
  });

  test("stops after three redirects", async () => {
    expect(await failure(get(page("chain?left=4")))).toBe("fetch_failed");
  });

  test.each([
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "http://user:password@example.com/",
    "http://[::ffff:7f00:1]/",
    "//metadata.google.internal/",
  ])("a redirect to %s is judged like any address", async (to) => {
    expect(await failure(get(page(`redirect?to=${encodeURIComponent(to)}`)))).toBe("url_refused");
  });

  test("a redirect to what is no address is refused", async () => {
    expect(await failure(get(page(`redirect?to=${encodeURIComponent("http://[")}`)))).toBe("url_refused");
  });

  test("a resolver that fails leaves no name to be fetched", async () => {
    const without = guardedWeb({
      resolve: resolveOverHttps(`${identityServer()}/nothing`),
      allowLoopback: true,
    });
    const work = without.get("https://public.example.com/", { maxBytes: 10, timeoutMs: 5_000 });
    expect(await failure(work)).toBe("fetch_failed");
  });

  test("a redirect that leads to plain http is refused where https is demanded", async () => {
    const to = encodeURIComponent("http://public.example.com/");
    expect(await failure(get(page(`redirect?to=${to}`), { httpsOnly: true }))).toBe("url_refused");
  });

  test.each([
    ["private.example.com", "url_refused"],
    ["mixed.example.com", "url_refused"],
    ["hidden.example.com", "url_refused"],
    ["none.example.com", "fetch_failed"],
    ["broken.example.com", "fetch_failed"],
    ["failing.example.com", "fetch_failed"],
  ])("a name is judged by every address it has: %s", async (host, code) => {
    expect(await failure(get(`https://${host}/`))).toBe(code);
  });

  test("more than the limit is refused, announced or not", async () => {
    expect((await get(page("large?bytes=10000"))).text).toHaveLength(10_000);
    expect(await failure(get(page("large?bytes=10001&announced=1")))).toBe("too_large");
    expect(await failure(get(page("large?bytes=1000000")))).toBe("too_large");
  });

  test("a server that is slow to answer, or to go on, is given up", async () => {
    expect(await failure(get(page("silent"), { timeoutMs: 100 }))).toBe("fetch_failed");
    expect(await failure(get(page("slow"), { timeoutMs: 100 }))).toBe("fetch_failed");
  });

  test("a port where nothing listens fails with a name", async () => {
    expect(await failure(get("http://127.0.0.1:9/"))).toBe("fetch_failed");
  });

  test("without the development switch this machine is never asked", async () => {
    const strict = guardedWeb({ resolve: null, allowLoopback: false });
    const mark = crypto.randomUUID();
    expect(await failure(strict.get(page(`page?${mark}`), { maxBytes: 10, timeoutMs: 1_000 }))).toBe(
      "url_refused",
    );
    expect((await get(page("seen"))).text).not.toContain(mark);
  });

  describe("from a server that means harm", () => {
    const site = (pages: SitePages) => newSite(pages);

    test.each([1, 2, 3])("is judged anew at hop %i", async (hop) => {
      const { origin, paths } = await site({
        ...Object.fromEntries(
          [1, 2, 3].map((n) => [
            `/${n}`,
            {
              status: 302,
              headers: { location: n === hop ? "http://169.254.169.254/latest/" : `/${n + 1}` },
            },
          ]),
        ),
      });
      expect(await failure(get(`${origin}/1`))).toBe("url_refused");
      expect(await paths()).toHaveLength(hop);
    });

    test("ends when a packed answer unpacks to more than the limit", async () => {
      const { origin } = await site({ "/": { does: "bomb", megabytes: 10_000 } });
      expect(await failure(get(origin))).toBe("too_large");
    });

    test("ends when it goes on for ever, a byte at a time", async () => {
      const { origin } = await site({ "/": { does: "drip" } });
      expect(await failure(get(origin, { timeoutMs: 400 }))).toBe("fetch_failed");
    });

    test("fails when less comes than was announced", async () => {
      const { origin } = await site({ "/": { does: "cut", body: "half" } });
      expect(await failure(get(origin, { maxBytes: 1_000_000 }))).toBe("fetch_failed");
    });

    test("takes nothing of what was meant for another origin along", async () => {
      const other = await site({ "/": "there" });
      const { origin } = await site({ "/": { status: 302, headers: { location: `${other.origin}/` } } });
      await get(origin, { headers: { "if-none-match": '"secret"' } });
      expect((await other.seen())[0]?.headers).not.toHaveProperty("if-none-match");
    });

    test("is looked up each time: a name that turns private is refused from then on", async () => {
      const answers = [["93.184.215.14"], ["127.0.0.1"]];
      const turning = guardedWeb({ resolve: async () => answers.shift() ?? [], allowLoopback: true });
      const ask = () => turning.check("https://rebind.example.com/", { timeoutMs: 1_000 });
      expect(await failure(ask())).toBe("fetched");
      expect(await failure(ask())).toBe("url_refused");
    });
  });
});
