/** Web sites for a test (site-server.ts), from inside workerd. */
import { env } from "cloudflare:workers";
import type { SeenBySite, SitePages } from "./site-server.ts";

const siteServer = (): string => (env as unknown as { SITE_SERVER: string }).SITE_SERVER;

export type Site = {
  origin: string;
  /** Adds pages, replaces them, or removes them with null. */
  set(pages: SitePages): Promise<void>;
  /** Every request so far, oldest first. */
  seen(): Promise<SeenBySite[]>;
  /** The paths that were asked for, robots.txt left out. */
  paths(): Promise<string[]>;
};

/** A site of its own, with an origin of its own. `{origin}` in a body stands for it. */
export async function newSite(pages: SitePages = {}): Promise<Site> {
  const { origin } = (await post("/sites", { pages: {} })) as { origin: string };
  const { port } = new URL(origin);
  const named = (given: SitePages) =>
    JSON.parse(JSON.stringify(given).replaceAll("{origin}", origin)) as SitePages;
  const seen = async () => (await (await fetch(`${siteServer()}/sites/${port}`)).json()) as SeenBySite[];
  const site: Site = {
    origin,
    set: async (more) => void (await post(`/sites/${port}`, { pages: named(more) })),
    seen,
    paths: async () => (await seen()).map(({ path }) => path).filter((path) => path !== "/robots.txt"),
  };
  await site.set(pages);
  return site;
}

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${siteServer()}${path}`, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** A page of a real site: a title, an article long enough to be one, links. */
export const html = (title: string, text: string, links: readonly string[] = [], head = ""): string =>
  `<!doctype html><html><head><title>${title}</title>${head}</head><body><nav>${links
    .map((href) => `<a href="${href}">${href}</a>`)
    .join(" ")}</nav><main><h1>${title}</h1><p>${text}</p></main></body></html>`;
