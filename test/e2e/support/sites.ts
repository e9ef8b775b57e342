/** Loopback sites for the widget's tests: other people's pages, and a line to the stack that breaks on demand. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Page = { body: string; headers?: Record<string, string>; type?: string };

export type Site = { url: string; close(): Promise<void> };

async function listen(server: Server): Promise<Site> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A web site of its own origin; `pages` by path, and no icon. */
export function startSite(pages: (path: string) => Page | undefined): Promise<Site> {
  return listen(
    createServer((incoming, response) => {
      const path = new URL(incoming.url ?? "/", "http://site.example").pathname;
      const page: Page | undefined = path === "/favicon.ico" ? { body: "" } : pages(path);
      response.writeHead(page ? 200 : 404, {
        "content-type": page?.type ?? "text/html; charset=utf-8",
        ...page?.headers,
      });
      response.end(page?.body ?? "");
    }),
  );
}

export type Line = Site & {
  /** Breaks the next stream in which these words go by, once. */
  cutAt: string | undefined;
  /** Refuses whatever comes. */
  down: boolean;
  /** Answers instead of the stack, where it returns something. */
  instead: ((path: string) => Page | undefined) | undefined;
  /** Method and path of what came. */
  seen: string[];
};

/** A relay to the stack at `target` under another address. */
export async function startLine(target: string): Promise<Line> {
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? "/";
    line.seen.push(`${incoming.method} ${path}`);
    if (line.down) return void incoming.destroy();
    const page = incoming.method === "OPTIONS" ? undefined : line.instead?.(path);
    if (!page) return pass(incoming, response);
    response.writeHead(200, {
      "content-type": page.type ?? "text/html",
      "access-control-allow-origin": incoming.headers.origin ?? "*",
      ...page.headers,
    });
    response.end(page.body);
  });

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const onward = request(`${target}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      const streams = answer.headers["content-type"]?.startsWith("text/event-stream");
      let passed = "";
      answer.on("data", (piece: Buffer) => {
        response.write(piece);
        if (!streams || line.cutAt === undefined) return;
        passed += piece.toString("utf8");
        if (!passed.includes(line.cutAt)) return;
        line.cutAt = undefined;
        incoming.socket.destroy();
      });
      answer.on("end", () => response.end());
      answer.on("error", () => response.destroy());
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }

  const site = await listen(server);
  const line: Line = { ...site, cutAt: undefined, down: false, instead: undefined, seen: [] };
  return line;
}
