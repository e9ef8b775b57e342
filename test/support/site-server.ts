/**
 * Web sites on loopback, one port each, made and changed over HTTP: `POST /sites` with pages answers `{origin}`. Every
 * request is remembered. A page with an `etag` or `last-modified` header answers conditional requests as servers do.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip, gzipSync } from "node:zlib";

export type SitePage = {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  base64?: string;
  /** Packs the body with gzip: as a transfer (`encoding`) or as a file (`file`). */
  gzip?: "encoding" | "file";
  /**
   * `hang`: never answers; `drip`: a byte now and then, for ever; `cut`: announces more than it sends; `bomb`: sends
   * `megabytes` of blanks, packed; `flaky`: fails `failures` times with `status`, then answers 200.
   */
  does?: "hang" | "drip" | "cut" | "bomb" | "flaky";
  megabytes?: number;
  failures?: number;
};
export type SitePages = Record<string, SitePage | string | null>;
export type SeenBySite = { path: string; headers: Record<string, string>; at: number; open: number };

type Site = { server: Server; pages: Map<string, SitePage>; seen: SeenBySite[]; open: number };

export type SiteServer = { url: string; close(): Promise<void> };

export async function startSiteServer(): Promise<SiteServer> {
  const sites = new Map<string, Site>();
  const control = createServer((request, response) => {
    route(sites, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  const url = await listen(control);
  return {
    url,
    async close() {
      const all = [control, ...[...sites.values()].map(({ server }) => server)];
      await Promise.all(
        all.map((server) => {
          server.closeAllConnections();
          return new Promise<void>((resolve) => server.close(() => resolve()));
        }),
      );
    },
  };
}

async function listen(server: Server): Promise<string> {
  // A connection that is closed in the moment it is used again looks like a server that is away.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** `POST /sites` `{pages}` → `{origin}` · `POST /sites/<port>` `{pages}` adds, null removes · `GET /sites/<port>` → seen */
async function route(
  sites: Map<string, Site>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const port = /^\/sites\/(\d+)$/.exec(request.url ?? "")?.[1];
  const answer = (value: unknown) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (request.method === "GET") return answer(sites.get(port ?? "")?.seen ?? []);
  const { pages } = (await readJson(request)) as { pages: SitePages };
  let site = port === undefined ? undefined : sites.get(port);
  let origin = "";
  if (!site) {
    const made: Site = { server: createServer(), pages: new Map(), seen: [], open: 0 };
    made.server.on("request", (asked: IncomingMessage, answered: ServerResponse) =>
      serve(made, asked, answered),
    );
    origin = await listen(made.server);
    sites.set(new URL(origin).port, made);
    site = made;
  }
  for (const [path, page] of Object.entries(pages)) {
    if (page === null) site.pages.delete(path);
    else site.pages.set(path, typeof page === "string" ? { body: page } : page);
  }
  answer({ origin });
}

function serve(site: Site, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? "/";
  site.open += 1;
  response.once("close", () => {
    site.open -= 1;
  });
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  site.seen.push({ path, headers, at: Date.now(), open: site.open });
  const page = site.pages.get(path) ?? site.pages.get("*");
  if (!page) return void response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not here</h1>");
  const type = { "content-type": path.endsWith(".txt") ? "text/plain" : "text/html; charset=utf-8" };
  const given: Record<string, string> = { ...type, ...page.headers };
  switch (page.does) {
    case "hang":
      return;
    case "drip": {
      response.writeHead(200, given);
      const timer = setInterval(() => response.write("."), 50);
      response.once("close", () => clearInterval(timer));
      return;
    }
    case "cut":
      response.writeHead(200, { ...given, "content-length": "100000" });
      response.write(page.body ?? "", () => response.destroy());
      return;
    case "bomb":
      bomb(response, given, page.megabytes ?? 10);
      return;
    case "flaky":
      page.failures = (page.failures ?? 1) - 1;
      if (page.failures >= 0) return void response.writeHead(page.status ?? 503, given).end("not now");
      return void response.writeHead(200, given).end(page.body);
  }
  const isSame =
    (given.etag !== undefined && headers["if-none-match"] === given.etag) ||
    (given["last-modified"] !== undefined && headers["if-modified-since"] === given["last-modified"]);
  if (isSame) return void response.writeHead(304, given).end();
  const body = Buffer.from(page.base64 ?? page.body ?? "", page.base64 ? "base64" : "utf8");
  if (page.gzip === "encoding") {
    return void response
      .writeHead(page.status ?? 200, { ...given, "content-encoding": "gzip" })
      .end(gzipSync(body));
  }
  response.writeHead(page.status ?? 200, given).end(page.gzip === "file" ? gzipSync(body) : body);
}

/** A packed stream a thousand times smaller than what it unpacks to. */
function bomb(response: ServerResponse, headers: Record<string, string>, megabytes: number): void {
  response.writeHead(200, { ...headers, "content-encoding": "gzip" });
  const pack = createGzip();
  pack.pipe(response);
  const blanks = Buffer.alloc(1024 * 1024, " ");
  let left = megabytes;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!pack.write(blanks)) return void pack.once("drain", more);
    }
    pack.end();
  };
  response.once("close", () => pack.destroy());
  more();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString("utf8") || "{}");
}
